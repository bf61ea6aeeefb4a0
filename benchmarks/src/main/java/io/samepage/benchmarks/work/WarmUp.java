package io.samepage.benchmarks.work;

import java.util.concurrent.TimeUnit;

/**
 * Has the JVM compile what is measured before it is. What takes long runs too seldom while JMH warms up: it would be measured while most of
 * its Java is still interpreted, and compilers take the processors. So the same is done with little data, many times. And as code that was
 * compiled for little data alone is thrown away when there is more, both take turns.
 */
public final class WarmUp {
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private WarmUp() {}

  /**
   * Takes turns.
   *
   * @param millis how long altogether, about; with 0 nothing is run
   * @param little does it with little data
   * @param measured does it as it is measured
   */
  public static void run(int millis, Runnable little, Runnable measured) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      turn(TURN_NANOS, little);
      turn(TURN_NANOS / 2, measured);
    }
  }

  private static void turn(long nanos, Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < nanos);
  }
}

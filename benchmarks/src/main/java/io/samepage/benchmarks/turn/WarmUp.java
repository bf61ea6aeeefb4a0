package io.samepage.benchmarks.turn;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Has the JVM compile what is measured before it is. What takes long runs too seldom while JMH warms up: it would be measured while most of
 * its Java is still interpreted, and compilers take the processors. So the same is done with little data, many times. And as code that was
 * compiled for little data alone is thrown away when there is more, both take turns.
 */
public final class WarmUp {
  /** How often a turn with little data, and one as it is measured, would fit into the time: to compile code it has to run often. */
  private static final int LITTLE = 4;
  private static final int MEASURED = 16;

  private WarmUp() {}

  /** What is run with little data. */
  public interface Little extends AutoCloseable {
    /** Runs it once. */
    void run();

    @Override
    void close();
  }

  /**
   * Takes turns, mostly with little data. What that is run on is made for each turn and closed behind it: the first time that it is closed,
   * the JVM throws away code that was compiled before anything was, and would be measured without it if nothing came behind.
   *
   * @param millis how long altogether, about; with 0 nothing is run, with 1 both at least once
   * @param little makes what is run with little data
   * @param measured does it as it is measured
   */
  public static void run(int millis, Supplier<? extends Little> little, Runnable measured) {
    if (millis == 0) {
      return;
    }
    long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    long end = System.nanoTime() + nanos;
    do {
      try (Little made = little.get()) {
        turn(nanos / LITTLE, made::run);
      }
      turn(nanos / MEASURED, measured);
    } while (System.nanoTime() - end < 0);
  }

  /**
   * Does it as it is measured alone, where there is little Java in it, or each run does much the same many times.
   *
   * @param millis how long, about; with 0 nothing is run, with 1 it is at least once
   * @param measured does it as it is measured
   */
  public static void run(int millis, Runnable measured) {
    if (millis > 0) {
      turn(TimeUnit.MILLISECONDS.toNanos(millis), measured);
    }
  }

  private static void turn(long nanos, Runnable work) {
    long start = System.nanoTime();
    do {
      work.run();
    } while (System.nanoTime() - start < nanos);
  }
}

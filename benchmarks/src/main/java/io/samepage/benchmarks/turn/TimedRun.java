package io.samepage.benchmarks.turn;

/** A run that is timed from start to end. */
public abstract class TimedRun implements CountedRun {
  /** Nothing has run yet. */
  protected TimedRun() {}

  @Override
  public final long run() {
    long start = System.nanoTime();
    work();
    return System.nanoTime() - start;
  }

  /** What is timed. */
  protected abstract void work();
}

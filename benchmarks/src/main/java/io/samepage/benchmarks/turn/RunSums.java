package io.samepage.benchmarks.turn;

/**
 * What is counted of runs beside the time that is compared. Sums are public fields, as JMH adds them up over the iterations that count.
 *
 * @param <R> whose runs
 */
public interface RunSums<R extends CountedRun> {
  /**
   * A run is over.
   *
   * @param run what was run
   * @param wholeNanos what it took
   * @param kernelNanos how long kernels ran in it
   * @param movedBytes what it copied
   */
  void add(R run, long wholeNanos, long kernelNanos, long movedBytes);
}

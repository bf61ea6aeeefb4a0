package io.samepage.benchmarks;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Round;
import java.io.IOException;
import org.openjdk.jmh.runner.RunnerException;

/** What measures both sides of a comparison once. */
interface Meter {
  /**
   * Measures both sides.
   *
   * @param comparison the comparison
   * @param oursFirst who begins; taken in turns, neither side has the quieter machine
   * @return what both took
   * @throws RunnerException if a benchmark failed; the message tells which
   * @throws IOException if a file could not be written
   */
  Round measure(Comparison comparison, boolean oursFirst) throws RunnerException, IOException;
}

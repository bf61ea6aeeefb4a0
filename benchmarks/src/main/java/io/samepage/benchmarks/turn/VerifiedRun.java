package io.samepage.benchmarks.turn;

import io.samepage.samples.accounting.Verdict;

/** A run of a sample, by whoever, whose results are compared with the truth. */
public interface VerifiedRun extends CountedRun {
  /** {@return how the results compare with the truth, behind the last run} */
  Verdict verify();

  @Override
  default void check() {
    Verdict verdict = verify();
    if (!verdict.verified()) {
      throw new IllegalStateException("Something else was computed: " + verdict.explanation());
    }
  }
}

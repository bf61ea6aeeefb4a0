package io.samepage.benchmarks.network;

import io.samepage.benchmarks.work.CountedRun;
import io.samepage.samples.accounting.Verdict;

/** The network as somebody does it, all layers of it in a run. */
interface NetworkRun extends CountedRun {
  /** How the last run's outcome compares with the truth. */
  Verdict verify();

  @Override
  default void check() {
    Verdict verdict = verify();
    if (!verdict.verified()) {
      throw new IllegalStateException("The network computed something else: " + verdict.explanation());
    }
  }
}

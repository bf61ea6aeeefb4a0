package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.CountedRun;
import io.samepage.samples.accounting.Verdict;
import java.util.List;

/** The pipeline as somebody does it, all rounds of it in a run. Matrices, kernels and buffers are there, and are used again by each run. */
public interface PipelineRun extends CountedRun {
  /** {@return what the stages of the last run took, of which each has something} */
  List<StageCost> stages();

  /** {@return how many bytes a run must move at least, and how many one would that copies every argument; 0 where that is not known} */
  default List<Long> boundsBytes() {
    return List.of(0L, 0L);
  }

  /** {@return how the last run's results, and the diagonals of all runs, compare with references in double precision} */
  Verdict verify();

  @Override
  default void check() {
    Verdict verdict = verify();
    if (!verdict.verified()) {
      throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
    }
  }
}

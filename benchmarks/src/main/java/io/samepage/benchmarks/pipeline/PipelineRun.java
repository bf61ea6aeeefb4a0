package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.turn.VerifiedRun;
import io.samepage.samples.accounting.Verdict;
import java.util.List;

/** The pipeline as somebody does it, all rounds of it in a run. Matrices, kernels and buffers are there, and are used again by each run. */
public interface PipelineRun extends VerifiedRun {
  /** {@return what the stages of the last run took, of which each has something} */
  List<StageCost> stages();

  /** {@return how many bytes a run must move at least, and how many one would that copies every argument; 0 where that is not known} */
  default List<Long> boundsBytes() {
    return List.of(0L, 0L);
  }

  /** {@return how the last run's results, and the diagonals of all runs, compare with references in double precision} */
  @Override
  Verdict verify();
}

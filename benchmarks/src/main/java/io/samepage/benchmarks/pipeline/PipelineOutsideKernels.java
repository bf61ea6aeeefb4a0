package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.RunCounts;
import io.samepage.samples.pipeline.PipelineShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The sample's matrix pipeline, all rounds of it, beside the same by its peers: what it takes from start to end less what its kernels ran
 * by the device's clock; both are counted beside. So much does the host's own work take, which is the same code everywhere, and what brings
 * the bytes to where they are used and waits for kernels. Matrices, kernels and buffers are there already, and used again by each run.
 */
@BenchmarkMode(Mode.SampleTime)
public class PipelineOutsideKernels {
  /** The pipeline, by whom it is said. */
  @State(Scope.Thread)
  public static class Runs extends PipelineState {
    /** Who computes. */
    @Param
    public Peer peer;

    @Override
    protected PipelineRun open(PipelineShape shape) {
      return peer.open(shape);
    }

    @Override
    protected PipelineRun openOther(String who, boolean isSmall) {
      return Peer.valueOf(who).open(shape(isSmall));
    }

    @Override
    protected void check(PipelineRun ended) {
      super.check(ended);
      if (peer.isWithoutCopies()) {
        Expected.same("movedBytes", ended.movedBytes(), 0);
      }
    }
  }

  /**
   * A run but for its kernels.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void outsideKernels(Runs state, Counted counted, RunCounts counts, StageCounts stages) {
    state.run(counted, counts, stages);
  }
}

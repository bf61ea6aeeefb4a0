package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.Counted;
import io.samepage.benchmarks.work.Expected;
import io.samepage.benchmarks.work.RunCounts;
import io.samepage.samples.pipeline.PipelineShape;
import java.nio.file.Path;
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
    /** Who computes in turn, in the same JVM, by the name of a {@link Peer}; nobody where it is empty. */
    @Param("")
    public String beside;
    /** Where it is written what the runs of the other one took; nowhere where it is empty. */
    @Param("")
    public String besideFile;

    @Override
    protected PipelineRun open(PipelineShape shape) {
      return peer.open(shape);
    }

    @Override
    protected PipelineRun openOther(PipelineShape shape) {
      return beside.isEmpty() ? null : Peer.valueOf(beside).open(shape);
    }

    @Override
    protected void tell(BesideCounts counts) {
      if (!besideFile.isEmpty()) {
        counts.write(Path.of(besideFile));
      }
    }

    @Override
    protected void checkMoved(long movedBytes) {
      if (peer.isWithoutCopies()) {
        Expected.same("movedBytes", movedBytes, 0);
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

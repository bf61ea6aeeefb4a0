package io.samepage.benchmarks.cuda;

import io.samepage.HostAccess;
import io.samepage.MemoryKind;
import io.samepage.benchmarks.pipeline.HandPipeline;
import io.samepage.benchmarks.pipeline.PipelineRun;
import io.samepage.benchmarks.pipeline.PipelineState;
import io.samepage.benchmarks.pipeline.SamplePipeline;
import io.samepage.benchmarks.pipeline.StageCounts;
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
 * The sample's matrix pipeline, all rounds of it, on CUDA: what it takes from start to end less what its kernels run by the device's
 * clock; against JCuda by hand with the fewest copies, and against managed memory.
 */
@BenchmarkMode(Mode.SampleTime)
public class CudaPipeline {
  /** How much managed memory matrices of a size take. */
  static long managedBytes(int size) {
    return new CudaMatrices(PipelineState.shape(size)).totalBytes();
  }

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample extends PipelineState {
    /** How the host gets at the matrices. */
    @Param
    public HostAccess.Mode host;

    @Override
    protected PipelineRun open(PipelineShape shape) {
      return new SamplePipeline(shape, MemoryKind.DISCRETE, host);
    }
  }

  /** By hand, with copies. */
  @State(Scope.Thread)
  public static class Pinned extends PipelineState {
    @Override
    protected PipelineRun open(PipelineShape shape) {
      return new HandPipeline(shape, new PinnedCalls(shape));
    }
  }

  /** In managed memory. */
  @State(Scope.Thread)
  public static class Managed extends PipelineState {
    @Override
    protected PipelineRun open(PipelineShape shape) {
      return new HandPipeline(shape, new ManagedCalls(shape, false));
    }
  }

  /** In managed memory, with prefetches and advice. */
  @State(Scope.Thread)
  public static class Hinted extends PipelineState {
    @Override
    protected PipelineRun open(PipelineShape shape) {
      return new HandPipeline(shape, new ManagedCalls(shape, true));
    }
  }

  /**
   * Runs the sample.
   *
   * @param state the sample
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void samepage(Sample state, Counted counted, RunCounts counts, StageCounts stages) {
    state.run(counted, counts, stages);
  }

  /**
   * Runs the pipeline by hand.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void jcuda(Pinned state, Counted counted, RunCounts counts, StageCounts stages) {
    state.run(counted, counts, stages);
  }

  /**
   * Runs the pipeline in managed memory.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void managed(Managed state, Counted counted, RunCounts counts, StageCounts stages) {
    state.run(counted, counts, stages);
  }

  /**
   * Runs the pipeline in managed memory with hints.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  @Benchmark
  public void managedHinted(Hinted state, Counted counted, RunCounts counts, StageCounts stages) {
    state.run(counted, counts, stages);
  }
}

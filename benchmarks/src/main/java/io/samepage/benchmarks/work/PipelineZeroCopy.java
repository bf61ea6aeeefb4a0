package io.samepage.benchmarks.work;

import static io.samepage.benchmarks.work.PipelineOutsideKernels.WARM_SIZE;
import static io.samepage.benchmarks.work.PipelineOutsideKernels.check;
import static io.samepage.benchmarks.work.PipelineOutsideKernels.settle;
import static io.samepage.benchmarks.work.PipelineOutsideKernels.shape;
import static io.samepage.benchmarks.work.PipelineOutsideKernels.warmUp;

import io.samepage.HostAccess;
import io.samepage.MemoryKind;
import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * {@link PipelineOutsideKernels} where the device uses the host's own memory: nothing is copied on either side, so that what is left are
 * the host's own work, waiting for kernels, and what leases and touching cost.
 */
@BenchmarkMode(Mode.SampleTime)
public class PipelineZeroCopy {
  /** The sample. */
  @State(Scope.Thread)
  public static class Sample {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** How the host gets at them. */
    @Param("EXPLICIT")
    public HostAccess.Mode host;
    /** Where they are. */
    @Param({"COHERENT", "SVM"})
    public MemoryKind kind;

    private UnifiedMemory memory;
    private HostSpace space;
    private Pipeline pipeline;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open(kind);
      space = HostSpace.open(memory, host);
      Pipeline small = new Pipeline(space, shape(WARM_SIZE));
      warmUp(() -> small.run(new StageMeter(memory, stage -> { })));
      pipeline = new Pipeline(space, shape(size));
      settle(this::run);
    }

    /** Answers what a run takes outside of kernels. */
    private long run() {
      StageMeter meter = new StageMeter(memory, stage -> { });
      double before = pipeline.kernelSeconds();
      pipeline.run(meter);
      return Math.round((meter.total().seconds() - (pipeline.kernelSeconds() - before)) * 1e9);
    }

    /** Verifies the last run, and the diagonals of all, and that nothing was copied; gives everything back. */
    @TearDown
    public void close() {
      check(pipeline.verify());
      MemoryStatistics moved = memory.statistics();
      if (moved.bytesToDevice() + moved.bytesToHost() > 0) {
        throw new IllegalStateException("Bytes were copied: " + moved);
      }
      space.close();
      memory.close();
    }
  }

  /** The same by hand. */
  @State(Scope.Thread)
  public static class Raw {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** Where they are. */
    @Param({"COHERENT", "SVM"})
    public MemoryKind kind;

    private RawSharedPipeline pipeline;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      try (RawSharedPipeline small = new RawSharedPipeline(shape(WARM_SIZE), kind)) {
        warmUp(small::run);
      }
      pipeline = new RawSharedPipeline(shape(size), kind);
      settle(this::run);
    }

    private long run() {
      long before = pipeline.kernelNanos();
      long start = System.nanoTime();
      pipeline.run();
      return System.nanoTime() - start - (pipeline.kernelNanos() - before);
    }

    /** Verifies the last run, and the diagonals of all; gives everything back. */
    @TearDown
    public void close() {
      check(pipeline.verify());
      pipeline.close();
    }
  }

  /**
   * Runs the sample.
   *
   * @param state the sample
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Sample state, Counted counted) {
    counted.start();
    counted.took(state.run());
    counted.stop(1);
  }

  /**
   * Runs the pipeline.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(Raw state, Counted counted) {
    counted.start();
    counted.took(state.run());
    counted.stop(1);
  }
}

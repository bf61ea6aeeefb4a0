package io.samepage.benchmarks.work;

import io.samepage.HostAccess;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The sample's matrix pipeline, all rounds of it, against the same by hand: what it takes from start to end less what its kernels ran by
 * the device's clock. So much does the host's own work take, which is the same code on both sides, and what brings the bytes to where
 * they are used and waits for kernels. Matrices, kernels and buffers are there already, and used again by each run.
 */
@BenchmarkMode(Mode.SampleTime)
public class PipelineOutsideKernels {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  /** Runs of small matrices go before, so long that the JVM has compiled both sides: those that count are few. */
  private static final long WARM_NANOS = 5_000_000_000L;
  static final int WARM_SIZE = 48;
  private static final int SETTLING_RUNS = 40;

  static PipelineShape shape(int size) {
    return PipelineShape.square(size, ROUNDS, SEED);
  }

  /** Behind the small ones, runs of the measured size: what they alone need is compiled meanwhile. */
  static void settle(Runnable run) {
    for (int i = 0; i < SETTLING_RUNS; i++) {
      run.run();
    }
  }

  static void warmUp(Runnable run) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_NANOS) {
      run.run();
    }
  }

  static void check(Verdict verdict) {
    if (!verdict.verified()) {
      throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
    }
  }

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** How the host gets at them. */
    @Param
    public HostAccess.Mode host;

    private UnifiedMemory memory;
    private HostSpace space;
    private Pipeline pipeline;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
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

    /** Verifies the last run, and the diagonals of all; gives everything back. */
    @TearDown
    public void close() {
      check(pipeline.verify());
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

    private RawPipeline pipeline;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      try (RawPipeline small = new RawPipeline(shape(WARM_SIZE))) {
        warmUp(small::run);
      }
      pipeline = new RawPipeline(shape(size));
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

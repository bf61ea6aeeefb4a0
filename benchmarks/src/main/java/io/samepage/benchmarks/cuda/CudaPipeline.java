package io.samepage.benchmarks.cuda;

import io.samepage.HostAccess;
import io.samepage.benchmarks.work.Counted;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The sample's matrix pipeline, all rounds of it, on CUDA: what it takes from start to end less what its kernels run by the device's
 * clock; against JCuda by hand with the fewest copies, and against managed memory.
 */
@BenchmarkMode(Mode.SampleTime)
public class CudaPipeline {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  private static final int WARM_SIZE = 48;

  static PipelineShape shape(int size) {
    return PipelineShape.square(size, ROUNDS, SEED);
  }

  /** How much managed memory matrices of a size take. */
  static long managedBytes(int size) {
    return CudaMatrix.totalBytes(shape(size));
  }

  /** Runs of the pipeline, one way or the other. */
  @State(Scope.Thread)
  public abstract static class Runs {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** How long runs of small matrices go before: until the JVM has compiled everything, as the runs that count are few. */
    @Param("5000")
    public int warmMillis;
    /** Runs of the measured size before those that count: what they alone need is compiled meanwhile. */
    @Param("40")
    public int settlingRuns;

    private CudaRun run;

    abstract CudaRun open(PipelineShape shape);

    /** Makes the pipeline. */
    @Setup
    public void open() {
      if (warmMillis > 0) {
        warmUp();
      }
      run = open(shape(size));
      for (int i = 0; i < settlingRuns; i++) {
        run.run();
      }
    }

    private void warmUp() {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(warmMillis);
      try (CudaRun small = open(shape(WARM_SIZE))) {
        while (System.nanoTime() - end < 0) {
          small.run();
        }
      }
    }

    void run(Counted counted) {
      counted.start();
      counted.took(run.run());
      counted.stop(1);
    }

    /** Verifies the last run, and the diagonals of all; gives everything back. */
    @TearDown
    public void close() {
      Verdict verdict = run.verify();
      if (!verdict.verified()) {
        throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
      }
      run.close();
    }
  }

  /** The sample. */
  @State(Scope.Thread)
  public static class Sample extends Runs {
    /** How the host gets at the matrices. */
    @Param
    public HostAccess.Mode host;

    @Override
    CudaRun open(PipelineShape shape) {
      return new SampleRun(shape, host);
    }
  }

  /** By hand, with copies. */
  @State(Scope.Thread)
  public static class Pinned extends Runs {
    @Override
    CudaRun open(PipelineShape shape) {
      return new HandRun(shape, new PinnedSteps(shape));
    }
  }

  /** In managed memory. */
  @State(Scope.Thread)
  public static class Managed extends Runs {
    @Override
    CudaRun open(PipelineShape shape) {
      return new HandRun(shape, new ManagedSteps(shape, false));
    }
  }

  /** In managed memory, with prefetches and advice. */
  @State(Scope.Thread)
  public static class Hinted extends Runs {
    @Override
    CudaRun open(PipelineShape shape) {
      return new HandRun(shape, new ManagedSteps(shape, true));
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
    state.run(counted);
  }

  /**
   * Runs the pipeline by hand.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void jcuda(Pinned state, Counted counted) {
    state.run(counted);
  }

  /**
   * Runs the pipeline in managed memory.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void managed(Managed state, Counted counted) {
    state.run(counted);
  }

  /**
   * Runs the pipeline in managed memory with hints.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void managedHinted(Hinted state, Counted counted) {
    state.run(counted);
  }
}

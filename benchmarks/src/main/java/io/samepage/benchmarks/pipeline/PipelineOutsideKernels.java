package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.Counted;
import io.samepage.benchmarks.work.Expected;
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
 * The sample's matrix pipeline, all rounds of it, beside the same by its peers: what it takes from start to end, and that less what its
 * kernels ran by the device's clock. So much does the host's own work take, which is the same code everywhere, and what brings the bytes
 * to where they are used and waits for kernels. Matrices, kernels and buffers are there already, and used again by each run.
 */
@BenchmarkMode(Mode.SampleTime)
public class PipelineOutsideKernels {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  private static final int WARM_SIZE = 48;

  static PipelineShape shape(int size) {
    return PipelineShape.square(size, ROUNDS, SEED);
  }

  static void check(PipelineRun run) {
    Verdict verdict = run.verify();
    if (!verdict.verified()) {
      throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
    }
  }

  /** The pipeline, by whom it is said. */
  @State(Scope.Thread)
  public static class Runs {
    /** How large the matrices are. */
    @Param("512")
    public int size;
    /** Who computes. */
    @Param
    public Peer peer;
    /** How long small matrices are computed before: so long that the JVM has compiled everything, as the runs that count are few. */
    @Param("5000")
    public int warmMillis;
    /** Runs of the measured size before those that count: what they alone need is compiled meanwhile. */
    @Param("40")
    public int settlingRuns;

    private PipelineRun run;

    /** Makes the pipeline. */
    @Setup
    public void open() {
      if (warmMillis > 0) {
        warmUp();
      }
      run = peer.open(shape(size));
      for (int i = 0; i < settlingRuns; i++) {
        run.run();
      }
    }

    private void warmUp() {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(warmMillis);
      try (PipelineRun small = peer.open(shape(WARM_SIZE))) {
        while (System.nanoTime() - end < 0) {
          small.run();
        }
      }
    }

    private void run(Counted counted, boolean isOutsideKernels) {
      long kernelNanos = run.kernelNanos();
      long movedBytes = run.movedBytes();
      counted.start();
      long nanos = run.run();
      counted.stop(1);
      counted.took(nanos - (isOutsideKernels ? run.kernelNanos() - kernelNanos : 0));
      counted.moved(run.movedBytes() - movedBytes);
    }

    /** Verifies the last run, and the diagonals of all; that nothing was moved where nothing is to be; gives everything back. */
    @TearDown
    public void close() {
      check(run);
      if (peer.isWithoutCopies()) {
        Expected.same("movedBytes", run.movedBytes(), 0);
      }
      run.close();
    }
  }

  /**
   * A run but for its kernels.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void outsideKernels(Runs state, Counted counted) {
    state.run(counted, true);
  }

  /**
   * A run from start to end.
   *
   * @param state the pipeline
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void whole(Runs state, Counted counted) {
    state.run(counted, false);
  }
}

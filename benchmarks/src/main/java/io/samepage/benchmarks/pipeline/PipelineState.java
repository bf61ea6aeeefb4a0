package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.Counted;
import io.samepage.benchmarks.work.RunCounts;
import io.samepage.benchmarks.work.WarmUp;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.PipelineShape;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The pipeline as one of those does it who are compared. */
@State(Scope.Thread)
public abstract class PipelineState {
  private static final int ROUNDS = 3;
  private static final long SEED = 42;
  private static final int WARM_SIZE = 48;

  /** How large the matrices are. */
  @Param("512")
  public int size;
  /** How long it warms up, together with small matrices: so long that the JVM has compiled everything, as the runs that count are few. */
  @Param("12000")
  public int warmMillis;
  /** Runs before those that count, in which the small matrices' leavings go. */
  @Param("3")
  public int settlingRuns;

  private PipelineRun run;

  /** Nothing is there yet. */
  protected PipelineState() {}

  /**
   * What is computed.
   *
   * @param size how large the matrices are
   * @return the shape
   */
  public static PipelineShape shape(int size) {
    return PipelineShape.square(size, ROUNDS, SEED);
  }

  /** Throws if a pipeline's results are wrong. */
  static void check(PipelineRun run) {
    Verdict verdict = run.verify();
    if (!verdict.verified()) {
      throw new IllegalStateException("The pipeline computed something else: " + verdict.explanation());
    }
  }

  /**
   * Makes a pipeline.
   *
   * @param shape its sizes
   * @return the pipeline
   */
  protected abstract PipelineRun open(PipelineShape shape);

  /** Makes the pipeline. */
  @Setup
  public void open() {
    run = open(shape(size));
    if (warmMillis > 0) {
      try (PipelineRun small = open(shape(WARM_SIZE))) {
        WarmUp.run(warmMillis, small::run, run::run);
      }
    }
    for (int i = 0; i < settlingRuns; i++) {
      run.run();
    }
  }

  /**
   * Runs it once.
   *
   * @param counted where it is entered what that took outside of kernels
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  public void run(Counted counted, RunCounts counts, StageCounts stages) {
    long kernelNanos = run.kernelNanos();
    long movedBytes = run.movedBytes();
    counted.start();
    long nanos = run.run();
    counted.stop(1);
    long ranNanos = run.kernelNanos() - kernelNanos;
    counted.took(nanos - ranNanos);
    counts.add(nanos, ranNanos, run.movedBytes() - movedBytes);
    stages.add(run);
  }

  /** Verifies the last run, and the diagonals of all; gives everything back. */
  @TearDown
  public void close() {
    try (PipelineRun ended = run) {
      check(ended);
      checkMoved(ended.movedBytes());
    }
  }

  /**
   * Throws if something else was moved than what is measured.
   *
   * @param movedBytes how much that was in all runs
   */
  protected void checkMoved(long movedBytes) {}
}

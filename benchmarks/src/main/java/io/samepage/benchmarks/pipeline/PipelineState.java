package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.Counted;
import io.samepage.benchmarks.work.RunCounts;
import io.samepage.benchmarks.work.WarmUp;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.PipelineShape;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * The pipeline as one of those does it who are compared; or as two do, run by run in turn: what disturbs the machine for seconds disturbs
 * both, and so does what the JVM compiles.
 */
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
  /** Null where none is run in turn. */
  private PipelineRun other;
  private final BesideCounts otherCounts = new BesideCounts();
  private boolean isCounting;
  private boolean isOtherFirst;

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

  /**
   * Makes the pipeline that is run in turn.
   *
   * @param shape its sizes
   * @return the pipeline; null if there is none
   */
  protected PipelineRun openOther(PipelineShape shape) {
    return null;
  }

  /**
   * The other pipeline is over.
   *
   * @param counts what its runs took
   */
  protected void tell(BesideCounts counts) {}

  /** Makes the pipelines. */
  @Setup
  public void open() {
    run = open(shape(size));
    other = openOther(shape(size));
    if (warmMillis > 0) {
      try (PipelineRun small = open(shape(WARM_SIZE)); PipelineRun otherSmall = openOther(shape(WARM_SIZE))) {
        // In turn here, too: what is compiled for one of them alone is thrown away with the first run of the other.
        WarmUp.run(other == null ? warmMillis : 2 * warmMillis, () -> runAll(small, otherSmall), this::runAll);
      }
    }
    for (int i = 0; i < settlingRuns; i++) {
      runAll();
    }
  }

  private void runAll() {
    runAll(run, other);
  }

  private static void runAll(PipelineRun one, PipelineRun otherOrNull) {
    one.run();
    if (otherOrNull != null) {
      otherOrNull.run();
    }
  }

  /**
   * An iteration begins.
   *
   * @param iteration whether it counts
   */
  @Setup(Level.Iteration)
  public void begin(IterationParams iteration) {
    isCounting = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** An iteration is over. */
  @TearDown(Level.Iteration)
  public void end() {
    otherCounts.endIteration();
  }

  /**
   * Runs it once, and the other one before or after, if there is one.
   *
   * @param counted where it is entered what that took outside of kernels
   * @param counts where all is entered that it took
   * @param stages where it is entered what its stages took
   */
  public void run(Counted counted, RunCounts counts, StageCounts stages) {
    isOtherFirst = !isOtherFirst;
    if (isOtherFirst) {
      runOther();
    }
    measure(run, counted, counts, stages);
    if (!isOtherFirst) {
      runOther();
    }
  }

  private void runOther() {
    if (other != null && isCounting) {
      otherCounts.measure(other);
    } else if (other != null) {
      other.run();
    }
  }

  static void measure(PipelineRun run, Counted counted, RunCounts counts, StageCounts stages) {
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

  /** Verifies the last runs, and the diagonals of all; gives everything back, and tells what the other one took. */
  @TearDown
  public void close() {
    try (PipelineRun ended = run; PipelineRun otherEnded = other) {
      check(ended);
      checkMoved(ended.movedBytes());
      if (otherEnded != null) {
        check(otherEnded);
        checkMoved(otherEnded.movedBytes());
        tell(otherCounts);
      }
    }
  }

  /**
   * Throws if something else was moved than what is measured.
   *
   * @param movedBytes how much that was in all runs
   */
  protected void checkMoved(long movedBytes) {}
}

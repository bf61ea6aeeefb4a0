package io.samepage.benchmarks.turn;

import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * Who is measured run by run; or two, in turn in one JVM: what disturbs the machine for seconds disturbs both, and so does what the JVM
 * compiles. Both warm up in turn as well, as what is compiled for one of them alone is thrown away with the first run of the other.
 *
 * @param <R> who is run
 */
@State(Scope.Thread)
public abstract class TurnState<R extends CountedRun> {
  /** Who of the two comes first. */
  public enum Order {
    /** Each of them every other time. */
    ALTERNATING,
    /** The other one always, so that ours comes behind the same each time: where it takes so much longer that ours is slower behind it. */
    OTHER_FIRST
  }

  /** Who is run in turn, in the same JVM; nobody where it is empty. */
  @Param("")
  public String beside;
  /** Where it is written what the runs of the other one took; nowhere where it is empty. */
  @Param("")
  public String besideFile;

  private final Order order;
  private final BesideCounts<R> otherCounts;
  private R run;
  /** Null where none is run in turn. */
  private R other;
  private boolean isCounting;
  private boolean isOtherFirst;

  /**
   * Nothing is there yet.
   *
   * @param order who comes first
   * @param otherSums what is counted of the other one's runs beside their time
   */
  protected TurnState(Order order, List<RunSums<? super R>> otherSums) {
    this.order = order;
    otherCounts = new BesideCounts<>(otherSums);
  }

  /**
   * Makes what is run.
   *
   * @param isSmall with little data, to warm up
   * @return what is run
   */
  protected abstract R open(boolean isSmall);

  /**
   * Makes what is run in turn.
   *
   * @param who who that is
   * @param isSmall with little data, to warm up
   * @return what is run
   */
  protected R openOther(String who, boolean isSmall) {
    throw new IllegalArgumentException("There is nobody of that name to be run in turn: beside=" + who);
  }

  /**
   * Makes all, and warms up.
   *
   * @param warmMillis for how long, each of them
   * @param settlingRuns runs behind that, before those that count, in which the small ones' leavings go
   */
  protected final void begin(int warmMillis, int settlingRuns) {
    run = open(false);
    other = openOther(false);
    if (warmMillis > 0) {
      WarmUp.run(other == null ? warmMillis : 2 * warmMillis, this::openLittle, () -> runAll(run, other));
    }
    for (int i = 0; i < settlingRuns; i++) {
      runAll(run, other);
    }
  }

  private WarmUp.Little openLittle() {
    R little = open(true);
    try {
      return new Both(little, openOther(true));
    } catch (RuntimeException | Error e) {
      little.close();
      throw e;
    }
  }

  private R openOther(boolean isSmall) {
    return beside.isEmpty() ? null : openOther(beside, isSmall);
  }

  /** Both sides with little data; the other one is null where none is run in turn. */
  private record Both(CountedRun one, CountedRun other) implements WarmUp.Little {
    @Override
    public void run() {
      runAll(one, other);
    }

    @Override
    public void close() {
      try (one; other) {
        // Both are closed, whatever the first of them throws.
      }
    }
  }

  private static void runAll(CountedRun one, CountedRun otherOrNull) {
    runOnce(one);
    if (otherOrNull != null) {
      runOnce(otherOrNull);
    }
  }

  private static void runOnce(CountedRun one) {
    one.prepare();
    one.run();
    one.finish();
  }

  /**
   * An iteration begins.
   *
   * @param iteration whether it counts
   */
  @Setup(Level.Iteration)
  public void beginIteration(IterationParams iteration) {
    isCounting = iteration.getType() == IterationType.MEASUREMENT;
  }

  /** An iteration is over. */
  @TearDown(Level.Iteration)
  public void endIteration() {
    otherCounts.endIteration();
  }

  /**
   * Runs it once, and the other one before or after, if there is one.
   *
   * @param counted where it is entered what that took, but for kernels
   * @param sums where all is entered that it took
   */
  public final void run(Counted counted, List<RunSums<? super R>> sums) {
    isOtherFirst = order == Order.OTHER_FIRST || !isOtherFirst;
    if (isOtherFirst) {
      runOther();
    }
    measure(run, counted, sums);
    if (isCounting) {
      run.checkCounted();
    }
    if (!isOtherFirst) {
      runOther();
    }
  }

  private void runOther() {
    if (other != null && isCounting) {
      otherCounts.measure(other);
      other.checkCounted();
    } else if (other != null) {
      runOnce(other);
    }
  }

  static <R extends CountedRun> void measure(R run, Counted counted, List<RunSums<? super R>> sums) {
    run.prepare();
    long kernelNanos = run.kernelNanos();
    long movedBytes = run.movedBytes();
    long othersBytes = run.otherThreadsBytes();
    counted.start();
    long nanos = run.run();
    counted.stop(run.operations(), run.otherThreadsBytes() - othersBytes);
    long ranNanos = run.kernelNanos() - kernelNanos;
    counted.took(nanos - ranNanos);
    long copiedBytes = run.movedBytes() - movedBytes;
    sums.forEach(sum -> sum.add(run, nanos, ranNanos, copiedBytes));
    run.finish();
  }

  /** Checks the results of both; gives everything back, and writes what the other one took. */
  @TearDown
  public void close() {
    try (R ended = run; R otherEnded = other) {
      check(ended);
      if (otherEnded != null) {
        check(otherEnded);
        writeOther();
      }
    }
  }

  private void writeOther() {
    if (!besideFile.isEmpty()) {
      otherCounts.write(Path.of(besideFile));
    }
  }

  /**
   * Throws if results are wrong.
   *
   * @param ended who has run
   */
  protected void check(R ended) {
    ended.check();
  }
}

package io.samepage.benchmarks.turn;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A benchmark of what is timed from start to end: ours, in turn with its baseline or alone; or the baseline alone. */
@BenchmarkMode(Mode.SampleTime)
@State(Scope.Thread)
public abstract class TimedState extends TurnState<CountedRun> {
  /** The method of each of these benchmarks, whoever is run. */
  public static final String METHOD = "timed";
  /** By which name the baseline is run in turn. */
  public static final String BASELINE = "baseline";
  /** The parameter that has the baseline run in place of ours. */
  public static final String IS_BASELINE = "isBaseline";

  /** How long it warms up, together with little data: so long that the JVM has compiled our side. With 0 not at all. */
  @Param("2000")
  public int warmMillis;
  /** Whether the baseline is run in place of ours. */
  @Param("false")
  public boolean isBaseline;

  /** A benchmark in which ours is behind the baseline every other time. */
  protected TimedState() {
    this(Order.ALTERNATING);
  }

  /**
   * A benchmark.
   *
   * @param order who comes first
   */
  protected TimedState(Order order) {
    super(order, List.of());
  }

  /** Makes what is run. */
  @Setup
  public void open() {
    begin(warmMillis, 0);
  }

  /**
   * Makes ours.
   *
   * @param isSmall with little data, to warm up
   * @return what is run
   */
  protected abstract CountedRun openOurs(boolean isSmall);

  /**
   * Makes the baseline.
   *
   * @param isSmall with little data, to warm up
   * @return what is run
   */
  protected abstract CountedRun openBaseline(boolean isSmall);

  @Override
  protected final CountedRun open(boolean isSmall) {
    return isBaseline ? openBaseline(isSmall) : openOurs(isSmall);
  }

  @Override
  protected final CountedRun openOther(String who, boolean isSmall) {
    return who.equals(BASELINE) ? openBaseline(isSmall) : super.openOther(who, isSmall);
  }

  /**
   * Runs it once, and the other one before or after, if there is one.
   *
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void timed(Counted counted) {
    run(counted, List.of());
  }
}

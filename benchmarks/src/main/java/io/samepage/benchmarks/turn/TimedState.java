package io.samepage.benchmarks.turn;

import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is timed from start to end: ours, in turn with the baseline or alone; or the baseline alone. */
@State(Scope.Thread)
public abstract class TimedState extends TurnState<CountedRun> {
  /** By which name the raw driver is run in turn: that of its methods. */
  public static final String RAW = "lwjgl";

  private final String baselineName;

  /** How long it warms up, together with little data: so long that the JVM has compiled our side. With 0 not at all. */
  @Param("2000")
  public int warmMillis;

  /**
   * Nothing is there yet.
   *
   * @param order who comes first
   * @param baselineName by which name the baseline is run in turn
   */
  protected TimedState(Order order, String baselineName) {
    super(order, List.of());
    this.baselineName = baselineName;
  }

  /** Makes what is run. */
  @Setup
  public void open() {
    begin(warmMillis, 0);
  }

  /**
   * Makes the baseline.
   *
   * @param isSmall with little data, to warm up
   * @return what is run
   */
  protected abstract CountedRun openBaseline(boolean isSmall);

  @Override
  protected final CountedRun openOther(String who, boolean isSmall) {
    return who.equals(baselineName) ? openBaseline(isSmall) : super.openOther(who, isSmall);
  }

  /**
   * Runs it once, and the other one before or after, if there is one.
   *
   * @param counted where it is entered what that took
   */
  public final void run(Counted counted) {
    run(counted, List.of());
  }
}

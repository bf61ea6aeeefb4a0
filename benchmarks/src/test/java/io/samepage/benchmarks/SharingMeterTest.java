package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Score;
import io.samepage.benchmarks.result.Side;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;

class SharingMeterTest {
  private static final Side OURS = side("ours");

  private final List<String> measured = new ArrayList<>();
  private final SharingMeter meter = new SharingMeter(this::measure);

  private static Side side(String method) {
    return new Side(SharingMeterTest.class, method, Map.of());
  }

  private static Comparison beside(String other, Goal goal) {
    return new Comparison("beside " + other, OURS, Optional.of(side(other)), goal);
  }

  private Round measure(Comparison comparison, boolean oursFirst) {
    Score ours = score(comparison.ours());
    return new Round(ours, comparison.baseline().map(this::score));
  }

  /** Everything takes longer than what was measured before it. */
  private Score score(Side side) {
    measured.add(side.method());
    return new Score(measured.size(), Optional.empty());
  }

  @Test
  void oursIsMeasuredOnceBesideOthersWithoutAGoal() throws RunnerException, IOException {
    Round first = meter.measure(beside("one", new Goal.None()), true);
    Round second = meter.measure(beside("two", new Goal.None()), true);

    assertThat(measured).containsExactly("ours", "one", "two");
    assertThat(second.ours()).isEqualTo(first.ours());
    assertThat(second.baseline().orElseThrow().value()).isEqualTo(3);
  }

  @Test
  void aRowWithAGoalMeasuresBothSidesAndOthersTakeOursFromTheLastOne() throws RunnerException, IOException {
    meter.measure(beside("one", new Goal.None()), true);
    Round goal = meter.measure(beside("two", new Goal.Rate(1)), true);
    Round third = meter.measure(beside("three", new Goal.None()), true);

    assertThat(measured).containsExactly("ours", "one", "ours", "two", "three");
    assertThat(third.ours()).isEqualTo(goal.ours());
  }

  @Test
  void whatIsMeasuredAloneIsMeasuredEachTime() throws RunnerException, IOException {
    Comparison alone = new Comparison("alone", OURS, Optional.empty(), new Goal.None());
    meter.measure(alone, true);
    meter.measure(alone, false);

    assertThat(measured).containsExactly("ours", "ours");
  }

  @Test
  void whatIsRunInTurnIsMeasuredTogetherEachTime() throws RunnerException, IOException {
    Comparison inTurn = new Comparison("in turn", OURS, Optional.of(side("one").inTurn("one")), new Goal.None());
    meter.measure(inTurn, true);
    meter.measure(inTurn, false);

    assertThat(measured).containsExactly("ours", "one", "ours", "one");
  }

  @Test
  void oursIsNotMeasuredAgainBesideSomebodyWhoIsNotThere() throws RunnerException, IOException {
    Round goal = meter.measure(beside("one", new Goal.Rate(1)), true);
    Round missing = meter.measure(new Comparison("beside two: not measured", OURS, Optional.empty(), new Goal.None()), true);

    assertThat(measured).containsExactly("ours", "one");
    assertThat(missing).isEqualTo(new Round(goal.ours(), Optional.empty()));
  }
}

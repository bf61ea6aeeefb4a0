package io.samepage.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final Side OURS = new Side(RowTest.class, "ours", Map.of());
  private static final Side BASELINE = new Side(RowTest.class, "baseline", Map.of());

  private static Row row(Goal goal, Round... rounds) {
    Optional<Side> baseline = rounds[0].baseline().map(score -> BASELINE);
    return Row.of(new Comparison("title", OURS, baseline, goal), List.of(rounds));
  }

  private static Round round(double oursNanos, double baselineNanos) {
    return new Round(new Score(oursNanos, Optional.empty()), Optional.of(new Score(baselineNanos, Optional.empty())));
  }

  private static Round alone(double nanos, double bytes) {
    return new Round(new Score(nanos, Optional.of(bytes)), Optional.empty());
  }

  @Test
  void theRatioIsTheBaselinesTimeThroughOurs() {
    Row row = row(new Goal.Rate(0.7), round(200, 150));

    assertThat(row.ratio()).contains(new Spread(0.75, 0.75, 0.75));
    assertThat(row.oursNanos().median()).isEqualTo(200);
    assertThat(row.baselineNanos().orElseThrow().median()).isEqualTo(150);
  }

  @Test
  void theRatioIsTakenRoundByRound() {
    // In the second round the whole machine was slow: both sides were, and the ratio is what it always is.
    Row row = row(new Goal.Rate(0.7), round(200, 100), round(2000, 1000), round(100, 50));

    assertThat(row.ratio()).contains(new Spread(0.5, 0.5, 0.5));
    assertThat(row.oursNanos()).isEqualTo(new Spread(100, 200, 2000));
    assertThat(row.rounds()).isEqualTo(3);
  }

  @Test
  void aRateIsMetByTheMedianOfTheRatios() {
    assertThat(row(new Goal.Rate(0.7), round(100, 10), round(100, 70), round(100, 99)).met()).contains(true);
    assertThat(row(new Goal.Rate(0.7), round(100, 10), round(100, 69), round(100, 99)).met()).contains(false);
  }

  @Test
  void aCostIsMetIfTimeAndBytesAre() {
    Goal goal = new Goal.Cost(100, 0);

    assertThat(row(goal, alone(100, 0)).met()).contains(true);
    assertThat(row(goal, alone(101, 0)).met()).contains(false);
    assertThat(row(goal, alone(100, 8)).met()).contains(false);
  }

  @Test
  void aTimeIsMetWhateverTheBaselineTakes() {
    assertThat(row(new Goal.Time(100), round(100, 1)).met()).contains(true);
    assertThat(row(new Goal.Time(100), round(101, 1000)).met()).contains(false);
    assertThat(row(new Goal.Time(2_000), alone(1, 0)).goal()).isEqualTo("≤ 2 µs");
  }

  @Test
  void anExcessIsMetByTheMedianOfTheDifferences() {
    Goal goal = new Goal.Excess(20);

    assertThat(row(goal, round(120, 100), round(1020, 1000), round(500, 100)).met()).contains(true);
    assertThat(row(goal, round(121, 100), round(1021, 1000), round(90, 100)).met()).contains(false);
  }

  @Test
  void traceAmountsThatJmhCountsBesideAreNoBytes() {
    assertThat(row(new Goal.Cost(100, 0), alone(50, 0.002)).met()).contains(true);
  }

  @Test
  void whereThereIsNoGoalNothingIsMetOrMissed() {
    Row row = row(new Goal.None(), alone(100, 24));

    assertThat(row.met()).isEmpty();
    assertThat(row.ratio()).isEmpty();
    assertThat(row.oursAllocatedBytes().orElseThrow().median()).isEqualTo(24);
  }

  @Test
  void theCommandMeasuresTheRowAgain() {
    assertThat(row(new Goal.None(), alone(1, 0)).command()).isEqualTo("./bench RowTest");
  }

  @Test
  void aRatioWithoutABaselineIsRefused() {
    assertThatThrownBy(() -> new Comparison("title", OURS, Optional.empty(), new Goal.Rate(0.7)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("title=title");
    assertThatThrownBy(() -> new Comparison("title", OURS, Optional.empty(), new Goal.Excess(1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("title=title");
  }

  @Test
  void theMedianOfAnEvenCountLiesInTheMiddle() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(1, 3, 9));
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}

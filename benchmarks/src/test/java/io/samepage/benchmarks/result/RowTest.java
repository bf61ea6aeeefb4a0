package io.samepage.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final Side OURS = new Side(RowTest.class, "ours", Map.of());
  private static final Side BASELINE = new Side(RowTest.class, "baseline", Map.of());

  private static Row row(Goal goal, Round... rounds) {
    Optional<Side> baseline = rounds[0].baseline().map(score -> BASELINE);
    return Row.of(new Comparison("title", OURS, baseline, goal), List.of(rounds), "2026-11-21T17:03Z");
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
    assertThat(row.ours().median()).isEqualTo(200);
    assertThat(row.baseline().orElseThrow().median()).isEqualTo(150);
  }

  @Test
  void theRatioIsTakenRoundByRound() {
    // In the second round the whole machine was slow: both sides were, and the ratio is what it always is.
    Row row = row(new Goal.Rate(0.7), round(200, 100), round(2000, 1000), round(100, 50));

    assertThat(row.ratio()).contains(new Spread(0.5, 0.5, 0.5));
    assertThat(row.ours()).isEqualTo(new Spread(100, 200, 2000));
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
  void anAmountHasItsOwnUnit() {
    Goal goal = new Goal.Amount(1.05, "× page");

    assertThat(row(goal, alone(1.04, 0)).met()).contains(true);
    assertThat(row(goal, alone(1.06, 0)).met()).contains(false);
    assertThat(row(goal, alone(1, 0)).unit()).isEqualTo("× page");
    assertThat(row(goal, alone(1, 0)).goal()).isEqualTo("≤ 1.05 × page");
  }

  @Test
  void countsAreTheMeanOfTheRoundsAndHistogramsTheirSum() {
    Score first = new Score(1, Optional.empty(), Map.of("bytes", 10.0), Map.of(100L, 3L, 200L, 1L));
    Score second = new Score(1, Optional.empty(), Map.of("bytes", 20.0), Map.of(200L, 2L));
    Row row = row(new Goal.None(), new Round(first, Optional.of(second)), new Round(second, Optional.of(second)));

    assertThat(row.counts()).isEqualTo(Map.of("ours", Map.of("bytes", 15.0), "baseline", Map.of("bytes", 20.0)));
    assertThat(row.histogram()).isEqualTo(Map.of(100L, 3L, 200L, 3L));
    assertThat(row.baselineHistogram()).isEqualTo(Map.of(200L, 4L));
  }

  @Test
  void aRowIsJudgedByAnotherGoalThanItsOwn() {
    Row row = row(new Goal.None(), round(100, 80));

    assertThat(row.meets(new Goal.Rate(0.8))).contains(true);
    assertThat(row.meets(new Goal.Rate(0.81))).contains(false);
    assertThat(row.meets(new Goal.Excess(20))).contains(true);
    assertThat(row.meets(new Goal.Time(99))).contains(false);
  }

  @Test
  void whatAGoalNeedsAndNobodyMeasuredMeetsNothing() {
    Row row = row(new Goal.None(), new Round(new Score(100, Optional.empty()), Optional.empty()));

    assertThat(row.meets(new Goal.Rate(0.8))).isEmpty();
    assertThat(row.meets(new Goal.Excess(20))).isEmpty();
    assertThat(row.meets(new Goal.Cost(100, 0))).isEmpty();
    assertThat(row.meets(new Goal.Amount(200, "bytes a page"))).isEmpty();
    assertThat(row.meets(new Goal.None())).isEmpty();
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

  @Test
  void whereAnotherRunIsToBeExpectedFollowsFromTheFarthestRoundAndHowManyThereAre() {
    Spread nine = new Spread(0.75, 1, 1.125);

    assertThat(nine.expected(9)).contains(new Spread(0.75, 1, 1.25));
    assertThat(nine.expected(100)).isEqualTo(nine.expected(9));
    assertThat(nine.expected(5)).contains(new Spread(0.5, 1, 1.5));
    assertThat(nine.expected(3).orElseThrow().low()).isZero();
    assertThat(nine.expected(2)).isEmpty();
    assertThat(new Spread(-1, 0, 1).expected(9)).contains(new Spread(-1, 0, 1));
  }

  @Test
  void mostlyTheMedianOfAnotherRunLiesWhereItWasExpected() {
    for (int rounds : List.of(3, 4, 5, 7, 9)) {
      Random random = new Random(rounds);
      long within = IntStream.range(0, 2_000).mapToObj(i -> Spread.of(drawn(random, rounds)).expected(rounds).orElseThrow())
          .filter(expected -> expected.has(Spread.of(drawn(random, rounds)).median())).count();
      assertThat(within).as("rounds=%d", rounds).isBetween(1_960L, 1_995L);
    }
  }

  private static List<Double> drawn(Random random, int count) {
    return DoubleStream.generate(random::nextGaussian).limit(count).map(x -> 1 + x / 10).boxed().toList();
  }
}

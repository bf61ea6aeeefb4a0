package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Side SIDE = new Side(PlanTest.class, "ours", Map.of());
  private static final Comparison ALONE = new Comparison("alone", SIDE, Optional.empty(), new Goal.None());
  private static final Comparison PAIR = new Comparison("pair", SIDE, Optional.of(SIDE), new Goal.Rate(1));

  @Test
  void bothSidesCountForTheEstimate() {
    Duration one = Plan.FULL.estimate(List.of(ALONE));

    assertThat(one).isGreaterThan(Duration.ofSeconds(1));
    assertThat(Plan.FULL.estimate(List.of(PAIR, PAIR)).toSeconds()).isCloseTo(4 * one.toSeconds(), Offset.offset(4L));
  }

  @Test
  void whatIsRunInTurnHasBothSidesInTheSameIterations() {
    Comparison inTurn = new Comparison("in turn", SIDE, Optional.of(SIDE.inTurn("other")), new Goal.None());

    assertThat(Plan.FULL.time(SIDE).getTime()).isEqualTo(200);
    assertThat(Plan.FULL.time(SIDE.with(Plan.BESIDE, "other")).getTime()).isEqualTo(1_200);
    assertThat(Plan.FULL.warmups(SIDE.with(Plan.BESIDE, "other"))).isEqualTo(1);
    assertThat(Plan.FULL.iterations(SIDE.with(Plan.BESIDE, "other"))).isEqualTo(3);
    assertThat(Plan.QUICK.iterations(SIDE.with(Plan.BESIDE, "other"))).isEqualTo(1);
    assertThat((double) Plan.FULL.estimate(List.of(inTurn)).toSeconds()).isCloseTo(2 * 4.5 + 3.8, Offset.offset(1.0));
  }

  @Test
  void aPipelineInTurnHasIterationsTwiceAsLong() {
    Comparison pipeline = AllComparisons.all().stream().filter(comparison -> comparison.benchmark().equals("PipelineOutsideKernels"))
        .findFirst().orElseThrow();

    assertThat(Plan.FULL.time(pipeline.ours()).getTime()).isEqualTo(2_000);
    assertThat(Plan.FULL.time(pipeline.ours().with(Plan.BESIDE, "other")).getTime()).isEqualTo(4_000);
    assertThat(Plan.FULL.estimate(List.of(pipeline)).toSeconds()).isEqualTo(2 * 18 + 3 * 4);
  }

  @Test
  void everythingIsMeasuredOnceInLessThanTwentyMinutes() {
    assertThat(Plan.FULL.estimate(AllComparisons.all())).isLessThan(Duration.ofMinutes(20));
    assertThat(Plan.FULL.limit().orElseThrow()).isLessThan(Duration.ofMinutes(20));
  }

  @Test
  void whatWarmsUpByItselfOrIsCountedTakesFewerIterations() {
    Side counted = AllComparisons.all().stream().filter(comparison -> comparison.benchmark().equals("MetadataBytes")).findFirst()
        .orElseThrow().ours();
    Side pipeline = AllComparisons.all().stream().filter(comparison -> comparison.benchmark().equals("PipelineOutsideKernels")).findFirst()
        .orElseThrow().ours();

    assertThat(Plan.FULL.warmups(SIDE)).isEqualTo(Plan.FULL.warmups());
    assertThat(Plan.FULL.warmups(pipeline)).isEqualTo(1);
    assertThat(Plan.FULL.iterations(pipeline)).isEqualTo(Plan.FULL.iterations());
    assertThat(Plan.FULL.warmups(counted)).isEqualTo(1);
    assertThat(Plan.FULL.iterations(counted)).isEqualTo(2);
    assertThat(Plan.QUICK.iterations(counted)).isEqualTo(1);
    assertThat(Plan.QUICK.warmups(pipeline)).isZero();
  }

  @Test
  void whoSaysHowOftenHasNoLimit() {
    assertThat(Plan.FULL.withRounds(7).limit()).isEmpty();
    assertThat(Plan.FULL.withRounds(7).text()).startsWith("7 rounds; ");
    assertThat(Plan.FULL.text()).startsWith("up to 5 rounds in 19 minutes; ");
  }
}

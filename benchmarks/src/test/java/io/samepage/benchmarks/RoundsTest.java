package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Noise;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Score;
import io.samepage.benchmarks.result.Side;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

class RoundsTest {
  private static final long SECONDS_OF_EACH = 10;
  private static final List<Comparison> BOTH = List.of(comparison("first"), comparison("second"));

  private final List<String> measured = new ArrayList<>();
  private final List<String> progress = new ArrayList<>();
  private long nanos;

  private static Comparison comparison(String title) {
    return new Comparison(title, new Side(RoundsTest.class, "ours", Map.of()), Optional.empty(), new Goal.None());
  }

  /** Takes its time, by the clock of the test. */
  private Round measure(Comparison comparison, boolean oursFirst) throws RunnerException {
    nanos += TimeUnit.SECONDS.toNanos(comparison.title().startsWith("slow") ? 3 * SECONDS_OF_EACH : SECONDS_OF_EACH);
    measured.add(comparison.title() + (oursFirst ? "" : ", the other first"));
    if (comparison.title().equals("broken")) {
      throw new RunnerException("no such memory");
    }
    return new Round(new Score(measured.size(), Optional.empty()), Optional.empty());
  }

  private Rounds rounds(int count, Optional<Duration> limit) {
    return new Rounds(new Plan(1, count, 1, 1, TimeValue.seconds(1), limit), this::measure, () -> nanos, progress::add);
  }

  @Test
  void everyComparisonIsMeasuredOnceInEachRoundAndTheSidesTakeTurns() throws IOException {
    Rounds rounds = rounds(2, Optional.empty());
    rounds.measure(BOTH);

    assertThat(measured).containsExactly("first", "second", "first, the other first", "second, the other first");
    assertThat(rounds.rows("2026-11-21")).extracting(Row::rounds).containsExactly(2, 2);
    assertThat(rounds.counts()).isEqualTo("2 rounds of each");
    assertThat(rounds.elapsed()).hasSeconds(4 * SECONDS_OF_EACH);
  }

  @Test
  void noRoundIsBegunThatWouldEndBehindTheLimit() throws IOException {
    Rounds rounds = rounds(5, Optional.of(Duration.ofSeconds(50)));
    rounds.measure(BOTH);

    assertThat(rounds.elapsed()).hasSeconds(50);
    assertThat(rounds.rows("2026-11-21")).extracting(Row::rounds).containsExactly(3, 2);
    assertThat(rounds.counts()).isEqualTo("2 to 3 rounds of each");
  }

  @Test
  void behindTheFirstRoundWhatHasAGoalComesFirstInEach() throws IOException {
    Comparison goal = new Comparison("goal", BOTH.getFirst().ours(), Optional.empty(), new Goal.Time(1));
    rounds(4, Optional.of(Duration.ofSeconds(7 * SECONDS_OF_EACH))).measure(List.of(BOTH.getFirst(), goal));

    assertThat(measured).containsExactly("first", "goal", "goal, the other first", "first, the other first", "goal", "first",
        "goal, the other first");
  }

  @Test
  void behindTheFirstRoundWhatIsComparedComesInAnOrderThatIsDrawnAndTheSameEachTime() throws IOException {
    List<Comparison> compared = IntStream.range(0, 20).mapToObj(i -> new Comparison((i < 10 ? "early " : "late ") + i,
        BOTH.getFirst().ours(), Optional.of(BOTH.getFirst().ours()), new Goal.None())).toList();
    List<Comparison> all = Stream.concat(BOTH.stream(), compared.stream()).toList();
    rounds(2, Optional.empty()).measure(all);
    List<String> second = measured.subList(all.size(), measured.size());

    assertThat(second).hasSameSizeAs(all);
    assertThat(second.subList(0, 20)).allMatch(title -> title.startsWith("early") || title.startsWith("late"));
    assertThat(second.subList(0, 10)).anyMatch(title -> title.startsWith("early")).anyMatch(title -> title.startsWith("late"));
    List<String> again = List.copyOf(measured);
    measured.clear();
    rounds(2, Optional.empty()).measure(all);
    assertThat(measured).isEqualTo(again);
  }

  @Test
  void whatIsBesideOursWithoutAGoalComesBehindWhatMeasuresOursInEachRound() throws IOException {
    Side ours = BOTH.getFirst().ours();
    Comparison peer = new Comparison("peer", ours, Optional.of(ours), new Goal.None());
    List<Comparison> goals = IntStream.range(0, 9).mapToObj(i -> new Comparison("goal " + i, ours, Optional.of(ours.inTurn("other")),
        i < 5 ? new Goal.Rate(1) : new Goal.None())).toList();
    rounds(2, Optional.empty()).measure(Stream.concat(Stream.of(peer), goals.stream()).toList());

    assertThat(measured).startsWith("peer").endsWith("peer, the other first");
  }

  @Test
  void whatIsBesideOursWithoutAGoalIsNotMeasuredInARoundWithoutOurs() throws IOException {
    Side ours = BOTH.getFirst().ours();
    Comparison goal = new Comparison("slow goal", ours, Optional.of(ours.inTurn("other")), new Goal.Rate(1));
    Comparison peer = new Comparison("peer", ours, Optional.of(ours), new Goal.None());
    rounds(2, Optional.of(Duration.ofSeconds(6 * SECONDS_OF_EACH))).measure(List.of(goal, peer));

    assertThat(measured).containsExactly("slow goal", "peer");
  }

  @Test
  void rowsHaveTheNoiseOfTheirRunIfEnoughOfThemTell() throws IOException {
    List<Comparison> ten = IntStream.range(0, 10).mapToObj(i -> comparison("row " + i)).toList();

    assertThat(rowsWithBaselines(ten.subList(0, 7))).extracting(Row::noise).containsOnly(Optional.empty());
    assertThat(rowsWithBaselines(ten)).extracting(Row::noise).hasSize(10).allMatch(Optional::isPresent).containsOnly(
        Noise.of(rowsWithBaselines(ten)));
  }

  /** Each second round's ratio is twice the first one's. */
  private static List<Row> rowsWithBaselines(List<Comparison> comparisons) throws IOException {
    Rounds rounds = new Rounds(new Plan(1, 2, 1, 1, TimeValue.seconds(1), Optional.empty()), (_, oursFirst) -> new Round(score(1),
        Optional.of(score(oursFirst ? 1 : 2))), () -> 0, _ -> {});
    rounds.measure(comparisons);
    return rounds.rows("2026-11-21");
  }

  private static Score score(double value) {
    return new Score(value, Optional.empty());
  }

  @Test
  void theFirstRoundIsMeasuredWhateverItTakes() throws IOException {
    Rounds rounds = rounds(5, Optional.of(Duration.ofSeconds(1)));
    rounds.measure(BOTH);

    assertThat(rounds.rows("2026-11-21")).extracting(Row::rounds).containsExactly(1, 1);
  }

  @Test
  void whatFailsIsLeftOutAndToldAndTheRestIsMeasured() throws IOException {
    Rounds rounds = rounds(2, Optional.empty());
    rounds.measure(List.of(comparison("broken"), comparison("second")));

    assertThat(measured).containsExactly("broken", "second", "second, the other first");
    assertThat(rounds.rows("2026-11-21")).extracting(Row::title).containsExactly("second");
    assertThat(rounds.failures()).containsExactly("broken: no such memory");
    assertThat(progress).contains("failed: broken: no such memory");
  }

  @Test
  void whereNothingIsLeftNothingWasMeasured() throws IOException {
    Rounds rounds = rounds(1, Optional.empty());
    rounds.measure(List.of(comparison("broken")));

    assertThat(rounds.rows("2026-11-21")).isEmpty();
    assertThat(rounds.counts()).isEqualTo("nothing was measured");
  }

  @Test
  void progressTellsTheTime() throws IOException {
    rounds(1, Optional.empty()).measure(BOTH);

    assertThat(progress).containsExactly("round 1 of 1, 0:00: first", "round 1 of 1, 0:10: second");
  }
}

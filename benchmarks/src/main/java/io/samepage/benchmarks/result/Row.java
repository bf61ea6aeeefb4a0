package io.samepage.benchmarks.result;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A row of the table. The ratio is taken round by round, so its median need not be the ratio of the medians.
 *
 * @param title what was measured
 * @param command what measures it again
 * @param measured the run that it is of
 * @param ratio how fast ours is beside the baseline, more is better; with the lowest and the highest of the rounds
 * @param goal what was to be reached
 * @param met whether the median reached it; empty if there is no goal
 * @param unit of the values, {@link Goal#NANOS} of times
 * @param ours our time or amount
 * @param baseline the other side's
 * @param excess by how much ours is more than the baseline's, round by round
 * @param oursAllocatedBytes what ours allocates on the Java heap
 * @param rounds how often both sides were measured
 * @param noise how ratios scatter in that run, if enough of its rows tell
 * @param parameters of the benchmark
 * @param counts what both sides counted by themselves, an operation, the mean of the rounds: by who counted and what
 * @param histogram how many of our operations took so many nanoseconds or more, up to the next, in all rounds
 * @param baselineHistogram the same of the baseline
 */
public record Row(String title, String command, String measured, Optional<Spread> ratio, String goal, Optional<Boolean> met, String unit,
    Spread ours, Optional<Spread> baseline, Optional<Spread> excess, Optional<Spread> oursAllocatedBytes, int rounds,
    Optional<Noise> noise, Map<String, String> parameters, Map<String, Map<String, Double>> counts, Map<Long, Long> histogram,
    Map<Long, Long> baselineHistogram) {

  /** What files leave out is empty; maps are in the order of their keys. */
  public Row {
    parameters = sorted(parameters);
    counts = sorted(counts);
    histogram = sorted(histogram);
    baselineHistogram = sorted(baselineHistogram);
  }

  private static <K, V> Map<K, V> sorted(Map<K, V> map) {
    return new TreeMap<>(Objects.requireNonNullElse(map, Map.of()));
  }

  /**
   * Puts both sides of a comparison side by side.
   *
   * @param comparison the comparison
   * @param rounds what was measured
   * @param measured the run
   * @return the row, which knows nothing of the others of its run
   */
  public static Row of(Comparison comparison, List<Round> rounds, String measured) {
    Goal goal = comparison.goal();
    Spread ours = Spread.of(rounds.stream().map(round -> round.ours().value()).toList());
    Optional<Spread> baseline = spread(rounds, round -> round.baseline().map(Score::value));
    Optional<Spread> ratio = spread(rounds, Round::ratio);
    Optional<Spread> excess = spread(rounds, Round::excess);
    Optional<Spread> bytes = spread(rounds, round -> round.ours().allocatedBytes());
    Optional<Boolean> met = goal.isMet(ours.median(), median(bytes), median(ratio), median(excess));
    return new Row(comparison.title(), comparison.command(), measured, ratio, goal.text(), met, goal.unit(), ours, baseline,
        excess, bytes, rounds.size(), Optional.empty(), comparison.ours().parameters(), counts(comparison, rounds),
        histogram(rounds, round -> Optional.of(round.ours())), histogram(rounds, Round::baseline));
  }

  /**
   * This row beside the others of its run.
   *
   * @param pooled what they tell together
   * @return the row with that
   */
  public Row with(Optional<Noise> pooled) {
    return new Row(title, command, measured, ratio, goal, met, unit, ours, baseline, excess, oursAllocatedBytes, rounds, pooled, parameters,
        counts, histogram, baselineHistogram);
  }

  /**
   * Where the ratio of another run with as many rounds is to be expected.
   *
   * @return the bounds, by the noise of the run where that is known, else by the row's own rounds; empty if there is no ratio, or if
   *     neither tells
   */
  public Optional<Spread> expectedRatio() {
    return ratio.flatMap(spread -> noise.flatMap(known -> known.expected(spread, rounds)).or(() -> spread.expected(rounds)));
  }

  /**
   * Judges what was measured by another goal.
   *
   * @param other the goal
   * @return whether it is met; empty if what it takes was not measured
   */
  public Optional<Boolean> meets(Goal other) {
    boolean isKnown = switch (other) {
      case Goal.Rate _ -> ratio.isPresent();
      case Goal.Excess _ -> excess.isPresent();
      case Goal.Cost _ -> oursAllocatedBytes.isPresent();
      case Goal.Time _ -> unit.equals(other.unit());
      case Goal.Amount _ -> unit.equals(other.unit());
      case Goal.None _ -> false;
    };
    return isKnown ? other.isMet(ours.median(), median(oursAllocatedBytes), median(ratio), median(excess)) : Optional.empty();
  }

  private static Optional<Double> median(Optional<Spread> spread) {
    return spread.map(Spread::median);
  }

  private static Optional<Spread> spread(List<Round> rounds, Function<Round, Optional<Double>> value) {
    List<Double> values = rounds.stream().map(value).flatMap(Optional::stream).toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  private static Map<String, Map<String, Double>> counts(Comparison comparison, List<Round> rounds) {
    Map<String, Map<String, Double>> counts = new HashMap<>();
    add(counts, comparison.ours(), rounds.stream().map(Round::ours).toList());
    comparison.baseline().ifPresent(side -> add(counts, side, rounds.stream().map(Round::baseline).flatMap(Optional::stream).toList()));
    return counts;
  }

  private static void add(Map<String, Map<String, Double>> counts, Side side, List<Score> scores) {
    Map<String, Double> sum = new TreeMap<>();
    scores.forEach(score -> score.counts().forEach((name, count) -> sum.merge(name, count / scores.size(), Double::sum)));
    if (!sum.isEmpty()) {
      counts.put(side.who(), sum);
    }
  }

  private static Map<Long, Long> histogram(List<Round> rounds, Function<Round, Optional<Score>> side) {
    Map<Long, Long> sum = new HashMap<>();
    rounds.stream().map(side).flatMap(Optional::stream).forEach(score -> score.histogram().forEach((from, count) -> sum.merge(from, count,
        Long::sum)));
    return sum;
  }
}

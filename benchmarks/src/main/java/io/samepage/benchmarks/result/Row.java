package io.samepage.benchmarks.result;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A row of the table. The ratio is taken round by round, so its median need not be the ratio of the medians.
 *
 * @param title what was measured
 * @param command what measures it again
 * @param ratio how fast ours is beside the baseline, more is better
 * @param goal what was to be reached
 * @param met whether the median reached it; empty if there is no goal
 * @param oursNanos our time
 * @param baselineNanos the other side's time
 * @param oursAllocatedBytes what ours allocates on the Java heap
 * @param rounds how often both sides were measured
 */
public record Row(String title, String command, Optional<Spread> ratio, String goal, Optional<Boolean> met, Spread oursNanos,
    Optional<Spread> baselineNanos, Optional<Spread> oursAllocatedBytes, int rounds) {

  /**
   * Puts both sides of a comparison side by side.
   *
   * @param comparison the comparison
   * @param rounds what was measured
   * @return the row
   */
  public static Row of(Comparison comparison, List<Round> rounds) {
    Spread ours = Spread.of(rounds.stream().map(round -> round.ours().nanos()).toList());
    Optional<Spread> baseline = spread(rounds, round -> round.baseline().map(Score::nanos));
    Optional<Spread> ratio = spread(rounds, Round::ratio);
    Optional<Spread> bytes = spread(rounds, round -> round.ours().allocatedBytes());
    Optional<Boolean> met = comparison.goal().isMet(ours.median(), bytes.map(Spread::median), ratio.map(Spread::median),
        spread(rounds, Round::excess).map(Spread::median));
    return new Row(comparison.title(), comparison.command(), ratio, comparison.goal().text(), met, ours, baseline, bytes,
        rounds.size());
  }

  private static Optional<Spread> spread(List<Round> rounds, Function<Round, Optional<Double>> value) {
    List<Double> values = rounds.stream().map(value).flatMap(Optional::stream).toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }
}

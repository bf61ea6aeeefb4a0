package io.samepage.benchmarks;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Score;
import io.samepage.benchmarks.result.Side;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures ours once for several others that it is beside without a goal, also where these aren't there: what was measured last for a row
 * with a goal, or for the first of them. Rows with a goal have both sides measured together, and so have those that are run in turn.
 */
final class SharingMeter implements Meter {
  /** What was measured, and for which row. */
  private record Known(Score score, Comparison comparison) {}

  private final Meter meter;
  private final Map<Side, Known> ours = new HashMap<>();

  SharingMeter(Meter meter) {
    this.meter = meter;
  }

  @Override
  public Round measure(Comparison comparison, boolean oursFirst) throws RunnerException, IOException {
    Known known = ours.get(comparison.ours());
    if (known == null || !(comparison.goal() instanceof Goal.None) || isItsOwn(known, comparison)) {
      Round round = meter.measure(comparison, oursFirst);
      ours.put(comparison.ours(), new Known(round.ours(), comparison));
      return round;
    }
    if (comparison.baseline().isEmpty()) {
      return new Round(known.score, Optional.empty());
    }
    Comparison alone = new Comparison(comparison.title(), comparison.baseline().get(), Optional.empty(), comparison.goal());
    return new Round(known.score, Optional.of(meter.measure(alone, oursFirst).ours()));
  }

  /** What stands alone in a row of its own is measured in each round, and so is what is run in turn. */
  private static boolean isItsOwn(Known known, Comparison comparison) {
    return comparison.isInTurn() || comparison.baseline().isEmpty() && known.comparison.equals(comparison);
  }
}

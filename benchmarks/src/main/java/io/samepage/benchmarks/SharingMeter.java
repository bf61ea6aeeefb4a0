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
 * Measures ours once for several others that it is beside without a goal: what was measured last for a row with a goal, or for the first of
 * them. Rows with a goal have both sides measured one right behind the other.
 */
final class SharingMeter implements Meter {
  private final Meter meter;
  private final Map<Side, Score> ours = new HashMap<>();

  SharingMeter(Meter meter) {
    this.meter = meter;
  }

  @Override
  public Round measure(Comparison comparison, boolean oursFirst) throws RunnerException, IOException {
    Score known = ours.get(comparison.ours());
    Optional<Side> other = comparison.baseline();
    if (known == null || other.isEmpty() || !(comparison.goal() instanceof Goal.None)) {
      Round round = meter.measure(comparison, oursFirst);
      ours.put(comparison.ours(), round.ours());
      return round;
    }
    Comparison alone = new Comparison(comparison.title(), other.get(), Optional.empty(), comparison.goal());
    return new Round(known, Optional.of(meter.measure(alone, oursFirst).ours()));
  }
}

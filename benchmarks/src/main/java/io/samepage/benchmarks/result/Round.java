package io.samepage.benchmarks.result;

import java.util.Optional;

/**
 * Both sides, measured one right after the other: what disturbs the machine for longer disturbs both.
 *
 * @param ours our side
 * @param baseline the other side, if there is one
 */
public record Round(Score ours, Optional<Score> baseline) {
  /** {@return by how much ours takes longer than the baseline} */
  Optional<Double> excess() {
    return baseline.map(other -> ours.value() - other.value());
  }

  /** {@return how fast ours is beside the baseline: the baseline's time through ours} */
  Optional<Double> ratio() {
    return baseline.map(other -> other.value() / ours.value());
  }
}

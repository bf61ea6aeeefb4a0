package io.samepage.benchmarks.result;

import java.util.Map;
import java.util.Optional;

/**
 * What one side took in one round.
 *
 * @param value the time of an operation in nanoseconds: the middle one of the round, or the mean where the benchmark takes the time itself;
 *     or an amount, where the goal is about one
 * @param allocatedBytes what an operation allocates on the Java heap; empty where what prepares each operation would count too
 * @param counts what the benchmark counts by itself, an operation, by name
 * @param histogram how many operations took so many nanoseconds or more, up to the next; empty where operations are not told apart
 */
public record Score(double value, Optional<Double> allocatedBytes, Map<String, Double> counts, Map<Long, Long> histogram) {
  /**
   * A score of which nothing else is known.
   *
   * @param value the value
   * @param allocatedBytes what was allocated
   */
  public Score(double value, Optional<Double> allocatedBytes) {
    this(value, allocatedBytes, Map.of(), Map.of());
  }
}

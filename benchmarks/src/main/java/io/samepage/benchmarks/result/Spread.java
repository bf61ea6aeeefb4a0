package io.samepage.benchmarks.result;

import java.util.Collection;

/**
 * Several measurements of the same thing.
 *
 * @param low the lowest
 * @param median the middle one
 * @param high the highest
 */
public record Spread(double low, double median, double high) {
  /**
   * The spread of values.
   *
   * @param values at least one
   * @return their spread
   */
  public static Spread of(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("Nothing was measured");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(sorted[0], median, sorted[sorted.length - 1]);
  }
}

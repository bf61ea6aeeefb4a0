package io.samepage.benchmarks.result;

import java.util.Collection;
import java.util.Optional;

/**
 * Several measurements of the same thing.
 *
 * @param low the lowest
 * @param median the middle one
 * @param high the highest
 */
public record Spread(double low, double median, double high) {
  /**
   * By how many measurements they are of: so many times as far from the median as the farthest of them lies the median of as many others
   * in one case of a hundred. Found by trying; it is nearly the same whether figures scatter evenly or have a few that are far off.
   */
  private static final double[] FACTORS = {0, 0, 0, 6.6, 3.1, 2, 1.6, 1.3, 1.15, 1};
  /** Of fewer measurements alone nothing is to be expected. */
  static final int LEAST = 3;

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

  /**
   * Where the median lies if the same is measured as often again, in 99 cases of 100. The lowest and the highest don't tell: each sixth
   * time the median of five others lies outside of them.
   *
   * @param count how many measurements these are
   * @return the bounds around the same median, or nothing where so few tell nothing
   */
  public Optional<Spread> expected(int count) {
    if (count < LEAST) {
      return Optional.empty();
    }
    double distance = Math.max(median - low, high - median) * FACTORS[Math.min(count, FACTORS.length - 1)];
    return Optional.of(new Spread(low < 0 ? median - distance : Math.max(0, median - distance), median, median + distance));
  }

  /**
   * Whether a value lies within the bounds.
   *
   * @param value the value
   * @return whether it does
   */
  public boolean has(double value) {
    return low <= value && value <= high;
  }
}

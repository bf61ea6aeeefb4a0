package io.samepage.benchmarks.footprint;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a {@link Tally} or a state like it has counted: one that finds several figures names them so that they end in {@value #COUNT}; how
 * many runs they are of is called as in a tally.
 */
public final class Tallied {
  /** What an amount of 1 is in a tally. */
  static final double ONE = 1e6;

  private static final String AMOUNT = "amountMillionths";
  private static final String AMOUNTS = "amounts";
  private static final String COUNT = "Count";

  private Tallied() {}

  /**
   * The mean of the amounts.
   *
   * @param results what JMH has beside the time, by name
   * @return it, or nothing if there are none
   */
  public static Optional<Double> amount(Map<String, Double> results) {
    return amounts(results).filter(count -> results.containsKey(AMOUNT)).map(count -> results.get(AMOUNT) / ONE / count);
  }

  /**
   * The other figures of a benchmark.
   *
   * @param results what JMH has beside the time, by name
   * @return the figures by name without what it ends in, each through the number of amounts
   */
  public static Map<String, Double> counts(Map<String, Double> results) {
    return amounts(results).map(count -> results.entrySet().stream().filter(entry -> entry.getKey().endsWith(COUNT))
        .collect(Collectors.toMap(entry -> entry.getKey().substring(0, entry.getKey().length() - COUNT.length()),
            entry -> entry.getValue() / count))).orElse(Map.of());
  }

  private static Optional<Double> amounts(Map<String, Double> results) {
    return Optional.ofNullable(results.get(AMOUNTS)).filter(count -> count > 0);
  }
}

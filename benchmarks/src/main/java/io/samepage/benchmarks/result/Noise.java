package io.samepage.benchmarks.result;

import java.util.List;
import java.util.Optional;

/**
 * By how much the ratio of one round differs from that of another, typically in one run: what its rows tell about each other. Of one or two
 * rounds alone nothing could be told.
 *
 * <p>A row's deviation is taken from its range, as control charts take it (W. A. Shewhart, Economic Control of Quality of Manufactured
 * Product, 1931), and moderated by that of all rows (G. K. Smyth, Linear models and empirical Bayes methods for assessing differential
 * expression in microarray experiments, 2004): a row with few rounds is taken for as noisy as the others, one with more for what it shows.
 *
 * @param deviation the standard deviation of the natural logarithm of a round's ratio
 */
public record Noise(double deviation) {
  /**
   * By the number of rounds: the root mean square of the range of so many normal values of deviation 1. Squares are pooled, so it takes the
   * place of the mean of the range, Shewhart's d2, by which the mean square of two rounds comes out 1.57 times too large.
   */
  private static final double[] RANGES = {0, 1, 1.414, 1.912, 2.239, 2.481, 2.673, 2.830, 2.963, 3.078, 3.179};
  /** More rounds count as so many. */
  private static final int MOST = RANGES.length - 1;
  /**
   * Of fewer degrees of freedom the pooled deviation is itself too much by chance: of 5 rows of 2 rounds, at 0.5 as below, 98.0 of 100
   * medians lay where they were expected, of 8 rows 98.8.
   */
  private static final int LEAST = 8;
  /**
   * For so many degrees of freedom the other rows count; estimated as Smyth does it, from the rows of two rounds in the results of November
   * 2026, 4 came out, roughly. Tried on 60 rows of 1 to 3 rounds, whose own deviations' logarithms deviate by 0 (all alike), 0.5 or 1
   * (some 7 times as noisy as others): 99.98, 99.6 and 99.0 of 100 medians lay where they were expected, of rounds with more outliers
   * (Student's t of 4 degrees) 99.8, 99.5 and 99.0. With 2 in place of 4 the intervals of one round were twice as wide, with 6 they had
   * 97.9 at 1.
   */
  private static final int PRIOR = 4;
  /** Student's t that is exceeded in one case of 100, to either side, from so many degrees of freedom on. */
  private static final double[] QUANTILES = {4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169, 3.106, 3.055, 3.012};
  /** By so much, about, medians of three to ten values scatter more than means. */
  private static final double MEDIAN = 1.2;

  /**
   * What the rows of a run tell together.
   *
   * @param rows the rows of one run; those without a ratio or of one round tell nothing
   * @return their pooled noise, or nothing if there are too few
   */
  public static Optional<Noise> of(List<Row> rows) {
    int freedom = 0;
    double squares = 0;
    for (Row row : rows) {
      Optional<Spread> ratio = row.ratio().filter(Noise::hasLogarithms);
      if (ratio.isPresent()) {
        int count = Math.min(row.rounds(), MOST);
        freedom += count - 1;
        squares += squares(ratio.get(), count);
      }
    }
    return freedom < LEAST ? Optional.empty() : Optional.of(new Noise(Math.sqrt(squares / freedom)));
  }

  /**
   * Where the median lies if the same is measured as often again, in 99 cases of 100.
   *
   * @param ratio the ratio of a row of this run
   * @param rounds how many rounds it is of, at least one
   * @return the bounds around the same median, or nothing if it has no logarithm
   */
  public Optional<Spread> expected(Spread ratio, int rounds) {
    if (!hasLogarithms(ratio)) {
      return Optional.empty();
    }
    int count = Math.min(rounds, MOST);
    double variance = (PRIOR * deviation * deviation + squares(ratio, count)) / (PRIOR + count - 1);
    // Both medians scatter, this one and the other.
    double scatter = Math.sqrt(variance * 2 / count) * (count < Spread.LEAST ? 1 : MEDIAN);
    double factor = Math.exp(QUANTILES[count - 1] * scatter);
    return Optional.of(new Spread(ratio.median() / factor, ratio.median(), ratio.median() * factor));
  }

  private static boolean hasLogarithms(Spread ratio) {
    return ratio.low() > 0 && ratio.high() < Double.POSITIVE_INFINITY;
  }

  /** The squares of the rounds' deviations from their middle, added up, as far as their range tells. */
  private static double squares(Spread ratio, int count) {
    double own = Math.log(ratio.high() / ratio.low()) / RANGES[count];
    return (count - 1) * own * own;
  }
}

package io.samepage.benchmarks.result;

import static io.samepage.benchmarks.result.Rows.alone;
import static io.samepage.benchmarks.result.Rows.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final Noise TENTH = new Noise(0.1);

  /** A row of which the logarithms of the lowest and the highest round lie so far apart. */
  private static Row row(double range, int rounds) {
    return pair("row", "2026-11-21", new Spread(Math.exp(-range / 2), 1, Math.exp(range / 2)), rounds);
  }

  private static double pooled(List<Row> rows) {
    return Noise.of(rows).orElseThrow().deviation();
  }

  /** By how much a row's logarithm may differ in another run of this noise. */
  private static double width(double range, int rounds) {
    return Math.log(TENTH.expected(row(range, rounds).ratio().orElseThrow(), rounds).orElseThrow().high());
  }

  @Test
  void whatRowsTellIsTheRootOfTheMeanOfTheirSquares() {
    List<Row> quiet = Collections.nCopies(4, row(Math.sqrt(2) * 0.1, 2));
    List<Row> noisy = Collections.nCopies(4, row(Math.sqrt(2) * 0.3, 2));

    assertThat(pooled(Stream.concat(quiet.stream(), noisy.stream()).toList())).isCloseTo(Math.sqrt(0.05), within(1e-4));
  }

  @Test
  void rowsOfMoreRoundsCountForMore() {
    List<Row> rows = List.of(row(2.481 * 0.1, 5), row(2.481 * 0.1, 5), row(Math.sqrt(2) * 0.3, 2));

    assertThat(pooled(rows)).isCloseTo(Math.sqrt((8 * 0.01 + 0.09) / 9), within(1e-4));
  }

  @Test
  void whatHasNoRatioOrOneRoundOrNoLogarithmTellsNothing() {
    List<Row> telling = Collections.nCopies(8, row(0.1, 2));
    List<Row> others = List.of(alone("time", 10, 0), row(0, 1), pair("zero", "2026-11-21", new Spread(0, 1, 2), 5),
        pair("endless", "2026-11-21", new Spread(1, 2, Double.POSITIVE_INFINITY), 5));

    assertThat(Noise.of(Stream.concat(telling.stream(), others.stream()).toList())).isEqualTo(Noise.of(telling));
    assertThat(Noise.of(others)).isEmpty();
  }

  @Test
  void fewerThanEightRoundsBesideTheFirstOnesTellNothing() {
    assertThat(Noise.of(Collections.nCopies(7, row(0.1, 2)))).isEmpty();
    assertThat(Noise.of(List.of(row(0.1, 5), row(0.1, 5)))).isPresent();
    assertThat(Noise.of(List.of())).isEmpty();
  }

  @Test
  void aRowOfOneRoundIsTakenForAsNoisyAsTheOthers() {
    Spread expected = TENTH.expected(new Spread(0.5, 0.5, 0.5), 1).orElseThrow();

    assertThat(expected.median()).isEqualTo(0.5);
    assertThat(Math.log(expected.high() / 0.5)).isCloseTo(4.604 * 0.1 * Math.sqrt(2), within(1e-9));
    assertThat(Math.log(0.5 / expected.low())).isCloseTo(4.604 * 0.1 * Math.sqrt(2), within(1e-9));
  }

  @Test
  void theMoreRoundsTheMoreARowsOwnCount() {
    assertThat(width(0, 2)).isCloseTo(4.032 * Math.sqrt(0.04 / 5), within(1e-9));
    assertThat(width(0.1 * Math.sqrt(2), 2)).isCloseTo(4.032 * 0.1, within(1e-4));
    assertThat(width(0.1 * 2.481, 5)).isCloseTo(3.355 * 0.1 * Math.sqrt(0.4) * 1.2, within(1e-9));
    assertThat(width(0, 5) / width(0.2481, 5)).isLessThan(width(0, 3) / width(0.1912, 3));
    assertThat(width(1, 100)).isEqualTo(width(1, 10));
  }

  @Test
  void aRatioWithoutALogarithmIsLeftToItsOwnRounds() {
    Spread zero = new Spread(0, 1, 2);

    assertThat(TENTH.expected(zero, 5)).isEmpty();
    assertThat(pair("row", "2026-11-21", zero, 5).with(Optional.of(TENTH)).expectedRatio()).isEqualTo(zero.expected(5));
    assertThat(row(0.1, 2).expectedRatio()).isEmpty();
    assertThat(row(0.1, 2).with(Optional.of(TENTH)).expectedRatio()).isPresent();
  }

  @Test
  void mostlyTheMediansOfAnotherRunLieWhereTheyWereExpectedThoughSomeRowsAreNoisierThanOthers() {
    // Deviations whose own logarithms deviate by so much; in the results of November 2026 it was about 0.4.
    assertThat(shareWithin(0)).isBetween(0.995, 1.0);
    assertThat(shareWithin(0.5)).isBetween(0.99, 0.999);
    assertThat(shareWithin(1)).isBetween(0.985, 0.997);
  }

  /** The share of medians of a second run that lie where the first one lets expect them, of 60 rows of 1 to 3 rounds, 300 times. */
  private static double shareWithin(double uneven) {
    Random random = new Random(7);
    return IntStream.range(0, 300).mapToDouble(_ -> {
      double[] deviations = DoubleStream.generate(() -> 0.06 * Math.exp(uneven * random.nextGaussian())).limit(60).toArray();
      List<Row> first = run(random, deviations);
      List<Row> second = run(random, deviations);
      Optional<Noise> noise = Noise.of(first);
      return IntStream.range(0, first.size()).filter(i -> first.get(i).with(noise).expectedRatio().orElseThrow()
          .has(second.get(i).ratio().orElseThrow().median())).count() / (double) first.size();
    }).average().orElseThrow();
  }

  private static List<Row> run(Random random, double... deviations) {
    return IntStream.range(0, deviations.length).mapToObj(i -> {
      int rounds = 1 + i % 3;
      List<Double> ratios = DoubleStream.generate(() -> Math.exp(deviations[i] * random.nextGaussian())).limit(rounds).boxed().toList();
      return pair("row " + i, "2026-11-21", Spread.of(ratios), rounds);
    }).toList();
  }
}

package io.samepage.benchmarks.result;

import static io.samepage.benchmarks.result.Rows.alone;
import static io.samepage.benchmarks.result.Rows.amount;
import static io.samepage.benchmarks.result.Rows.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Change.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeTest {
  private static final String DAY = "2026-11-21";

  private static Kind kind(Row before, Row after) {
    return Change.between(List.of(before), List.of(after)).getFirst().kind();
  }

  private static Row row(int rounds, double low, double median, double high) {
    return pair("row", DAY, new Spread(low, median, high), rounds);
  }

  @Test
  void aRatioThatFellBelowTheSpreadsOfBothIsWorse() {
    assertThat(kind(row(9, 0.9, 1, 1.1), row(9, 0.7, 0.8, 0.9))).isEqualTo(Kind.WORSE);
    assertThat(kind(row(9, 0.8, 1, 1.1), row(9, 0.75, 0.8, 0.85))).isEqualTo(Kind.SAME);
    assertThat(kind(row(9, 0.9, 1, 1.1), row(9, 0.6, 0.8, 0.9))).isEqualTo(Kind.SAME);
  }

  @Test
  void aRatioThatRoseAboveTheSpreadsOfBothIsBetter() {
    assertThat(kind(row(9, 0.9, 1, 1.1), row(9, 1.11, 1.2, 1.3))).isEqualTo(Kind.BETTER);
    assertThat(kind(row(9, 0.9, 1, 1.1), row(9, 0.99, 1.2, 1.3))).isEqualTo(Kind.SAME);
  }

  @Test
  void ofFewRoundsASpreadCountsForMoreThanItShows() {
    assertThat(kind(row(3, 0.99, 1, 1.05), row(3, 0.7, 0.71, 0.73))).isEqualTo(Kind.SAME);
    assertThat(kind(row(3, 0.99, 1, 1.04), row(3, 0.7, 0.71, 0.73))).isEqualTo(Kind.WORSE);
  }

  @Test
  void twoRoundsAloneTellNothing() {
    assertThat(kind(row(2, 1, 1, 1), row(5, 0.1, 0.1, 0.1))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(row(5, 1, 1, 1), row(2, 0.1, 0.1, 0.1))).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void whereOthersOfTheirRunTellFewRoundsAreEnough() {
    // Of one round the factor is exp(4.604 · 0.05 · √2) = 1.38.
    Optional<Noise> noise = Optional.of(new Noise(0.05));
    Row before = row(1, 1, 1, 1).with(noise);

    assertThat(kind(before, row(1, 0.74, 0.74, 0.74).with(noise))).isEqualTo(Kind.SAME);
    assertThat(kind(before, row(1, 0.71, 0.71, 0.71).with(noise))).isEqualTo(Kind.WORSE);
    assertThat(kind(before, row(2, 1.45, 1.45, 1.45).with(noise))).isEqualTo(Kind.BETTER);
    assertThat(kind(before, row(2, 0.1, 0.1, 0.1))).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void ofAmountsMoreIsWorse() {
    Row before = amount("row", new Spread(0.5, 0.5, 0.6), "bytes a page");

    assertThat(kind(before, amount("row", new Spread(0.7, 0.8, 0.9), "bytes a page"))).isEqualTo(Kind.WORSE);
    assertThat(kind(before, amount("row", new Spread(0.1, 0.2, 0.3), "bytes a page"))).isEqualTo(Kind.BETTER);
    assertThat(kind(before, amount("row", new Spread(0.65, 0.8, 0.9), "bytes a page"))).isEqualTo(Kind.SAME);
  }

  @Test
  void equalAmountsAreTheSameHoweverFewRoundsTheyAreOf() {
    Spread one = new Spread(1, 1, 1);
    Row before = amount("row", one, "bytes a page", 1);

    assertThat(kind(before, amount("row", one, "bytes a page", 1))).isEqualTo(Kind.SAME);
    assertThat(kind(before, amount("row", one, "bytes a page", 2))).isEqualTo(Kind.SAME);
    assertThat(kind(before, amount("row", new Spread(1.004, 1.004, 1.004), "bytes a page", 1))).as("shown as equal").isEqualTo(Kind.SAME);
    assertThat(kind(before, amount("row", new Spread(1.006, 1.006, 1.006), "bytes a page", 1))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(before, amount("row", one, "pages", 1))).isEqualTo(Kind.UNKNOWN);
    assertThat(kind(row(1, 1, 1, 1), row(1, 1, 1, 1))).isEqualTo(Kind.UNKNOWN);
  }

  @Test
  void timesAloneAreNotCompared() {
    assertThat(Change.between(List.of(alone("row", 10, 0)), List.of(alone("row", 1000, 0)))).isEmpty();
  }

  @Test
  void rowsOfOneSideAreTold() {
    List<Change> changes = Change.between(List.of(pair("old", 1), pair("both", 1)), List.of(pair("both", 1), pair("new", 1)));

    assertThat(changes).extracting(Change::title).containsExactly("both", "new", "old");
    assertThat(changes).extracting(Change::kind).containsExactly(Kind.SAME, Kind.NEW, Kind.GONE);
  }
}

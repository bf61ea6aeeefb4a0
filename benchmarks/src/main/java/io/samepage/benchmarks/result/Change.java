package io.samepage.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a row between two results. What is compared is the ratio; of a row without one the amount, if it is about an amount: times
 * alone tell as much of the machine.
 *
 * @param title the row
 * @param before what it was, and where another run's was to be expected
 * @param after what it is, likewise
 * @param kind what that means
 */
public record Change(String title, Optional<Spread> before, Optional<Spread> after, Kind kind) {
  /** What a change means. */
  public enum Kind {
    /** Worse, and each outside of the other's spread. */
    WORSE,
    /** Better, and each outside of the other's spread. */
    BETTER,
    /** Within a spread, or an amount that is equal to two decimals. */
    SAME,
    /** Nothing can be told: so few rounds have no spread, nor do others of their run tell. */
    UNKNOWN,
    /** There was no such row, or it has nothing to compare. */
    NEW,
    /** There is no such row any more, or it has nothing to compare. */
    GONE
  }

  /**
   * Compares.
   *
   * @param before the rows that were
   * @param after the rows that are
   * @return what became of each that has something to compare on a side, in the order of those that are
   */
  public static List<Change> between(List<Row> before, List<Row> after) {
    List<Change> changes = new ArrayList<>();
    for (Row row : after) {
      Optional<Row> old = before.stream().filter(other -> other.title().equals(row.title())).findFirst();
      of(row.title(), old, Optional.of(row)).ifPresent(changes::add);
    }
    before.stream().filter(row -> after.stream().noneMatch(other -> other.title().equals(row.title())))
        .forEach(row -> of(row.title(), Optional.of(row), Optional.empty()).ifPresent(changes::add));
    return changes;
  }

  private static Optional<Change> of(String title, Optional<Row> old, Optional<Row> now) {
    Optional<Spread> before = old.flatMap(Change::compared);
    Optional<Spread> after = now.flatMap(Change::compared);
    if (before.isEmpty() && after.isEmpty()) {
      return Optional.empty();
    }
    Kind kind = before.isEmpty() ? Kind.NEW : after.isEmpty() ? Kind.GONE : kind(old.get(), now.get());
    return Optional.of(new Change(title, before, after, kind));
  }

  private static Optional<Spread> compared(Row row) {
    Optional<Spread> found = row.ratio().isPresent() || row.unit().equals(Goal.NANOS) ? row.ratio() : Optional.of(row.ours());
    return found.map(spread -> expected(row).orElse(spread));
  }

  private static Optional<Spread> expected(Row row) {
    return row.ratio().isPresent() ? row.expectedRatio() : row.ours().expected(row.rounds());
  }

  /** What is counted is much the same in every run, so that amounts equal to two decimals tell enough, however few rounds they are of. */
  private static boolean isSameAmount(Row old, Row now) {
    return old.ratio().isEmpty() && now.ratio().isEmpty() && old.unit().equals(now.unit()) && hundredths(old) == hundredths(now);
  }

  private static long hundredths(Row row) {
    return Math.round(100 * row.ours().median());
  }

  private static Kind kind(Row old, Row now) {
    if (isSameAmount(old, now)) {
      return Kind.SAME;
    }
    boolean isRatio = now.ratio().isPresent();
    Optional<Spread> before = expected(old);
    Optional<Spread> after = expected(now);
    if (isRatio != old.ratio().isPresent() || before.isEmpty() || after.isEmpty()) {
      return Kind.UNKNOWN;
    }
    Spread from = before.get();
    Spread to = after.get();
    if (from.has(to.median()) || to.has(from.median())) {
      return Kind.SAME;
    }
    // Of amounts less is better.
    return to.median() < from.median() == isRatio ? Kind.WORSE : Kind.BETTER;
  }
}

package io.samepage.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a row between two results. What is compared is the ratio; of a row without one the amount, if it is about an amount: times
 * alone tell as much of the machine.
 *
 * @param title the row
 * @param before what it was
 * @param after what it is
 * @param kind what that means
 */
public record Change(String title, Optional<Spread> before, Optional<Spread> after, Kind kind) {
  /** How much wider than it looks a spread of so many rounds may be: few rounds seldom show all of it. */
  private static final double[] WIDER = {0, 0, 4, 2, 1.5, 1};

  /** What a change means. */
  public enum Kind {
    /** Worse by more than the spreads of both. */
    WORSE,
    /** Better by more than the spreads of both. */
    BETTER,
    /** Within the spreads. */
    SAME,
    /** Nothing can be told: one round on a side has no spread. */
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
    return row.ratio().isPresent() || row.unit().equals(Goal.NANOS) ? row.ratio() : Optional.of(row.ours());
  }

  private static Kind kind(Row old, Row now) {
    boolean isRatio = now.ratio().isPresent();
    if (isRatio != old.ratio().isPresent() || Math.min(old.rounds(), now.rounds()) < 2) {
      return Kind.UNKNOWN;
    }
    Spread from = compared(old).orElseThrow();
    Spread to = compared(now).orElseThrow();
    // Of amounts less is better.
    if (isBeyond(from, old.rounds(), to, now.rounds())) {
      return isRatio ? Kind.WORSE : Kind.BETTER;
    }
    if (isBeyond(to, now.rounds(), from, old.rounds())) {
      return isRatio ? Kind.BETTER : Kind.WORSE;
    }
    return Kind.SAME;
  }

  /** Whether one spread lies above another, both widened around their medians. */
  private static boolean isBeyond(Spread upper, int upperRounds, Spread lower, int lowerRounds) {
    double least = upper.median() - (upper.median() - upper.low()) * wider(upperRounds);
    double most = lower.median() + (lower.high() - lower.median()) * wider(lowerRounds);
    return least > most;
  }

  private static double wider(int rounds) {
    return WIDER[Math.min(rounds, WIDER.length - 1)];
  }
}

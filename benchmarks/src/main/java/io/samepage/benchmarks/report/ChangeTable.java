package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Change;
import io.samepage.benchmarks.result.Change.Kind;
import java.util.List;
import java.util.Locale;

/** Changes as a table. */
public final class ChangeTable {
  private static final List<String> HEAD = List.of("what", "before (another run's)", "after (another run's)", "change");

  private ChangeTable() {}

  /**
   * The table.
   *
   * @param changes its rows
   * @return its lines
   */
  public static List<String> lines(List<Change> changes) {
    return Table.lines(HEAD, changes.stream().map(ChangeTable::cells).toList());
  }

  /**
   * How many changes are of each kind.
   *
   * @param changes the changes; what is on one side alone does not count
   * @return a line
   */
  public static String summary(List<Change> changes) {
    long same = count(changes, Kind.SAME);
    long better = count(changes, Kind.BETTER);
    long worse = count(changes, Kind.WORSE);
    long unknown = count(changes, Kind.UNKNOWN);
    return "within the spreads: %d of %d; better: %d, worse: %d; not to be told: %d".formatted(same, same + better + worse + unknown,
        better, worse, unknown);
  }

  private static long count(List<Change> changes, Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }

  private static List<String> cells(Change change) {
    return List.of(change.title(), Figures.orDash(change.before().map(Figures::ratio)), Figures.orDash(change.after().map(Figures::ratio)),
        change.kind().name().toLowerCase(Locale.ROOT));
  }
}

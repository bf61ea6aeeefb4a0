package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Change;
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

  private static List<String> cells(Change change) {
    return List.of(change.title(), Figures.orDash(change.before().map(Figures::ratio)), Figures.orDash(change.after().map(Figures::ratio)),
        change.kind().name().toLowerCase(Locale.ROOT));
  }
}

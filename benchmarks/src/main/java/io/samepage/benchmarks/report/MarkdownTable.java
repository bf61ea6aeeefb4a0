package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Row;
import java.util.List;

/** Rows as a table. */
public final class MarkdownTable {
  private static final List<String> HEAD = List.of("what", "ratio (another run's)", "goal", "met", "Samepage", "baseline",
      "heap bytes", "rounds", "measured", "command");

  private MarkdownTable() {}

  /**
   * The table.
   *
   * @param rows its rows
   * @return its lines
   */
  public static List<String> lines(List<Row> rows) {
    return Table.lines(HEAD, rows.stream().map(MarkdownTable::cells).toList());
  }

  private static List<String> cells(Row row) {
    return List.of(row.title(), Figures.ratio(row), row.goal(), Figures.met(row.met()), Figures.ours(row),
        Figures.baseline(row), Figures.bytes(row), "" + row.rounds(), row.measured(), "`" + row.command() + "`");
  }
}

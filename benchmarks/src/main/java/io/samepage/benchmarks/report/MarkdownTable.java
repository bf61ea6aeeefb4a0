package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rows as a table that reads well both as plain text and as Markdown. */
public final class MarkdownTable {
  private static final List<String> HEAD = List.of("what", "ratio (lowest to highest)", "goal", "met", "Samepage", "baseline",
      "heap bytes", "command");

  private MarkdownTable() {}

  /**
   * The table.
   *
   * @param rows its rows
   * @return its lines
   */
  public static List<String> lines(List<Row> rows) {
    List<List<String>> cells = new ArrayList<>(List.of(HEAD));
    rows.forEach(row -> cells.add(cells(row)));
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < HEAD.size(); column++) {
      int index = column;
      widths.add(cells.stream().mapToInt(row -> row.get(index).length()).max().orElseThrow());
    }
    List<String> lines = new ArrayList<>(cells.stream().map(row -> line(row, widths)).toList());
    lines.add(1, line(widths.stream().map("-"::repeat).toList(), widths));
    return lines;
  }

  private static List<String> cells(Row row) {
    return List.of(row.title(),
        orDash(row.ratio().map(MarkdownTable::ratio)),
        row.goal(),
        orDash(row.met().map(met -> met ? "yes" : "no")),
        time(row.oursNanos()),
        orDash(row.baselineNanos().map(MarkdownTable::time)),
        orDash(row.oursAllocatedBytes().map(bytes -> format("%,.0f", bytes.median()))),
        "`" + row.command() + "`");
  }

  private static String orDash(Optional<String> cell) {
    return cell.orElse("–");
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < cells.size(); column++) {
      line.append(' ').append(cells.get(column)).append(" ".repeat(widths.get(column) - cells.get(column).length())).append(" |");
    }
    return line.toString();
  }

  private static String ratio(Spread ratio) {
    return format("%.2f (%.2f to %.2f)", ratio.median(), ratio.low(), ratio.high());
  }

  private static String time(Spread nanos) {
    double median = nanos.median();
    if (median < 10_000) {
      return format("%.0f ns", median);
    }
    return median < 10_000_000 ? format("%.1f µs", median / 1e3) : format("%.2f ms", median / 1e6);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

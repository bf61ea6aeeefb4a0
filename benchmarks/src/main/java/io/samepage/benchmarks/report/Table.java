package io.samepage.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Cells as a table that reads well both as plain text and as Markdown. */
final class Table {
  private Table() {}

  static List<String> lines(List<String> head, List<List<String>> rows) {
    List<List<String>> cells = new ArrayList<>(List.of(head));
    cells.addAll(rows);
    List<Integer> widths = new ArrayList<>();
    for (int column = 0; column < head.size(); column++) {
      int index = column;
      widths.add(cells.stream().mapToInt(row -> row.get(index).length()).max().orElseThrow());
    }
    List<String> lines = new ArrayList<>(cells.stream().map(row -> line(row, widths)).toList());
    lines.add(1, line(widths.stream().map("-"::repeat).toList(), widths));
    return lines;
  }

  private static String line(List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int column = 0; column < cells.size(); column++) {
      line.append(' ').append(cells.get(column)).append(" ".repeat(widths.get(column) - cells.get(column).length())).append(" |");
    }
    return line.toString();
  }
}

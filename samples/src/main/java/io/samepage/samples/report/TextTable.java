package io.samepage.samples.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as their widest cell. */
public final class TextTable {
  private static final String GAP = "   ";

  private final boolean alignsRight;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param alignsRight whether columns behind the first are aligned to the right, as numbers are
   */
  public TextTable(boolean alignsRight) {
    this.alignsRight = alignsRight;
  }

  /**
   * Adds a row; all rows have as many cells.
   *
   * @param cells its cells
   * @return this table
   */
  public TextTable row(String... cells) {
    rows.add(cells);
    return this;
  }

  /** {@return the rows as lines of text, without spaces at their ends} */
  public List<String> lines() {
    return rows.stream().map(this::line).toList();
  }

  private String line(String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.length; column++) {
      String padding = " ".repeat(width(column) - cells[column].length());
      line.append(column == 0 ? "" : GAP);
      line.append(alignsRight && column > 0 ? padding + cells[column] : cells[column] + padding);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(cells -> cells[column].length()).max().orElse(0);
  }
}

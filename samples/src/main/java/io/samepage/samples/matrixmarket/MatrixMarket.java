package io.samepage.samples.matrixmarket;

import io.samepage.samples.matrixmarket.Header.Field;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads sparse matrices in Matrix Market's coordinate form: general and symmetric; real, integer and pattern; as text or
 * gzipped text.
 */
public final class MatrixMarket {
  private final Lines lines;

  private MatrixMarket(Lines lines) {
    this.lines = lines;
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @return its matrix
   * @throws MatrixMarketException if the file is missing, damaged, truncated, of another format, or has an index out of bounds
   * @throws IOException if the file can't be closed
   */
  public static CoordinateMatrix read(Path file) throws IOException {
    try (Lines lines = Lines.open(file)) {
      return new MatrixMarket(lines).matrix();
    }
  }

  private CoordinateMatrix matrix() throws MatrixMarketException {
    Header header = Header.read(lines);
    Tokens size = sizeLine();
    int rows = (int) size.count("rows", Integer.MAX_VALUE);
    int columns = (int) size.count("columns", Integer.MAX_VALUE);
    if (header.isSymmetric() && rows != columns) {
      throw lines.problem("a symmetric matrix is square: rows=" + rows + ", columns=" + columns);
    }
    // Symmetric entries are kept twice; an array holds below 2^31.
    long entries = size.count("entries", header.isSymmetric() ? 1 << 29 : 1 << 30);
    return entries(header, rows, columns, entries).toMatrix(rows, columns);
  }

  private Tokens sizeLine() throws MatrixMarketException {
    String line = lines.nextData();
    if (line == null) {
      throw lines.problem("truncated: no size line");
    }
    return new Tokens(lines, line, 3);
  }

  private EntryList entries(Header header, int rows, int columns, long expected) throws MatrixMarketException {
    EntryList entries = new EntryList(header.isSymmetric() ? 2 * expected : expected);
    for (long found = 0; found < expected; found++) {
      String line = lines.nextData();
      if (line == null) {
        throw lines.problem("truncated: expectedEntries=" + expected + ", foundEntries=" + found);
      }
      addEntry(line, header, rows, columns, entries);
    }
    if (lines.nextData() != null) {
      throw lines.problem("more entries than the size line says: expectedEntries=" + expected);
    }
    return entries;
  }

  private void addEntry(String line, Header header, int rows, int columns, EntryList entries) throws MatrixMarketException {
    Tokens tokens = new Tokens(lines, line, header.field().tokensPerEntry());
    int row = tokens.index("row", rows);
    int column = tokens.index("column", columns);
    float value = header.field() == Field.PATTERN ? 1 : tokens.real();
    entries.add(row, column, value);
    if (header.isSymmetric() && row != column) {
      entries.add(column, row, value);
    }
  }
}

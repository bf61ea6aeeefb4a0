package io.samepage.samples.matrixmarket;

/**
 * A sparse matrix as a list of entries, in no particular order. Indices count from 0; a symmetric file's other triangle is
 * filled in. Where a place is listed twice, its value is the sum.
 *
 * @param rows how many rows
 * @param columns how many columns
 * @param rowIndices the row of each entry
 * @param columnIndices the column of each entry
 * @param values the value of each entry; 1 in a pattern
 */
public record CoordinateMatrix(int rows, int columns, int[] rowIndices, int[] columnIndices, float[] values) {
  /** {@return how many entries are listed} */
  public int entryCount() {
    return values.length;
  }
}

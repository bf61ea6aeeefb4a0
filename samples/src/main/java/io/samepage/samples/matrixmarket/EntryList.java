package io.samepage.samples.matrixmarket;

import java.util.Arrays;

/** Entries as they are read, in arrays that grow: the count in a file's head is not to be trusted with memory. */
final class EntryList {
  private int[] rows;
  private int[] columns;
  private float[] values;
  private int count;

  EntryList(long expected) {
    int capacity = Math.clamp(expected, 16, 1 << 16);
    rows = new int[capacity];
    columns = new int[capacity];
    values = new float[capacity];
  }

  void add(int row, int column, float value) {
    if (count == values.length) {
      grow(Math.multiplyExact(count, 2));
    }
    rows[count] = row;
    columns[count] = column;
    values[count] = value;
    count++;
  }

  private void grow(int capacity) {
    rows = Arrays.copyOf(rows, capacity);
    columns = Arrays.copyOf(columns, capacity);
    values = Arrays.copyOf(values, capacity);
  }

  CoordinateMatrix toMatrix(int rowCount, int columnCount) {
    return new CoordinateMatrix(rowCount, columnCount, Arrays.copyOf(rows, count), Arrays.copyOf(columns, count),
        Arrays.copyOf(values, count));
  }
}

package io.samepage.samples.pipeline;

import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;

/**
 * A float matrix, stored by rows, in a range of its own.
 *
 * @param range the range
 * @param rows how many rows
 * @param columns how many columns
 */
record UnifiedMatrix(UnifiedRange range, int rows, int columns) {
  static UnifiedMatrix allocate(UnifiedMemory memory, int rows, int columns) {
    return new UnifiedMatrix(memory.allocate((long) Float.BYTES * rows * columns), rows, columns);
  }

  Slice all() {
    return range.all();
  }

  Slice rows(int first, int count) {
    return range.slice(rowBytes() * first, rowBytes() * count);
  }

  Slice rows(RowBlock block) {
    return rows(block.first(), block.count());
  }

  Slice element(int row, int column) {
    return range.slice(rowBytes() * row + (long) Float.BYTES * column, Float.BYTES);
  }

  long rowBytes() {
    return (long) Float.BYTES * columns;
  }

  long pageSizeBytes() {
    return element(0, 0).residency().pageSizeBytes();
  }
}

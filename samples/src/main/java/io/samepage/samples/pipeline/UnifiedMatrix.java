package io.samepage.samples.pipeline;

import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.Region;

/**
 * A float matrix, stored by rows.
 *
 * @param all its bytes
 * @param rows how many rows
 * @param columns how many columns
 */
record UnifiedMatrix(Region all, int rows, int columns) {
  static UnifiedMatrix allocate(HostSpace space, int rows, int columns) {
    return new UnifiedMatrix(space.allocate((long) Float.BYTES * rows * columns), rows, columns);
  }

  Region rows(int first, int count) {
    return all.part(rowBytes() * first, rowBytes() * count);
  }

  Region element(int row, int column) {
    return all.part(rowBytes() * row + (long) Float.BYTES * column, Float.BYTES);
  }

  long rowBytes() {
    return (long) Float.BYTES * columns;
  }
}

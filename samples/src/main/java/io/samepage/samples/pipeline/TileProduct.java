package io.samepage.samples.pipeline;

import io.samepage.KernelArguments;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The pipeline's kernels in Java. A group computes a tile of the result: the rows and columns that it needs are gathered in
 * small arrays, a few hundred columns at a time, and multiplied there.
 */
final class TileProduct {
  /** Rows and columns of a tile, as in {@code pipeline.cl}. */
  static final int TILE = 16;

  private static final int DEPTH = 256;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final float[] left;
  private final float[] right;
  private final float[] sums = new float[TILE * TILE];

  private TileProduct(int inner) {
    int depth = Math.min(inner, DEPTH);
    left = new float[TILE * depth];
    right = new float[depth * TILE];
  }

  /** {@code multiply(in a, in b, out c, rows, inner, columns)}: c = a·b. */
  static void multiply(WorkGroup group, KernelArguments arguments) {
    MemorySegment a = arguments.segment(0);
    MemorySegment b = arguments.segment(1);
    int inner = arguments.intValue(4);
    int columns = arguments.intValue(5);
    TileProduct tile = new TileProduct(inner);
    for (int k = 0; k < inner; k += DEPTH) {
      int depth = Math.min(DEPTH, inner - k);
      tile.gatherLeft(a, inner, group.startY(), rows(group), k, depth);
      tile.gatherRight(b, columns, group.startX(), columns(group), k, depth);
      tile.accumulate(depth);
    }
    tile.store(arguments.segment(2), columns, group);
  }

  /** {@code gram(in c, out d, first, rows, inner, all)}: d = rows of c from {@code first} on, times c transposed. */
  static void gram(WorkGroup group, KernelArguments arguments) {
    MemorySegment c = arguments.segment(0);
    int inner = arguments.intValue(4);
    TileProduct tile = new TileProduct(inner);
    for (int k = 0; k < inner; k += DEPTH) {
      int depth = Math.min(DEPTH, inner - k);
      tile.gatherLeft(c, inner, arguments.intValue(2) + group.startY(), rows(group), k, depth);
      tile.gatherRightTransposed(c, inner, group.startX(), columns(group), k, depth);
      tile.accumulate(depth);
    }
    tile.store(arguments.segment(1), arguments.intValue(5), group);
  }

  private void gatherLeft(MemorySegment matrix, int rowLength, long firstRow, int rows, int k, int depth) {
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(matrix, FLOAT, offset(firstRow + row, rowLength, k), left, row * depth, depth);
    }
  }

  private void gatherRight(MemorySegment matrix, int rowLength, long firstColumn, int columns, int k, int depth) {
    for (int row = 0; row < depth; row++) {
      MemorySegment.copy(matrix, FLOAT, offset(k + row, rowLength, firstColumn), right, row * TILE, columns);
    }
  }

  private void gatherRightTransposed(MemorySegment matrix, int rowLength, long firstRow, int rows, int k, int depth) {
    float[] line = new float[depth];
    for (int column = 0; column < rows; column++) {
      MemorySegment.copy(matrix, FLOAT, offset(firstRow + column, rowLength, k), line, 0, depth);
      for (int row = 0; row < depth; row++) {
        right[row * TILE + column] = line[row];
      }
    }
  }

  private void accumulate(int depth) {
    float[] line = new float[TILE];
    for (int row = 0; row < TILE; row++) {
      System.arraycopy(sums, row * TILE, line, 0, TILE);
      for (int k = 0; k < depth; k++) {
        float factor = left[row * depth + k];
        for (int column = 0; column < TILE; column++) {
          line[column] += factor * right[k * TILE + column];
        }
      }
      System.arraycopy(line, 0, sums, row * TILE, TILE);
    }
  }

  private void store(MemorySegment matrix, int rowLength, WorkGroup group) {
    for (int row = 0; row < rows(group); row++) {
      MemorySegment.copy(sums, row * TILE, matrix, FLOAT, offset(group.startY() + row, rowLength, group.startX()), columns(group));
    }
  }

  private static long offset(long row, int rowLength, long column) {
    return (row * rowLength + column) * Float.BYTES;
  }

  private static int rows(WorkGroup group) {
    return (int) (group.endY() - group.startY());
  }

  private static int columns(WorkGroup group) {
    return (int) (group.endX() - group.startX());
  }
}

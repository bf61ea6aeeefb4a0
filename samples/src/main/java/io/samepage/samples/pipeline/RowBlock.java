package io.samepage.samples.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows that one device computes.
 *
 * @param first the first row
 * @param count how many rows, at least 1
 */
record RowBlock(int first, int count) {
  /**
   * Splits the rows of C and D over devices, as evenly as it goes. Two devices that write one page wait for each other, so
   * blocks begin on pages of both matrices where there are rows enough for that.
   */
  static List<RowBlock> split(PipelineShape shape, int devices, long pageSizeBytes) {
    int blocks = Math.min(devices, shape.rows());
    long step = leastCommonMultiple(rowsPerPage(shape.columns(), pageSizeBytes), rowsPerPage(shape.rows(), pageSizeBytes));
    return split(shape.rows(), blocks, step * blocks <= shape.rows() ? (int) step : 1);
  }

  private static List<RowBlock> split(int rows, int blocks, int step) {
    List<RowBlock> result = new ArrayList<>();
    int first = 0;
    for (int block = 1; block <= blocks; block++) {
      long even = (long) rows * block / blocks;
      int end = block == blocks ? rows : (int) (even / step * step);
      result.add(new RowBlock(first, end - first));
      first = end;
    }
    return result;
  }

  /** After how many rows a row begins on a page again. */
  private static long rowsPerPage(int columns, long pageSizeBytes) {
    return pageSizeBytes / greatestCommonDivisor(pageSizeBytes, (long) Float.BYTES * columns);
  }

  private static long leastCommonMultiple(long a, long b) {
    return a / greatestCommonDivisor(a, b) * b;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}

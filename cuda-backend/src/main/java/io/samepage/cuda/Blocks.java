package io.samepage.cuda;

import io.samepage.Grid;

/**
 * A grid as the driver takes it.
 *
 * @param counts blocks in each dimension
 * @param sizes threads of a block in each dimension
 */
record Blocks(long[] counts, long[] sizes) {
  private static final int DIMENSIONS = 3;
  /** Enough to fill a multiprocessor with several blocks, whatever registers a kernel takes. */
  private static final int THREADS = 256;

  /**
   * Divides a grid.
   *
   * @param grid what is asked for. Where it says no group size, every work item it has runs, and no other: blocks divide it
   * @param limits what the device takes
   * @param mostThreads threads of a block of the kernel
   * @return the blocks, which the device may not take: see {@link #check}
   */
  static Blocks of(Grid grid, FoundDevice.Limits limits, int mostThreads) {
    long[] counts = new long[DIMENSIONS];
    long[] sizes = new long[DIMENSIONS];
    long left = Math.min(THREADS, mostThreads);
    for (int d = 0; d < DIMENSIONS; d++) {
      sizes[d] = grid.isGrouped() ? grid.localSize(d) : largestDivisor(grid.size(d), Math.min(left, limits.threads().get(d)));
      counts[d] = Math.ceilDiv(grid.size(d), sizes[d]);
      left = Math.max(1, left / sizes[d]);
    }
    return new Blocks(counts, sizes);
  }

  private static long largestDivisor(long size, long most) {
    long divisor = Math.min(size, most);
    while (size % divisor != 0) {
      divisor--;
    }
    return divisor;
  }

  /**
   * Checks that the device can run it.
   *
   * @param subject the device, for messages
   * @param kernel the kernel's name, for messages
   * @param limits what the device takes
   * @param mostThreads threads of a block of the kernel
   * @throws IllegalArgumentException if it can't
   */
  void check(String subject, String kernel, FoundDevice.Limits limits, int mostThreads) {
    long threads = 1;
    for (int d = 0; d < DIMENSIONS; d++) {
      if (sizes[d] > limits.threads().get(d)) {
        throw refusal("a group is too large", subject, kernel, "dimension=" + d + ", local=" + sizes[d] + ", limit="
            + limits.threads().get(d));
      }
      if (counts[d] > limits.blocks().get(d)) {
        throw refusal("there are too many groups", subject, kernel, "dimension=" + d + ", groups=" + counts[d] + ", itemsOfAGroup="
            + sizes[d] + ", limit=" + limits.blocks().get(d));
      }
      threads *= sizes[d];
    }
    if (threads > mostThreads) {
      throw refusal("a group has too many work items", subject, kernel, "items=" + threads + ", limit=" + mostThreads);
    }
  }

  private static IllegalArgumentException refusal(String what, String subject, String kernel, String details) {
    return new IllegalArgumentException("The grid doesn't fit: " + what + ": " + subject + ", kernel=" + kernel + ", " + details);
  }

  /** {@return how many blocks a dimension has; of grids that were checked} */
  int count(int dimension) {
    return (int) counts[dimension];
  }

  /** {@return how many threads a block has in a dimension; of grids that were checked} */
  int threads(int dimension) {
    return (int) sizes[dimension];
  }

  @Override
  public String toString() {
    return counts[0] + "x" + counts[1] + "x" + counts[2] + " of " + sizes[0] + "x" + sizes[1] + "x" + sizes[2];
  }
}

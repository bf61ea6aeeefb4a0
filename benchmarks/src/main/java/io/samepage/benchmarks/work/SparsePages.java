package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Pages;
import java.util.Random;
import java.util.stream.IntStream;

/** Pages to touch of which none has the fault handler bring another one, but for those of its own 64 KiB. */
public final class SparsePages {
  static final int PAGES_PER_UNIT = 16;
  private static final long UNIT_BYTES = (long) PAGES_PER_UNIT * Pages.SIZE_BYTES;
  private static final long SEED = 8;

  private SparsePages() {}

  /**
   * A random page of every second 64 KiB, in random order: less than half of each block is in use, and no two touches are in order.
   *
   * @param rangeBytes the size of the range
   * @return where each page begins
   */
  public static long[] offsets(long rangeBytes) {
    Random random = new Random(SEED);
    long[] offsets = IntStream.range(0, (int) (rangeBytes / UNIT_BYTES / 2))
        .mapToLong(i -> 2 * i * UNIT_BYTES + random.nextLong(PAGES_PER_UNIT) * Pages.SIZE_BYTES).toArray();
    for (int i = offsets.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long offset = offsets[i];
      offsets[i] = offsets[other];
      offsets[other] = offset;
    }
    return offsets;
  }
}

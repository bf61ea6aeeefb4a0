package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.base.Pages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Pages of a range in no order, and what is written into each; and the kernel that gets the whole range and reads one element of it. */
final class PageChanges {
  static final String KERNEL = "pick";
  static final String SOURCE =
      "__kernel void pick(__global const int* data, long index, __global int* result) { result[0] = data[index]; }";

  private static final long SEED = 4;
  private static final int INTS_PER_PAGE = Pages.SIZE_BYTES / Integer.BYTES;

  private final Random random = new Random(SEED);
  private final long pages;
  private long page;
  private int value;

  PageChanges(long rangeBytes) {
    pages = rangeBytes / Pages.SIZE_BYTES;
  }

  void next() {
    page = random.nextLong(pages);
    value++;
  }

  long offsetBytes() {
    return page * Pages.SIZE_BYTES;
  }

  /** The element that the kernel reads: the page's last. */
  long index() {
    return (page + 1) * INTS_PER_PAGE - 1;
  }

  /** What the kernel is to find there. */
  int value() {
    return value;
  }

  /** Writes it all over the page. */
  void fill(MemorySegment segment) {
    for (int i = 0; i < INTS_PER_PAGE; i++) {
      segment.setAtIndex(ValueLayout.JAVA_INT, i, value);
    }
  }
}

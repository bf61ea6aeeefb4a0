package io.samepage.benchmarks.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pages of memory, and how a benchmark touches them: as cheaply as can be, and the same on both sides. */
public final class Pages {
  /** How large the pages are that are touched one by one. */
  public static final int SIZE_BYTES = 4096;

  private Pages() {}

  /**
   * Writes a word into each page.
   *
   * @param memory the memory
   * @param value the word
   */
  public static void touch(MemorySegment memory, long value) {
    for (long offset = 0; offset < memory.byteSize(); offset += SIZE_BYTES) {
      memory.set(ValueLayout.JAVA_LONG, offset, value);
    }
  }

  /**
   * The sum of all longs.
   *
   * @param memory the memory
   * @return the sum
   */
  public static long sum(MemorySegment memory) {
    int count = Math.toIntExact(memory.byteSize() / Long.BYTES);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += memory.getAtIndex(ValueLayout.JAVA_LONG, i);
    }
    return sum;
  }
}

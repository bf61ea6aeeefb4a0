package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.base.Expected;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.IntStream;

/** Pages drawn at random from a range, the same in every run, of which the host writes a word each and a kernel reads it. */
final class DirtyPages {
  /** How many there are. */
  static final int COUNT = 10_000;
  /** How much they are together. */
  static final long TOTAL_BYTES = (long) COUNT * PageKernels.PAGE_BYTES;
  /** Their numbers as the kernel takes them. */
  static final long NUMBERS_BYTES = (long) COUNT * Integer.BYTES;
  /** What the kernel read. */
  static final long WORDS_BYTES = (long) COUNT * Long.BYTES;
  private static final long SEED = 20_261_121;

  private final int[] numbers;

  DirtyPages(long rangeBytes) {
    int pages = Math.toIntExact(rangeBytes / PageKernels.PAGE_BYTES);
    numbers = new Random(SEED).ints(0, pages).distinct().limit(COUNT).toArray();
  }

  void putNumbers(MemorySegment into) {
    MemorySegment.copy(numbers, 0, into, ValueLayout.JAVA_INT, 0, COUNT);
  }

  /** Where each begins in its range. */
  long[] offsets() {
    return IntStream.of(numbers).mapToLong(number -> (long) number * PageKernels.PAGE_BYTES).toArray();
  }

  /** The host writes a word of each. */
  void touch(MemorySegment range, long value) {
    for (int number : numbers) {
      range.set(ValueLayout.JAVA_LONG, (long) number * PageKernels.PAGE_BYTES, value);
    }
  }

  /** Throws if the kernel has read something else than was written last. */
  static void check(MemorySegment words, long value) {
    for (int i = 0; i < COUNT; i++) {
      Expected.same("word of page " + i, words.getAtIndex(ValueLayout.JAVA_LONG, i), value);
    }
  }
}

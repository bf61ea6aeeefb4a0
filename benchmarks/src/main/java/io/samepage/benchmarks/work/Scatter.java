package io.samepage.benchmarks.work;

import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Which pages of a range are dirty. */
public enum Scatter {
  /** Every fourth page from the start on. */
  EVERY_FOURTH {
    @Override
    IntStream pages(int pagesOfRange) {
      return IntStream.range(0, PAGES).map(i -> 4 * i);
    }
  },
  /** Pages drawn at random from the whole range, the same in every run. */
  RANDOM {
    @Override
    IntStream pages(int pagesOfRange) {
      return new Random(SEED).ints(0, pagesOfRange).distinct().limit(PAGES);
    }
  };

  /** How many pages are dirty. */
  public static final int PAGES = 16_384;
  /** How much they are together. */
  static final long BYTES = (long) PAGES * Pages.SIZE_BYTES;
  private static final long SEED = 20_261_121;

  abstract IntStream pages(int pagesOfRange);

  /** The dirty pages, each a slice. */
  List<Slice> slices(UnifiedRange range) {
    return pages(Math.toIntExact(range.sizeBytes() / Pages.SIZE_BYTES))
        .mapToObj(page -> range.slice((long) page * Pages.SIZE_BYTES, Pages.SIZE_BYTES)).toList();
  }
}

package io.samepage.benchmarks.base;

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
    public IntStream pages(int pagesOfRange) {
      return IntStream.range(0, pagesOfRange / 4).map(i -> 4 * i);
    }
  },
  /** Pages drawn at random from the whole range, the same in every run. */
  RANDOM {
    @Override
    public IntStream pages(int pagesOfRange) {
      return new Random(SEED).ints(0, pagesOfRange).distinct().limit(pagesOfRange);
    }
  };

  /** How many pages are dirty where they are measured. */
  public static final int PAGES = 16_384;
  private static final long SEED = 20_261_121;

  /**
   * The dirty pages of a range, as many as there are.
   *
   * @param pagesOfRange how many pages the range has
   * @return which of them
   */
  public abstract IntStream pages(int pagesOfRange);

  /**
   * How much so many pages are together.
   *
   * @param pages how many
   * @return bytes
   */
  public static long bytes(int pages) {
    return (long) pages * Pages.SIZE_BYTES;
  }

  /**
   * So many dirty pages.
   *
   * @param range of which range
   * @param count how many
   * @return each a slice
   */
  public List<Slice> slices(UnifiedRange range, int count) {
    List<Slice> slices = pages(Math.toIntExact(range.sizeBytes() / Pages.SIZE_BYTES)).limit(count)
        .mapToObj(page -> range.slice((long) page * Pages.SIZE_BYTES, Pages.SIZE_BYTES)).toList();
    Expected.same("pages", slices.size(), count);
    return List.copyOf(slices);
  }
}

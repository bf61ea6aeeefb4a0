package io.samepage.coherence.directory;

import java.util.Arrays;
import java.util.BitSet;

/** A growing list of runs of pages, half-open, in ascending order; a run that touches or overlaps the last one is joined to it. */
public final class PageRuns {
  /** What is done with each run. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Called for a run.
     *
     * @param firstPage its first page
     * @param endPage behind its last page
     */
    void visit(long firstPage, long endPage);
  }

  /** Tells whether a gap between two runs may be joined to them. */
  @FunctionalInterface
  public interface GapTest {
    /**
     * Called for a gap.
     *
     * @param firstPage its first page
     * @param endPage behind its last page
     * @return whether its pages may be part of a run
     */
    boolean mayFill(long firstPage, long endPage);
  }

  private static final long[] NONE = {};
  private static final int FIRST_CAPACITY = 2;

  /** Most lists have one run or none. */
  private long[] bounds = NONE;
  private int size;

  /** Makes an empty list. */
  public PageRuns() {}

  /**
   * Adds a run. It begins no earlier than those that are there.
   *
   * @param firstPage its first page
   * @param endPage behind its last page
   */
  public void add(long firstPage, long endPage) {
    if (size > 0 && firstPage <= bounds[size - 1]) {
      bounds[size - 1] = Math.max(endPage, bounds[size - 1]);
      return;
    }
    if (size == bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(FIRST_CAPACITY, 2 * size));
    }
    bounds[size++] = firstPage;
    bounds[size++] = endPage;
  }

  /**
   * Adds the pages of a group whose bits are set.
   *
   * @param groupPage the group's first page
   * @param mask a bit for each page
   */
  public void addMask(long groupPage, long mask) {
    for (long left = mask; left != 0; ) {
      int start = Long.numberOfTrailingZeros(left);
      int length = Long.numberOfTrailingZeros(~(left >>> start));
      add(groupPage + start, groupPage + start + length);
      left = start + length == Long.SIZE ? 0 : left & (-1L << (start + length));
    }
  }

  /**
   * These runs with gaps filled that are small beside the runs on both their sides, as long as all of them add few pages.
   *
   * @param share which part of the pages may be added: 20 for one in 20
   * @param test which gaps may be filled
   * @return the longer runs; this very object if there is nothing to fill
   */
  PageRuns bridged(int share, GapTest test) {
    if (!hasSmallGap(share)) {
      return this;
    }
    PageRuns longer = new PageRuns();
    long left = pages() / share;
    for (int i = 0; i < size; i += 2) {
      long gapStart = i == 0 ? bounds[0] : bounds[i - 1];
      long gap = bounds[i] - gapStart;
      boolean fills = i > 0 && gap <= left && isSmallGap(i, share) && test.mayFill(gapStart, bounds[i]);
      longer.add(fills ? gapStart : bounds[i], bounds[i + 1]);
      left -= fills ? gap : 0;
    }
    return longer;
  }

  /** Thousands of single pages have none: then they need not be copied. */
  private boolean hasSmallGap(int share) {
    for (int i = 2; i < size; i += 2) {
      if (isSmallGap(i, share)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the gap before a run is small beside the run and the one before it. */
  private boolean isSmallGap(int i, int share) {
    long beside = bounds[i + 1] - bounds[i] + bounds[i - 1] - bounds[i - 2];
    return (bounds[i] - bounds[i - 1]) * share <= beside;
  }

  /** {@return for each run its first page and the one behind its last} */
  public long[] bounds() {
    return Arrays.copyOf(bounds, size);
  }

  /**
   * These runs in whole units.
   *
   * @param unitPages how many pages a unit has
   * @param pages how many pages there are in all, where the last unit ends at the latest
   * @return runs that begin and end with a unit
   */
  public PageRuns inUnits(int unitPages, long pages) {
    PageRuns whole = new PageRuns();
    forEach((first, end) -> whole.add(first - first % unitPages, Math.min(pages, Math.ceilDiv(end, (long) unitPages) * unitPages)));
    return whole;
  }

  /** {@return whether there is no run} */
  public boolean isEmpty() {
    return size == 0;
  }

  /** Forgets all runs. */
  public void clear() {
    size = 0;
  }

  /** {@return how many runs there are} */
  public int count() {
    return size / 2;
  }

  /**
   * The first page of a run.
   *
   * @param run which run, from 0
   * @return its first page
   */
  public long firstPage(int run) {
    return bounds[2 * run];
  }

  /**
   * Where a run ends.
   *
   * @param run which run, from 0
   * @return the page behind its last
   */
  public long endPage(int run) {
    return bounds[2 * run + 1];
  }

  /**
   * Tells whether a run has a page in common with these.
   *
   * @param firstPage the run's first page
   * @param endPage behind its last page
   * @return whether it has
   */
  public boolean touches(long firstPage, long endPage) {
    for (int i = 0; i < size; i += 2) {
      if (bounds[i] < endPage && firstPage < bounds[i + 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells whether other runs have a page in common with these.
   *
   * @param others the others
   * @return whether they have
   */
  public boolean touches(PageRuns others) {
    boolean[] found = {false};
    others.forEach((first, end) -> found[0] |= touches(first, end));
    return found[0];
  }

  /**
   * The pages of these runs that are in none of some others.
   *
   * @param others the others
   * @return what is left
   */
  public PageRuns minus(PageRuns others) {
    PageRuns left = new PageRuns();
    int next = 0;
    for (int i = 0; i < size; i += 2) {
      long page = bounds[i];
      while (next < others.size && others.bounds[next + 1] <= page) {
        next += 2;
      }
      for (int j = next; j < others.size && others.bounds[j] < bounds[i + 1]; j += 2) {
        if (others.bounds[j] > page) {
          left.add(page, others.bounds[j]);
        }
        page = others.bounds[j + 1];
      }
      if (page < bounds[i + 1]) {
        left.add(page, bounds[i + 1]);
      }
    }
    return left;
  }

  /**
   * The pages of these runs and of some others.
   *
   * @param others the others
   * @return all of them
   */
  public PageRuns plus(PageRuns others) {
    PageRuns all = new PageRuns();
    int theirs = 0;
    for (int i = 0; i < size; i += 2) {
      for (; theirs < others.size && others.bounds[theirs] < bounds[i]; theirs += 2) {
        all.add(others.bounds[theirs], others.bounds[theirs + 1]);
      }
      all.add(bounds[i], bounds[i + 1]);
    }
    for (; theirs < others.size; theirs += 2) {
      all.add(others.bounds[theirs], others.bounds[theirs + 1]);
    }
    return all;
  }

  /**
   * The pages that are in these runs and in some others.
   *
   * @param others the others
   * @return what both have
   */
  public PageRuns common(PageRuns others) {
    return minus(minus(others));
  }

  /** {@return the pages of all runs together} */
  public long pages() {
    long pages = 0;
    for (int i = 0; i < size; i += 2) {
      pages += bounds[i + 1] - bounds[i];
    }
    return pages;
  }

  /**
   * Turns runs into bits.
   *
   * @param firstPage the page of bit 0
   * @return the bits
   */
  public BitSet bits(long firstPage) {
    BitSet bits = new BitSet();
    forEach((first, end) -> bits.set((int) (first - firstPage), (int) (end - firstPage)));
    return bits;
  }

  /**
   * Visits all runs in order.
   *
   * @param visitor what is done with each
   */
  public void forEach(Visitor visitor) {
    for (int i = 0; i < size; i += 2) {
      visitor.visit(bounds[i], bounds[i + 1]);
    }
  }
}

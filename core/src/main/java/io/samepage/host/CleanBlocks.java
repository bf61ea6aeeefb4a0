package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Which blocks of an extent were scanned again and again without a page of them being written: those are unmapped, so that they cost
 * nothing until the host touches them again. The oftener that has happened to a block, the longer it takes the next time. Called by one
 * thread at a time for each page.
 */
final class CleanBlocks {
  private static final int FIRST_LIMIT = 4;
  private static final int HIGHEST_LIMIT = 64;

  private final long firstPage;
  private final long pages;
  /** Scans of a block in which nothing was written, and how many it takes; made when they are first needed. */
  private volatile byte[] clean;
  private byte[] limit;

  CleanBlocks(long firstPage, long pages) {
    this.firstPage = firstPage;
    this.pages = pages;
  }

  private int index(long page) {
    return (int) ((firstPage + page) / FaultWords.BLOCK_PAGES - firstPage / FaultWords.BLOCK_PAGES);
  }

  private long startOfBlock(long page) {
    return Math.max(0, (firstPage + page) / FaultWords.BLOCK_PAGES * FaultWords.BLOCK_PAGES - firstPage);
  }

  private long endOfBlock(long page) {
    return Math.min(pages, ((firstPage + page) / FaultWords.BLOCK_PAGES + 1) * FaultWords.BLOCK_PAGES - firstPage);
  }

  /** Whether the block that a page begins is scanned as a whole, and has been clean for long. */
  boolean isToBeUnmapped(long page, long end) {
    byte[] counts = clean;
    return counts != null && page == startOfBlock(page) && endOfBlock(page) <= end && counts[index(page)] >= limit[index(page)];
  }

  /** Behind the pages for which the same is to be done as for the first. */
  long endOfSame(long page, long end) {
    boolean unmaps = isToBeUnmapped(page, end);
    long at = Math.min(end, endOfBlock(page));
    while (at < end && isToBeUnmapped(at, end) == unmaps) {
      at = Math.min(end, endOfBlock(at));
    }
    return at;
  }

  /** What came of a scan, or of unmapping. */
  void scanned(long first, long end, MemorySegment written, boolean unmapped) {
    make();
    for (long page = first; page < end; page = endOfBlock(page)) {
      int i = index(page);
      boolean isWhole = page == startOfBlock(page) && endOfBlock(page) <= end;
      if (unmapped) {
        clean[i] = 0;
        limit[i] = (byte) Math.min(HIGHEST_LIMIT, 2 * limit[i]);
      } else if (!isClean(written, page - first, Math.min(end, endOfBlock(page)) - first)) {
        clean[i] = 0;
      } else if (isWhole && clean[i] < limit[i]) {
        clean[i]++;
      }
    }
  }

  private synchronized void make() {
    if (clean == null) {
      int blocks = index(pages - 1) + 1;
      limit = new byte[blocks];
      java.util.Arrays.fill(limit, (byte) FIRST_LIMIT);
      clean = new byte[blocks];
    }
  }

  private static boolean isClean(MemorySegment bits, long from, long to) {
    long last = Math.ceilDiv(to, (long) Long.SIZE);
    for (long word = from / Long.SIZE; word < last; word++) {
      if (bits.getAtIndex(JAVA_LONG, word) != 0) {
        return false;
      }
    }
    return true;
  }
}

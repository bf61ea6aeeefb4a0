package io.samepage.host;

/**
 * Of which blocks it is known that the host can have all pages from one device alone. That holds as long as the block's flag is clear,
 * for touches set it; what changes states without setting it says so here. Guarded by the lock of the flags. Blocks that belong to
 * several extents are never known.
 */
final class WithdrawnBlocks {
  private final long firstPage;
  private final long pages;
  /** The number of the device, plus 1; made when it is first needed. */
  private byte[] devices;

  WithdrawnBlocks(long firstPage, long pages) {
    this.firstPage = firstPage;
    this.pages = pages;
  }

  private int index(long page) {
    return (int) ((firstPage + page) / FaultWords.BLOCK_PAGES - firstPage / FaultWords.BLOCK_PAGES);
  }

  /** The first of the extent's pages in a page's block. */
  long startOfBlock(long page) {
    return Math.max(0, (firstPage + page) / FaultWords.BLOCK_PAGES * FaultWords.BLOCK_PAGES - firstPage);
  }

  /** Behind the last of the extent's pages in a page's block. */
  long endOfBlock(long page) {
    return Math.min(pages, ((firstPage + page) / FaultWords.BLOCK_PAGES + 1) * FaultWords.BLOCK_PAGES - firstPage);
  }

  /** Whether it is known of the block that a run begins and ends in. */
  boolean isWithdrawn(int device, long first, long end) {
    return devices != null && end <= endOfBlock(first) && devices[index(first)] == device + 1;
  }

  void set(int device, long page) {
    if (devices == null) {
      devices = new byte[index(pages - 1) + 1];
    }
    devices[index(page)] = (byte) (device + 1);
  }

  void clear(long first, long end) {
    for (long page = first; devices != null && page < end; page = endOfBlock(page)) {
      devices[index(page)] = 0;
    }
  }
}

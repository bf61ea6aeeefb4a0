package io.samepage.explorer;

import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageRuns;

/**
 * The sizes of the small world. A page has two bytes, called cells, so that slices can cover it in part; what is true of a cell is a
 * bit in an {@code int}.
 */
final class Small {
  static final int PAGES = 2;
  static final int PAGE_SIZE_BYTES = 2;
  static final int CELLS = PAGES * PAGE_SIZE_BYTES;
  static final int ALL_PAGES = (1 << PAGES) - 1;
  static final int ALL_CELLS = (1 << CELLS) - 1;

  static final int HOST = Layout.HOST_NODE;
  static final int DEV1 = 1;
  static final int DEV2 = 2;
  static final int NODES = 3;
  static final int DEVICES = NODES - 1;

  static final int THREADS_MAX = 3;
  static final int OPERATIONS_MAX = 6;

  private Small() {}

  static String node(int node) {
    return node == HOST ? "host" : "dev" + node;
  }

  /** The other of the two devices. */
  static int otherDevice(int device) {
    return DEV1 + DEV2 - device;
  }

  static int cellsOf(int page) {
    return (1 << PAGE_SIZE_BYTES) - 1 << page * PAGE_SIZE_BYTES;
  }

  /** The cells of all pages of a mask. */
  static int cellsOfAll(int pages) {
    int cells = 0;
    for (int page = 0; page < PAGES; page++) {
      cells |= has(pages, page) ? cellsOf(page) : 0;
    }
    return cells;
  }

  static int pages(PageRuns runs) {
    int[] pages = {0};
    runs.forEach((first, end) -> pages[0] |= (1 << end) - (1 << first));
    return pages[0];
  }

  static boolean has(int mask, int bit) {
    return (mask >> bit & 1) != 0;
  }

  static String namePages(int pages) {
    return pages == ALL_PAGES ? "p0 p1" : pages == 0 ? "no page" : "p" + Integer.numberOfTrailingZeros(pages);
  }

  /** {@code p0} for a page, {@code p0.b p1.a} for halves of pages. */
  static String nameCells(int cells) {
    StringBuilder names = new StringBuilder();
    for (int page = 0; page < PAGES; page++) {
      int part = cells & cellsOf(page);
      if (part != 0) {
        String half = part == cellsOf(page) ? "" : Integer.numberOfTrailingZeros(part) % PAGE_SIZE_BYTES == 0 ? ".a" : ".b";
        names.append(names.isEmpty() ? "p" : " p").append(page).append(half);
      }
    }
    return names.toString();
  }
}

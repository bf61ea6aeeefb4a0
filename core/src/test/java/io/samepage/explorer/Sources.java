package io.samepage.explorer;

/** Where each page comes from that an operation fetches, packed in an {@code int}. */
final class Sources {
  static final int NONE = 0;
  static final int ZERO = 1;
  /** For a node, this plus its number. */
  private static final int FETCHED = 2;
  /** Copied along though it is held already, to join two runs: this plus the node's number. */
  private static final int BRIDGED = FETCHED + Small.NODES;
  private static final int BITS_PER_PAGE = 3;

  static final int BITS = BITS_PER_PAGE * Small.PAGES;

  private Sources() {}

  static int zeroed(int sources, int page) {
    return with(sources, page, ZERO);
  }

  static int fetched(int sources, int page, int node) {
    return with(sources, page, FETCHED + node);
  }

  static int bridged(int sources, int page, int node) {
    return with(sources, page, BRIDGED + node);
  }

  static int without(int sources, int pages) {
    int left = sources;
    for (int page = 0; page < Small.PAGES; page++) {
      left = Small.has(pages, page) ? with(left, page, NONE) : left;
    }
    return left;
  }

  private static int with(int sources, int page, int source) {
    int shift = page * BITS_PER_PAGE;
    return sources & ~((1 << BITS_PER_PAGE) - 1 << shift) | source << shift;
  }

  private static int of(int sources, int page) {
    return sources >> page * BITS_PER_PAGE & (1 << BITS_PER_PAGE) - 1;
  }

  /** The pages that are made by zeroing. */
  static int zeroedPages(int sources) {
    int pages = 0;
    for (int page = 0; page < Small.PAGES; page++) {
      pages |= of(sources, page) == ZERO ? 1 << page : 0;
    }
    return pages;
  }

  /** The pages that come from a node, fetched or bridged. */
  static int pagesFrom(int sources, int node) {
    int pages = 0;
    for (int page = 0; page < Small.PAGES; page++) {
      int source = of(sources, page);
      pages |= source == FETCHED + node || source == BRIDGED + node ? 1 << page : 0;
    }
    return pages;
  }

  static int pages(int sources) {
    int pages = 0;
    for (int page = 0; page < Small.PAGES; page++) {
      pages |= of(sources, page) != NONE ? 1 << page : 0;
    }
    return pages;
  }

  static String describe(int sources) {
    StringBuilder text = new StringBuilder();
    for (int page = 0; page < Small.PAGES; page++) {
      int source = of(sources, page);
      if (source != NONE) {
        text.append(text.isEmpty() ? "p" : ", p").append(page).append(source == ZERO ? " by zeroing"
            : " from " + Small.node((source - FETCHED) % Small.NODES) + (source >= BRIDGED ? " along" : ""));
      }
    }
    return text.isEmpty() ? "nothing" : text.toString();
  }
}

package io.samepage.explorer;

import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageDirectory;
import io.samepage.coherence.directory.Transitions;
import io.samepage.coherence.directory.UniformBlocks;

/** The words that {@link Transitions} work on, in other forms. */
final class Directories {
  static final int WORDS = Layout.wordsPerGroup(Small.NODES);
  static final int BITS = WORDS * Small.PAGES;
  private static final int SYSTEM_PAGE_BYTES = 4096;

  private Directories() {}

  /** The words of pages that nobody has written; {@link Layout} says which is which. */
  static long[] untouched() {
    long[] words = new long[WORDS];
    words[0] = -1;
    words[1] = -1;
    if (Transitions.untouched(words, 0, -1) != -1 || Transitions.heldBy(words, 0, Small.HOST, -1) != -1) {
      throw new IllegalStateException("The layout has changed: adapt this method");
    }
    return words;
  }

  static int pack(long[] words) {
    int packed = 0;
    for (int i = 0; i < WORDS; i++) {
      packed |= (int) (words[i] & Small.ALL_PAGES) << i * Small.PAGES;
    }
    return packed;
  }

  static void unpack(int packed, long[] words) {
    for (int i = 0; i < WORDS; i++) {
      words[i] = packed >> i * Small.PAGES & Small.ALL_PAGES;
    }
  }

  /** A directory of the shipped sort in the same state. */
  static PageDirectory shipped(long[] words) {
    PageDirectory directory = new PageDirectory(Small.PAGES, SYSTEM_PAGE_BYTES, new UniformBlocks(Small.NODES));
    for (int page = 0; page < Small.PAGES; page++) {
      put(words, page, directory);
      checkSame(words, page, directory);
    }
    return directory;
  }

  private static void put(long[] words, int page, PageDirectory directory) {
    boolean isUntouched = Transitions.untouched(words, 0, 1L << page) != 0;
    if (Transitions.poisoned(words, 0, Small.NODES, 1L << page) != 0) {
      directory.wrote(Small.DEV1, page, page + 1);
      directory.lost(Small.DEV1, page, page + 1);
    }
    boolean isFirst = true;
    for (int node = 0; node < Small.NODES; node++) {
      if (Transitions.heldBy(words, 0, node, 1L << page) != 0) {
        if (isFirst && !isUntouched) {
          directory.wrote(node, page, page + 1);
        }
        isFirst = false;
        directory.fetched(node, page, page + 1);
      }
    }
  }

  private static void checkSame(long[] words, int page, PageDirectory directory) {
    boolean isSame = directory.untouched(page, page + 1).get(0) == (Transitions.untouched(words, 0, 1L << page) != 0)
        && directory.poisoned(page, page + 1).get(0) == (Transitions.poisoned(words, 0, Small.NODES, 1L << page) != 0);
    for (int node = 0; node < Small.NODES; node++) {
      isSame &= directory.holdsAll(node, page, page + 1) == (Transitions.heldBy(words, 0, node, 1L << page) != 0);
    }
    if (!isSame) {
      throw new IllegalStateException("No directory can be in this state: page=" + page + ", words=" + describe(words));
    }
  }

  /** {@code p0: zero host  p1: dev1}. */
  static String describe(long[] words) {
    StringBuilder text = new StringBuilder();
    for (int page = 0; page < Small.PAGES; page++) {
      text.append(page == 0 ? "p" : "  p").append(page).append(':');
      text.append(Transitions.untouched(words, 0, 1L << page) == 0 ? "" : " zero");
      text.append(Transitions.poisoned(words, 0, Small.NODES, 1L << page) == 0 ? "" : " poison");
      for (int node = 0; node < Small.NODES; node++) {
        text.append(Transitions.heldBy(words, 0, node, 1L << page) == 0 ? "" : " " + Small.node(node));
      }
    }
    return text.toString();
  }
}

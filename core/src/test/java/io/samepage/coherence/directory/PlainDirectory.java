package io.samepage.coherence.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** The state of pages as it would be written without bitmaps: for each page a set of nodes and two flags. */
final class PlainDirectory {
  private static final int HOST = 0;

  /** One page. */
  private static final class Page {
    final SortedSet<Integer> holders = new TreeSet<>(List.of(HOST));
    boolean isUntouched = true;
    /** Kept, where the directory takes every page without a holder for poisoned. */
    boolean isPoisoned;
  }

  private final List<Page> pages = new ArrayList<>();

  PlainDirectory(int count) {
    for (int i = 0; i < count; i++) {
      pages.add(new Page());
    }
  }

  void fetched(int node, int first, int end) {
    pages.subList(first, end).stream().filter(page -> !page.isPoisoned).forEach(page -> page.holders.add(node));
  }

  void wrote(int node, int first, int end) {
    pages.subList(first, end).forEach(page -> write(page, node));
  }

  void wroteInPart(int node, int first, int end) {
    pages.subList(first, end).stream().filter(page -> page.holders.contains(node)).forEach(page -> write(page, node));
  }

  private static void write(Page page, int node) {
    page.isUntouched = false;
    page.isPoisoned = false;
    page.holders.clear();
    page.holders.add(node);
  }

  void discarded(int first, int end) {
    wrote(HOST, first, end);
    pages.subList(first, end).forEach(page -> page.isUntouched = true);
  }

  void evicted(int node, int first, int end) {
    pages.subList(first, end).forEach(page -> page.holders.remove(node));
  }

  void lost(int node, int first, int end) {
    pages.subList(first, end).forEach(page -> page.isPoisoned |= page.holders.remove(node) && page.holders.isEmpty());
  }

  void poisoned(int first, int end) {
    pages.subList(first, end).forEach(page -> {
      page.holders.clear();
      page.isUntouched = false;
      page.isPoisoned = true;
    });
  }

  boolean holds(int node, int page) {
    return pages.get(page).holders.contains(node);
  }

  boolean holdsAlone(int node, int page) {
    return pages.get(page).holders.equals(new TreeSet<>(List.of(node)));
  }

  boolean isUntouched(int page) {
    return pages.get(page).isUntouched;
  }

  boolean isPoisoned(int page) {
    return pages.get(page).isPoisoned;
  }

  /** Where a page comes from that a node needs: −1 if it has it or nobody has, −2 if it is made by zeroing, else the first holder. */
  int source(int node, int page) {
    Page needed = pages.get(page);
    if (needed.isPoisoned || needed.holders.contains(node)) {
      return -1;
    }
    return needed.isUntouched ? -2 : needed.holders.first();
  }

  /** The runs of pages that fulfil a condition, as {@code first-end}. */
  static List<String> runs(int first, int end, IntPredicate condition) {
    List<String> runs = new ArrayList<>();
    int start = -1;
    for (int page = first; page <= end; page++) {
      boolean isIn = page < end && condition.test(page);
      if (isIn && start < 0) {
        start = page;
      } else if (!isIn && start >= 0) {
        runs.add(start + "-" + page);
        start = -1;
      }
    }
    return runs;
  }

  static List<String> runs(PageRuns runs) {
    List<String> list = new ArrayList<>();
    runs.forEach((first, end) -> list.add(first + "-" + end));
    return list;
  }
}

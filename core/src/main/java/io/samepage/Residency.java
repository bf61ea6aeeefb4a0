package io.samepage;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which nodes held valid copies of the pages of a slice at one moment. Pages are counted from the first page that the slice
 * touches. Immutable.
 */
public final class Residency {
  /** The host's name among the nodes. */
  public static final String HOST = "host";

  private final long pageSizeBytes;
  private final int pageCount;
  private final Map<String, BitSet> valid;
  private final BitSet untouched;
  private final BitSet poisoned;

  /**
   * Makes a snapshot. Programs get theirs from {@link Slice#residency()}.
   *
   * @param pageSizeBytes the size of a page
   * @param pageCount how many pages
   * @param valid for each node the pages it holds
   * @param untouched the pages that nobody has written yet
   * @param poisoned the pages whose only valid copy was lost
   */
  public Residency(long pageSizeBytes, int pageCount, Map<String, BitSet> valid, BitSet untouched, BitSet poisoned) {
    this.pageSizeBytes = pageSizeBytes;
    this.pageCount = pageCount;
    this.valid = new TreeMap<>();
    valid.forEach((node, pages) -> this.valid.put(node, (BitSet) pages.clone()));
    this.untouched = (BitSet) untouched.clone();
    this.poisoned = (BitSet) poisoned.clone();
  }

  /** {@return the size of a page in bytes} */
  public long pageSizeBytes() {
    return pageSizeBytes;
  }

  /** {@return how many pages the slice touches} */
  public int pageCount() {
    return pageCount;
  }

  /**
   * The nodes that hold a page: {@link #HOST} and device names.
   *
   * @param page the page's index in the slice
   * @return the names in order; empty if the page is poisoned
   * @throws IndexOutOfBoundsException if there is no such page
   */
  public List<String> nodes(int page) {
    java.util.Objects.checkIndex(page, pageCount);
    return valid.entrySet().stream().filter(entry -> entry.getValue().get(page)).map(Map.Entry::getKey).toList();
  }

  /**
   * How many pages a node holds.
   *
   * @param node {@link #HOST} or a device's name
   * @return the number of pages, 0 for a node that isn't known
   */
  public int pagesOn(String node) {
    BitSet pages = valid.get(node);
    return pages == null ? 0 : pages.cardinality();
  }

  /** {@return how many pages nobody has written yet: they are zero and take no memory on the host} */
  public int untouchedPages() {
    return untouched.cardinality();
  }

  /** {@return how many pages are poisoned: their only valid copy was lost} */
  public int poisonedPages() {
    return poisoned.cardinality();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Residency[pages=").append(pageCount);
    valid.forEach((node, pages) -> text.append(", ").append(node).append('=').append(pages.cardinality()));
    return text.append(", untouched=").append(untouchedPages()).append(", poisoned=").append(poisonedPages()).append(']').toString();
  }
}

package io.samepage.coherence.lease;

/** Which accesses exclude each other. Pure functions; the explorer in the tests runs them. */
public final class LeaseRules {
  private LeaseRules() {}

  /**
   * Whether two accesses to one range can't be open at a time: one of them writes, and they share a byte, or a page from different
   * nodes. On one node, writers of different bytes of a page get along, as they use the same copy of it.
   *
   * @param node who does the first
   * @param span the first
   * @param otherNode who does the second
   * @param other the second
   * @param pageSizeBytes the size of a page
   * @return whether they exclude each other
   */
  public static boolean conflict(int node, Span span, int otherNode, Span other, int pageSizeBytes) {
    if (!span.access().writes() && !other.access().writes()) {
      return false;
    }
    return node == otherNode ? span.sharesByte(other) : span.sharesPage(other, pageSizeBytes);
  }
}

package io.samepage.coherence.directory;

/**
 * How the state of a block is laid out in a {@code long[]}: for each group of 64 pages one word of each kind, a bit a page.
 *
 * <pre>
 *   word 0      ZERO     never written: zero everywhere, so a device can zero its copy instead of fetching one
 *   word 1      HOST     the host holds a valid copy
 *   word 2 + d  device d holds a valid copy
 * </pre>
 *
 * <p>Nodes are numbered 0 for the host and 1 + d for device d, so the word of a node is {@code 1 + node}. A page that no node holds is
 * poisoned: its only valid copy was lost.
 */
public final class Layout {
  /** Pages that share a word. */
  public static final int PAGES_PER_GROUP = 64;
  /** The host among the nodes. */
  public static final int HOST_NODE = 0;

  static final int ZERO = 0;
  static final int HOST = 1;

  private Layout() {}

  /**
   * The words of a group.
   *
   * @param nodes how many nodes there are, the host included
   * @return the number of words
   */
  public static int wordsPerGroup(int nodes) {
    return HOST + nodes;
  }

  /**
   * Where a node's bits are.
   *
   * @param node 0 for the host, 1 + d for device d
   * @return the word's index in its group
   */
  static int wordOf(int node) {
    return HOST + node;
  }
}

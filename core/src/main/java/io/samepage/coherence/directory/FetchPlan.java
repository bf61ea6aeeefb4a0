package io.samepage.coherence.directory;

/**
 * Which pages a node needs, and where each is to come from: zeroed where nobody has written it, from the host where the host has it,
 * else from the first device that has it.
 */
public final class FetchPlan {
  /** A gap is copied along with its neighbours, as one run is quicker than two, while that adds at most 1/20, 5 %. */
  private static final int BRIDGED_SHARE = 20;

  /** Pages that are made by zeroing. */
  private final PageRuns zero = new PageRuns();
  /** Pages by the node they come from. */
  private final PageRuns[] from;

  FetchPlan(int nodes) {
    from = new PageRuns[nodes];
    for (int node = 0; node < nodes; node++) {
      from[node] = new PageRuns();
    }
  }

  /** {@return pages that are made by zeroing; empty for the host, whose untouched pages are zero} */
  public PageRuns zero() {
    return zero;
  }

  /**
   * Pages that come from a node.
   *
   * @param node the source
   * @return the runs
   */
  public PageRuns from(int node) {
    return from[node];
  }

  /** {@return whether nothing has to be moved or zeroed} */
  public boolean isEmpty() {
    if (!zero.isEmpty()) {
      return false;
    }
    for (PageRuns runs : from) {
      if (!runs.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Joins runs of one source across small gaps.
   *
   * @param node the source
   * @param test which gaps may be filled: the source and the target both hold them, and nobody else may write them
   */
  public void bridge(int node, PageRuns.GapTest test) {
    from[node] = from[node].bridged(BRIDGED_SHARE, test);
  }

  void add(long[] words, int base, long groupPage, long needed) {
    long zeroed = Transitions.untouched(words, base, needed);
    zero.addMask(groupPage, zeroed);
    long left = needed & ~zeroed;
    for (int node = 0; node < from.length && left != 0; node++) {
      long held = Transitions.heldBy(words, base, node, left);
      from[node].addMask(groupPage, held);
      left &= ~held;
    }
    assert left == 0 : "pages without a source: groupPage=" + groupPage + ", mask=" + Long.toHexString(left);
  }
}

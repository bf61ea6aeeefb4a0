package io.samepage.coherence.directory;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;

/**
 * The state of every page of one range. A block that was never changed is untouched, one whose pages all agree is a shared array.
 */
public final class PageDirectory {
  private static final long BLOCK_BYTES = 2L << 20;

  /** Looks at or changes the words of a group for the pages of a mask. */
  @FunctionalInterface
  private interface GroupAction {
    void on(long[] words, int base, long groupPage, long mask);
  }

  private final UniformBlocks uniform;
  /** For each node the one whose pages it uses. */
  private final IntUnaryOperator homes;
  private final long pages;
  private final int nodes;
  private final int stride;
  private final int groupsPerBlock;
  /** How many pages a block spans: those of 2 MiB, fewer if the range is smaller. */
  private final long pagesPerBlock;
  private final BlockTable blocks;
  /** The last node that wrote, and the block that it holds alone. */
  private int writer = -1;
  private long[] ofWriterAlone;

  /**
   * Makes the directory of a range that nobody has written, and of which each node has pages of its own.
   *
   * @param pages how many pages the range has
   * @param pageSizeBytes the size of a page
   * @param uniform the shared blocks of the range's memory
   */
  public PageDirectory(long pages, int pageSizeBytes, UniformBlocks uniform) {
    this(pages, pageSizeBytes, uniform, IntUnaryOperator.identity());
  }

  /**
   * Makes the directory of a range that nobody has written. What is said of a node that has no pages of its own holds of the node whose
   * pages it uses, its home.
   *
   * @param pages how many pages the range has
   * @param pageSizeBytes the size of a page
   * @param uniform the shared blocks of the range's memory
   * @param homes answers for each node its home: most often itself
   */
  public PageDirectory(long pages, int pageSizeBytes, UniformBlocks uniform, IntUnaryOperator homes) {
    this.uniform = uniform;
    this.homes = homes;
    this.pages = pages;
    nodes = uniform.nodes();
    stride = Layout.wordsPerGroup(nodes);
    long groups = Math.min(Math.max(1, BLOCK_BYTES / pageSizeBytes / Layout.PAGES_PER_GROUP), Math.ceilDiv(pages, Layout.PAGES_PER_GROUP));
    groupsPerBlock = (int) groups;
    pagesPerBlock = groups * Layout.PAGES_PER_GROUP;
    blocks = new BlockTable(Math.ceilDiv(pages, pagesPerBlock), uniform.untouched(groupsPerBlock));
  }

  /**
   * Takes over what another directory of the same range says, for a memory that has got more nodes: these hold nothing yet.
   *
   * @param narrow the other directory, which is not used any more
   * @param pageSizeBytes the size of a page
   * @param uniform the shared blocks of the memory with all its nodes
   */
  public PageDirectory(PageDirectory narrow, int pageSizeBytes, UniformBlocks uniform) {
    this(narrow.pages, pageSizeBytes, uniform, narrow.homes);
    blocks.copy(narrow.blocks, words -> uniform.widened(words, narrow.stride));
  }

  /** {@return how many pages the range has} */
  public long pages() {
    return pages;
  }

  /**
   * The node whose pages a node uses.
   *
   * @param node the node
   * @return the same, or the host where it uses those
   */
  public int home(int node) {
    return homes.applyAsInt(node);
  }

  /**
   * Tells whether a node holds all pages of a run.
   *
   * @param node the node
   * @param firstPage the run's first page
   * @param endPage behind its last page
   * @return whether nothing is missing
   */
  public boolean holdsAll(int node, long firstPage, long endPage) {
    int home = home(node);
    // Blocks whose pages all agree are mostly the same array again and again.
    long[] known = null;
    long block = firstPage / pagesPerBlock;
    for (long page = firstPage; page < endPage; block++) {
      long end = Math.min(endPage, (block + 1) * pagesPerBlock);
      long[] words = blocks.get(block);
      if (words != known && !holdsAll(words, home, page, end)) {
        return false;
      }
      known = end - page == pagesPerBlock ? words : known;
      page = end;
    }
    return true;
  }

  private boolean holdsAll(long[] words, int node, long firstPage, long endPage) {
    for (long page = firstPage; page < endPage; ) {
      long end = Math.min(endPage, groupEnd(page));
      if (Transitions.heldBy(words, base(page), node, mask(page, end)) != mask(page, end)) {
        return false;
      }
      page = end;
    }
    return true;
  }

  /**
   * Tells whether a node holds all pages of some runs.
   *
   * @param node the node
   * @param runs the runs
   * @return whether nothing is missing
   */
  public boolean holdsAll(int node, PageRuns runs) {
    for (int i = 0; i < runs.count(); i++) {
      if (!holdsAll(node, runs.firstPage(i), runs.endPage(i))) {
        return false;
      }
    }
    return true;
  }

  /** {@return an empty plan, to be filled by {@link #plan}} */
  public FetchPlan newPlan() {
    return new FetchPlan(nodes);
  }

  /**
   * Adds to a plan what a node must fetch before it uses a run of pages whose bytes it needs.
   *
   * @param plan the plan; runs are added in ascending order
   * @param node the node
   * @param firstPage the run's first page
   * @param endPage behind its last page
   * @return the first page that is poisoned, or −1
   */
  public long plan(FetchPlan plan, int node, long firstPage, long endPage) {
    int home = home(node);
    long poisoned = -1;
    long[] known = null;
    long block = firstPage / pagesPerBlock;
    for (long page = firstPage; page < endPage; block++) {
      long end = Math.min(endPage, (block + 1) * pagesPerBlock);
      long[] words = blocks.get(block);
      // What holds of a block holds of the next one if that is the same array, as long as there is nothing to be done.
      if (words != known) {
        boolean complete = holdsAll(words, home, page, end);
        if (!complete) {
          long lost = plan(plan, words, home, page, end);
          poisoned = poisoned < 0 ? lost : poisoned;
        }
        known = complete && end - page == pagesPerBlock ? words : null;
      }
      page = end;
    }
    return poisoned;
  }

  private long plan(FetchPlan plan, long[] words, int node, long firstPage, long endPage) {
    long poisoned = -1;
    for (long page = firstPage; page < endPage; ) {
      long end = Math.min(endPage, groupEnd(page));
      long groupPage = page - page % Layout.PAGES_PER_GROUP;
      plan.add(words, base(page), groupPage, Transitions.grant(words, base(page), nodes, node, mask(page, end)));
      long lost = Transitions.poisoned(words, base(page), nodes, mask(page, end));
      if (lost != 0 && poisoned < 0) {
        poisoned = groupPage + Long.numberOfTrailingZeros(lost);
      }
      page = end;
    }
    return poisoned;
  }

  /**
   * Pages that a node alone holds.
   *
   * @param node the node
   * @param firstPage the first page asked about
   * @param endPage behind the last one
   * @return the runs
   */
  public PageRuns onlyOn(int node, long firstPage, long endPage) {
    int home = home(node);
    PageRuns runs = new PageRuns();
    look(firstPage, endPage, (words, base, groupPage, mask) ->
        runs.addMask(groupPage, Transitions.onlyOn(words, base, nodes, home, mask)));
    return runs;
  }

  /**
   * Pages that a node holds.
   *
   * @param node the node
   * @param firstPage the first page asked about
   * @param endPage behind the last one
   * @return the runs
   */
  public PageRuns heldBy(int node, long firstPage, long endPage) {
    int home = home(node);
    PageRuns runs = new PageRuns();
    look(firstPage, endPage, (words, base, groupPage, mask) -> runs.addMask(groupPage, Transitions.heldBy(words, base, home, mask)));
    return runs;
  }

  /**
   * Pages that nobody has written.
   *
   * @param firstPage the first page asked about
   * @param endPage behind the last one
   * @return a bit for each page, counted from the first
   */
  public BitSet untouched(long firstPage, long endPage) {
    PageRuns runs = new PageRuns();
    look(firstPage, endPage, (words, base, groupPage, mask) -> runs.addMask(groupPage, Transitions.untouched(words, base, mask)));
    return runs.bits(firstPage);
  }

  /**
   * Pages whose only valid copy was lost.
   *
   * @param firstPage the first page asked about
   * @param endPage behind the last one
   * @return a bit for each page, counted from the first
   */
  public BitSet poisoned(long firstPage, long endPage) {
    return poisonedRuns(firstPage, endPage).bits(firstPage);
  }

  /**
   * Pages whose only valid copy was lost.
   *
   * @param firstPage the first page asked about
   * @param endPage behind the last one
   * @return the runs
   */
  public PageRuns poisonedRuns(long firstPage, long endPage) {
    PageRuns runs = new PageRuns();
    look(firstPage, endPage, (words, base, groupPage, mask) -> runs.addMask(groupPage, Transitions.poisoned(words, base, nodes, mask)));
    return runs;
  }

  /**
   * A node has got valid copies.
   *
   * @param node the node
   * @param firstPage the first page it got
   * @param endPage behind the last one
   */
  public void fetched(int node, long firstPage, long endPage) {
    int home = home(node);
    change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.fetched(words, base, nodes, home, mask));
  }

  /**
   * A node has got valid copies of many runs: each block is looked up once for all runs in it.
   *
   * @param node the node
   * @param runs the pages it got
   */
  public void fetched(int node, PageRuns runs) {
    int home = home(node);
    change(runs, (words, base, groupPage, mask) -> Transitions.fetched(words, base, nodes, home, mask));
  }

  /**
   * A node has written: the other copies are invalidated.
   *
   * @param node the node
   * @param firstPage the first page it wrote
   * @param endPage behind the last one
   */
  public void wrote(int node, long firstPage, long endPage) {
    int home = home(node);
    if (!isAlone(home, firstPage, endPage)) {
      change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.wrote(words, base, nodes, home, mask));
    }
  }

  /**
   * A node has written some runs.
   *
   * @param node the node
   * @param runs the pages it wrote
   */
  public void wrote(int node, PageRuns runs) {
    for (int i = 0; i < runs.count(); i++) {
      wrote(node, runs.firstPage(i), runs.endPage(i));
    }
  }

  /** Whether a node holds all pages of a run's blocks alone, so that nothing changes if it writes there, again and again mostly. */
  private boolean isAlone(int node, long firstPage, long endPage) {
    if (node != writer) {
      writer = node;
      ofWriterAlone = uniform.alone(groupsPerBlock, node);
    }
    for (long block = firstPage / pagesPerBlock; block * pagesPerBlock < endPage; block++) {
      if (blocks.get(block) != ofWriterAlone) {
        return false;
      }
    }
    return true;
  }

  /**
   * A node has written some bytes of pages. Of those that it lost meanwhile it had no valid copy to write in: they stay as they are.
   *
   * @param node the node
   * @param firstPage the first page it wrote
   * @param endPage behind the last one
   */
  public void wroteInPart(int node, long firstPage, long endPage) {
    int home = home(node);
    change(firstPage, endPage, (words, base, groupPage, mask) ->
        Transitions.wrote(words, base, nodes, home, Transitions.heldBy(words, base, home, mask)));
  }

  /**
   * The contents of pages are no longer needed, and the host's are zero: they are as if nobody had written them.
   *
   * @param firstPage the first page
   * @param endPage behind the last one
   */
  public void discarded(long firstPage, long endPage) {
    change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.discarded(words, base, nodes, mask));
  }

  /**
   * A node drops copies that others hold too. Who would drop the last one has lost a page: see {@link #lost}.
   *
   * @param node the node
   * @param firstPage the first page it drops
   * @param endPage behind the last one
   */
  public void evicted(int node, long firstPage, long endPage) {
    assert home(node) == node : "a node without pages of its own has none to drop: node=" + node;
    assert onlyOn(node, firstPage, endPage).isEmpty() : "the last copies of pages are dropped, and nothing says that they are lost: node="
        + node + ", pages=" + Arrays.toString(onlyOn(node, firstPage, endPage).bounds());
    change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.evicted(words, base, node, mask));
  }

  /**
   * A node's copies can't be trusted any more.
   *
   * @param node the node
   * @param firstPage the first page it lost
   * @param endPage behind the last one
   */
  public void lost(int node, long firstPage, long endPage) {
    int home = home(node);
    change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.lost(words, base, home, mask));
  }

  /**
   * Pages are lost, whoever was believed to hold them.
   *
   * @param firstPage the first page that is lost
   * @param endPage behind the last one
   */
  public void poison(long firstPage, long endPage) {
    change(firstPage, endPage, (words, base, groupPage, mask) -> Transitions.poison(words, base, nodes, mask));
  }

  /** {@return the bytes of heap that the directory's own arrays take, headers not counted} For tests and statistics. */
  public long heapBytes() {
    return blocks.heapBytes(uniform);
  }

  private void look(long firstPage, long endPage, GroupAction action) {
    for (long page = firstPage; page < endPage; ) {
      long end = Math.min(endPage, groupEnd(page));
      action.on(words(page), base(page), page - page % Layout.PAGES_PER_GROUP, mask(page, end));
      page = end;
    }
  }

  private void change(PageRuns runs, GroupAction action) {
    BlockChange change = new BlockChange(action);
    runs.forEach(change::add);
    change.store();
  }

  /** Changes pages block by block. A block is copied if it is shared, and stored when the next one is begun. */
  private final class BlockChange {
    private final GroupAction action;
    private long block = -1;
    private long[] words;

    BlockChange(GroupAction action) {
      this.action = action;
    }

    void add(long firstPage, long endPage) {
      // Pages that don't exist, behind the last one, go along with it: so a block whose pages all agree is uniform.
      long last = endPage == pages ? Math.ceilDiv(pages, pagesPerBlock) * pagesPerBlock : endPage;
      for (long page = firstPage; page < last; ) {
        begin(page / pagesPerBlock);
        long end = Math.min(last, groupEnd(page));
        action.on(words, base(page), page - page % Layout.PAGES_PER_GROUP, mask(page, end));
        assert Transitions.violations(words, base(page)) == 0 : describe(words, page);
        page = end;
      }
    }

    private void begin(long next) {
      if (next != block) {
        store();
        block = next;
        words = words(block * pagesPerBlock);
        words = uniform.isShared(words) ? words.clone() : words;
      }
    }

    void store() {
      if (block >= 0) {
        blocks.set(block, uniform.shareIfUniform(words));
      }
    }
  }

  private void change(long firstPage, long endPage, GroupAction action) {
    // Pages that don't exist, behind the last one, go along with it: so a block whose pages all agree is uniform.
    long last = endPage == pages ? Math.ceilDiv(pages, pagesPerBlock) * pagesPerBlock : endPage;
    long[] before = null;
    long[] after = null;
    long block = firstPage / pagesPerBlock;
    for (long page = firstPage; page < last; block++) {
      long blockEnd = Math.min(last, (block + 1) * pagesPerBlock);
      long[] words = blocks.get(block);
      boolean isWhole = blockEnd - page == pagesPerBlock;
      // The same change of the same shared array gives the same again.
      long[] result = isWhole && words == before ? after : changed(words, page, blockEnd, action);
      if (isWhole && words != before && uniform.isShared(words)) {
        before = words;
        after = result;
      }
      if (result != words) {
        blocks.set(block, result);
      }
      page = blockEnd;
    }
  }

  private long[] changed(long[] old, long firstPage, long endPage, GroupAction action) {
    long[] words = uniform.isShared(old) ? old.clone() : old;
    for (long page = firstPage; page < endPage; ) {
      long end = Math.min(endPage, groupEnd(page));
      action.on(words, base(page), page - page % Layout.PAGES_PER_GROUP, mask(page, end));
      assert Transitions.violations(words, base(page)) == 0 : describe(words, page);
      page = end;
    }
    return uniform.shareIfUniform(words);
  }

  private long[] words(long page) {
    return blocks.get(page / pagesPerBlock);
  }

  private int base(long page) {
    return (int) (page % pagesPerBlock / Layout.PAGES_PER_GROUP) * stride;
  }

  private static long groupEnd(long page) {
    return (page / Layout.PAGES_PER_GROUP + 1) * Layout.PAGES_PER_GROUP;
  }

  private static long mask(long firstPage, long endPage) {
    int first = (int) (firstPage % Layout.PAGES_PER_GROUP);
    int count = (int) (endPage - firstPage);
    return (count == Long.SIZE ? -1L : (1L << count) - 1) << first;
  }

  private String describe(long[] words, long page) {
    int base = base(page);
    return "directory invariant broken: page=" + page + ", words="
        + Arrays.toString(Arrays.stream(words, base, base + stride).mapToObj(Long::toHexString).toArray());
  }
}

package io.samepage.explorer;

import io.samepage.coherence.directory.FetchPlan;
import io.samepage.coherence.directory.PageDirectory;
import io.samepage.coherence.directory.Transitions;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.LeaseTable;
import java.util.List;

/**
 * The rules that the explorer lets the small world live by. As they are here they are the shipped ones; a defect overrides one.
 */
interface Rules {
  /** The shipped rules. */
  Rules SHIPPED = new Rules() { };

  /** The shipped functions say so: see {@link Transitions#fetched}. */
  default void fetched(long[] words, int node, int pages) {
    Transitions.fetched(words, 0, Small.NODES, node, pages);
  }

  /** See {@link Transitions#wrote}. */
  default void wrote(long[] words, int node, int pages) {
    Transitions.wrote(words, 0, Small.NODES, node, pages);
  }

  /** See {@link Transitions#discarded}. */
  default void discarded(long[] words, int pages) {
    Transitions.discarded(words, 0, Small.NODES, pages);
  }

  /** See {@link Transitions#evicted}. */
  default void evicted(long[] words, int node, int pages) {
    Transitions.evicted(words, 0, node, pages);
  }

  /** See {@link Transitions#lost}. */
  default void lost(long[] words, int node, int pages) {
    Transitions.lost(words, 0, node, pages);
  }

  /** See {@link Claim#neededPages}. */
  default int neededPages(Claim<Integer> claim) {
    return Small.pages(claim.neededPages());
  }

  /** See {@link PageDirectory#plan} and {@link FetchPlan}. */
  default int sources(long[] words, int node, int neededPages) {
    PageDirectory directory = Directories.shipped(words);
    FetchPlan plan = directory.newPlan();
    if (neededPages != 0) {
      int first = Integer.numberOfTrailingZeros(neededPages);
      directory.plan(plan, node, first, first + Integer.bitCount(neededPages));
    }
    int[] sources = {Sources.NONE};
    plan.zero().forEach((first, end) -> sources[0] = zeroed(sources[0], first, end));
    for (int source = 0; source < Small.NODES; source++) {
      int from = source;
      plan.from(source).forEach((first, end) -> sources[0] = fetched(sources[0], from, first, end));
    }
    return sources[0];
  }

  private static int zeroed(int sources, long first, long end) {
    int more = sources;
    for (long page = first; page < end; page++) {
      more = Sources.zeroed(more, (int) page);
    }
    return more;
  }

  private static int fetched(int sources, int node, long first, long end) {
    int more = sources;
    for (long page = first; page < end; page++) {
      more = Sources.fetched(more, (int) page, node);
    }
    return more;
  }

  /** See {@link LeaseTable#blockers}. */
  default boolean isBlocked(LeaseTable<Integer> table, Claim<Integer> claim) {
    return !table.blockers(claim).isEmpty();
  }

  /** See {@link LeaseTable#blockers}. */
  default List<Claim<Integer>> blockers(LeaseTable<Integer> table, Claim<Integer> claim) {
    return table.blockers(claim);
  }

  /** See {@link Claim#isWithinPagesOf}. */
  default boolean isWithinPagesOf(Claim<Integer> claim, List<Claim<Integer>> launches) {
    return claim.isWithinPagesOf(launches);
  }

  /** See {@link LeaseTable#predecessors}. */
  default List<Claim<Integer>> predecessors(LeaseTable<Integer> table, Claim<Integer> claim) {
    return table.predecessors(claim);
  }

  /** See {@link LeaseTable#earlierWaiter}. */
  default boolean isBehind(LeaseTable<Integer> table, Claim<Integer> claim) {
    return table.earlierWaiter(claim) != null;
  }

  /** What Eviction.tryClaim says of a held claim that shares a page with the window. */
  default boolean isInTheWay(Claim<Integer> held, int device) {
    return held.node() == device || held.isPreparing();
  }

  /** Whether the callers of the shipped functions see to something. */
  default boolean take(Care care) {
    return true;
  }
}

package io.samepage.explorer;

import io.samepage.Access;
import io.samepage.coherence.directory.Transitions;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.LeaseTable;
import io.samepage.coherence.lease.Span;
import java.util.List;

/** Rules with one left out or wrong: what the explorer is for. */
enum Defects implements Rules {
  WROTE_LEAVES_ANOTHER_DEVICE {
    @Override
    public void wrote(long[] words, int node, int pages) {
      int kept = (int) Transitions.heldBy(words, 0, Small.DEV2, pages);
      super.wrote(words, node, pages);
      Transitions.fetched(words, 0, Small.NODES, Small.DEV2, kept);
    }
  },
  WROTE_LEAVES_PAGES_UNTOUCHED {
    @Override
    public void wrote(long[] words, int node, int pages) {
      long[] before = words.clone();
      super.wrote(words, node, pages);
      words[0] = before[0];
    }
  },
  WROTE_LEAVES_PAGES_POISONED {
    @Override
    public void wrote(long[] words, int node, int pages) {
      super.wrote(words, node, pages & ~(int) Transitions.poisoned(words, 0, Small.NODES, pages));
    }
  },
  FETCHED_INVALIDATES_OTHERS {
    @Override
    public void fetched(long[] words, int node, int pages) {
      Transitions.wrote(words, 0, Small.NODES, node, pages);
    }
  },
  FETCHED_IGNORES_POISON {
    @Override
    public void fetched(long[] words, int node, int pages) {
      words[1 + node] |= pages;
    }
  },
  DISCARDED_LEAVES_A_DEVICE {
    @Override
    public void discarded(long[] words, int pages) {
      int kept = (int) Transitions.heldBy(words, 0, Small.DEV1, pages);
      super.discarded(words, pages);
      Transitions.fetched(words, 0, Small.NODES, Small.DEV1, kept);
    }
  },
  DISCARDED_LEAVES_PAGES_POISONED {
    @Override
    public void discarded(long[] words, int pages) {
      super.discarded(words, pages & ~(int) Transitions.poisoned(words, 0, Small.NODES, pages));
    }
  },
  EVICTED_LEAVES_PAGES_HELD {
    @Override
    public void evicted(long[] words, int node, int pages) { }
  },
  LOST_POISONS_NOTHING {
    @Override
    public void lost(long[] words, int node, int pages) {
      super.lost(words, node, pages & ~(int) Transitions.onlyOn(words, 0, Small.NODES, node, pages));
    }
  },
  GRANT_FETCHES_WHAT_IS_HELD {
    @Override
    public int sources(long[] words, int node, int neededPages) {
      long[] forgotten = words.clone();
      int elsewhere = 0;
      for (int other = 0; other < Small.NODES; other++) {
        elsewhere |= other == node ? 0 : (int) Transitions.heldBy(words, 0, other, neededPages);
      }
      Transitions.evicted(forgotten, 0, node, elsewhere);
      return super.sources(forgotten, node, neededPages);
    }
  },
  SOURCES_PREFER_DEVICES {
    @Override
    public int sources(long[] words, int node, int neededPages) {
      int sources = super.sources(words, node, neededPages);
      for (int page = 0; page < Small.PAGES; page++) {
        for (int device = Small.DEV1; device < Small.NODES; device++) {
          if (Small.has(Sources.pages(sources), page) && Transitions.heldBy(words, 0, device, 1L << page) != 0) {
            sources = Sources.fetched(sources, page, device);
          }
        }
      }
      return sources;
    }
  },
  PARTS_ARE_NOT_NEEDED {
    @Override
    public int neededPages(Claim<Integer> claim) {
      int pages = 0;
      for (Span span : claim.spans()) {
        pages |= span.access().reads() ? Small.pages(claim.pages()) : 0;
      }
      return super.neededPages(claim) & pages;
    }
  },
  LEASES_COMPARE_BYTES_ONLY {
    @Override
    public boolean isBlocked(LeaseTable<Integer> table, Claim<Integer> claim) {
      return table.blockers(claim).stream().anyMatch(other -> other.isPreparing() || shareBytes(claim, other));
    }
  },
  LEASES_COMPARE_NODES_ONLY {
    @Override
    public boolean isBlocked(LeaseTable<Integer> table, Claim<Integer> claim) {
      return table.blockers(claim).stream().anyMatch(other -> other.isPreparing() || claim.node() != other.node());
    }
  },
  PREPARING_CLAIMS_BLOCK_NOBODY {
    @Override
    public boolean isBlocked(LeaseTable<Integer> table, Claim<Integer> claim) {
      return table.blockers(claim).stream().anyMatch(other -> table.isConflict(claim, other));
    }
  },
  LAUNCHES_FOLLOW_THE_LAST_ALONE {
    @Override
    public List<Claim<Integer>> predecessors(LeaseTable<Integer> table, Claim<Integer> claim) {
      return table.predecessors(claim).stream().limit(1).toList();
    }
  },
  LEASES_COME_BEHIND_PARTS_TOO {
    @Override
    public boolean isWithinPagesOf(Claim<Integer> claim, List<Claim<Integer>> launches) {
      return true;
    }
  },
  NOBODY_WAITS_HIS_TURN {
    @Override
    public boolean isBehind(LeaseTable<Integer> table, Claim<Integer> claim) {
      return false;
    }
  },
  EVICTION_IGNORES_CLAIMS_ON_ITS_NODE {
    @Override
    public boolean isInTheWay(Claim<Integer> held, int device) {
      return held.isPreparing() && held.node() != device;
    }
  },
  EVICTION_IGNORES_PREPARING_CLAIMS {
    @Override
    public boolean isInTheWay(Claim<Integer> held, int device) {
      return held.node() == device;
    }
  };

  private static boolean shareBytes(Claim<Integer> claim, Claim<Integer> other) {
    return claim.spans().stream().anyMatch(span ->
        other.spans().stream().anyMatch(theirs -> writes(span, theirs) && span.sharesByte(theirs)));
  }

  private static boolean writes(Span span, Span other) {
    return span.access() != Access.READ || other.access() != Access.READ;
  }

  /** The shipped rules, but their callers don't see to something. */
  static Rules without(Care care) {
    return new Rules() {
      @Override
      public boolean take(Care asked) {
        return asked != care && Rules.super.take(asked);
      }
    };
  }
}

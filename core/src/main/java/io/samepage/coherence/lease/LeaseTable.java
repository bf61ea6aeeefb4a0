package io.samepage.coherence.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The claims on one range: those that are held, and those that wait, in the order they came.
 *
 * @param <O> who claims
 */
public final class LeaseTable<O> {
  private final List<Claim<O>> held = new ArrayList<>(0);
  /** Held ones too: launches in the queues of their nodes, in the order they were entered: that of the queues where they conflict. */
  private final List<Launched<O>> launched = new ArrayList<>(0);
  private final List<Claim<O>> waiting = new ArrayList<>(0);
  /** How many are in queues, and how many of them write. Changed as all of this is, but read by who only wants to know if there are any. */
  private volatile int inQueues;
  private volatile int writersInQueues;
  /** How many ever were in queues; likewise. */
  private volatile long launches;

  /**
   * Launches in the queues of one node.
   *
   * @param makers those that write or that copies go before, so that others may have to follow them even if they only read
   * @param readers the others
   */
  private record Launched<O>(EnteredClaims<O> makers, EnteredClaims<O> readers) {
    Launched() {
      this(new EnteredClaims<>(), new EnteredClaims<>());
    }

    Stream<Claim<O>> all() {
      return Stream.concat(makers.stream(), readers.stream());
    }

    void addConflicts(Claim<O> claim, List<Claim<O>> found) {
      addConflicts(readers, claim, found);
      addConflicts(makers, claim, found);
    }

    /** Up to one that does all that the claim does, and maybe more: what the claim would have to follow, that one follows. */
    void addMakers(Claim<O> claim, List<Claim<O>> found) {
      for (int i = makers.sharing(claim, makers.end()); i >= 0; i = makers.sharing(claim, i)) {
        Claim<O> other = makers.get(i);
        found.add(other);
        if (other.doesAllOf(claim) && claim.conflictsWith(other)) {
          return;
        }
      }
    }

    boolean drop(Claim<O> claim) {
      return makers.remove(claim) || readers.remove(claim);
    }

    private static <O> void addConflicts(EnteredClaims<O> claims, Claim<O> claim, List<Claim<O>> found) {
      for (int i = claims.sharing(claim, claims.end()); i >= 0; i = claims.sharing(claim, i)) {
        if (claim.conflictsWith(claims.get(i))) {
          found.add(claims.get(i));
        }
      }
    }
  }

  /** Makes an empty table. */
  public LeaseTable() {}

  /**
   * The claims that exclude another, and those that are being prepared and share a page with it. Launches in a queue exclude no other
   * launch of the same node, which {@linkplain #predecessors follows} them.
   *
   * @param claim the claim that wants to be held
   * @return those in its way: the conflicts first, and the newest first of those in queues
   */
  public List<Claim<O>> blockers(Claim<O> claim) {
    List<Claim<O>> blockers = new ArrayList<>(0);
    for (int node = launched.size() - 1; node >= 0; node--) {
      if (!claim.isLaunch() || claim.node() != node) {
        launched.get(node).addConflicts(claim, blockers);
      }
    }
    for (int i = held.size() - 1; i >= 0; i--) {
      if (claim.conflictsWith(held.get(i))) {
        blockers.add(held.get(i));
      }
    }
    for (int i = 0; i < held.size(); i++) {
      Claim<O> other = held.get(i);
      if (other.isPreparing() && claim.sharesPage(other) && !claim.conflictsWith(other)) {
        blockers.add(other);
      }
    }
    return blockers;
  }

  /**
   * Whether a held claim excludes another.
   *
   * @param claim a claim that wants to be held
   * @param other a held one
   * @return whether they conflict, rather than one waiting for the other to be prepared
   */
  public boolean isConflict(Claim<O> claim, Claim<O> other) {
    return claim.conflictsWith(other);
  }

  /**
   * The first waiting claim that came before another and that it would overtake.
   *
   * @param claim the claim that wants to be held
   * @return the earlier one, or null
   */
  public Claim<O> earlierWaiter(Claim<O> claim) {
    for (int i = 0; i < waiting.size(); i++) {
      Claim<O> other = waiting.get(i);
      if (other == claim) {
        return null;
      }
      if (claim.conflictsWith(other)) {
        return other;
      }
    }
    return null;
  }

  /**
   * Queues a claim.
   *
   * @param claim the claim
   */
  public void startWaiting(Claim<O> claim) {
    waiting.add(claim);
  }

  /**
   * Takes a claim out of the queue, if it is there.
   *
   * @param claim the claim
   */
  public void stopWaiting(Claim<O> claim) {
    waiting.remove(claim);
  }

  /**
   * Holds a claim that nothing is in the way of.
   *
   * @param claim the claim
   */
  public void hold(Claim<O> claim) {
    held.add(claim);
  }

  /**
   * A held claim of a launch is in a queue of its node, and prepared.
   *
   * @param claim the claim
   * @param hasArrivals whether pages are on their way to the node for it
   */
  public void launched(Claim<O> claim, boolean hasArrivals) {
    held.remove(claim);
    while (launched.size() <= claim.node()) {
      launched.add(new Launched<>());
    }
    Launched<O> there = launched.get(claim.node());
    (hasArrivals || claim.writes() ? there.makers : there.readers).add(claim);
    launches = launches + 1;
    count(claim, 1);
  }

  private void count(Claim<O> claim, int change) {
    inQueues = inQueues + change;
    writersInQueues = writersInQueues + (claim.writes() ? change : 0);
  }

  /**
   * Whether there are launches in queues, ended ones too as long as they aren't dropped, that somebody elsewhere would have to wait for who
   * used all of the range: a look that may be outdated at once, for which nobody needs a lock. For readers, copies to the host don't
   * count.
   *
   * @param writes whether he would write
   * @return whether there are any
   */
  public boolean hasLaunches(boolean writes) {
    return (writes ? inQueues : writersInQueues) > 0;
  }

  /** {@return how many launches there ever were} May be outdated at once; nobody needs a lock for it. */
  public long launches() {
    return launches;
  }

  /**
   * The launches in the queues of its node that a held claim of a launch has to follow: those that it conflicts with, and those that share
   * a page with it and that pages are on their way for. One is left out where another one that is named is sure to follow it.
   *
   * @param claim the claim
   * @return the claims
   */
  public List<Claim<O>> predecessors(Claim<O> claim) {
    List<Claim<O>> found = new ArrayList<>(0);
    if (claim.node() < launched.size()) {
      Launched<O> there = launched.get(claim.node());
      there.addMakers(claim, found);
      if (claim.writes()) {
        Launched.addConflicts(there.readers, claim, found);
      }
    }
    return found;
  }

  /**
   * Drops a held claim.
   *
   * @param claim the claim
   */
  public void drop(Claim<O> claim) {
    if (!held.remove(claim) && claim.node() < launched.size() && launched.get(claim.node()).drop(claim)) {
      count(claim, -1);
    }
  }

  /**
   * The held claims that fulfil a condition.
   *
   * @param condition the condition
   * @return the claims, those of launches in queues last
   */
  public List<Claim<O>> held(Predicate<Claim<O>> condition) {
    return Stream.concat(held.stream(), launched.stream().flatMap(Launched::all)).filter(condition).toList();
  }
}

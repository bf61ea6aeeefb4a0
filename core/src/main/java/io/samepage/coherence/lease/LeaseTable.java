package io.samepage.coherence.lease;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
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
  /** Held ones too: launches in the queues of their nodes, for each node in the order of its queue. */
  private final List<Collection<Claim<O>>> launched = new ArrayList<>(0);
  private final List<Claim<O>> waiting = new ArrayList<>(0);

  /** Makes an empty table. */
  public LeaseTable() {}

  /**
   * The claims that exclude another, and those that are being prepared and share a page with it. Launches in a queue exclude no other
   * launch that will be in the same queue.
   *
   * @param claim the claim that wants to be held
   * @return those in its way, the conflicts first
   */
  public List<Claim<O>> blockers(Claim<O> claim) {
    List<Claim<O>> blockers = new ArrayList<>(0);
    for (Claim<O> other : held) {
      if (claim.conflictsWith(other)) {
        blockers.addFirst(other);
      } else if (other.isPreparing() && claim.sharesPage(other)) {
        blockers.add(other);
      }
    }
    for (int node = 0; node < launched.size(); node++) {
      if (!claim.isLaunch() || claim.node() != node) {
        launched.get(node).stream().filter(claim::conflictsWith).forEach(blockers::addFirst);
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
    for (Claim<O> other : waiting) {
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
   * A held claim of a launch is in the queue of its node, and prepared.
   *
   * @param claim the claim
   */
  public void launched(Claim<O> claim) {
    held.remove(claim);
    while (launched.size() <= claim.node()) {
      launched.add(new ArrayDeque<>(0));
    }
    launched.get(claim.node()).add(claim);
  }

  /**
   * Drops a held claim.
   *
   * @param claim the claim
   */
  public void drop(Claim<O> claim) {
    if (!held.remove(claim) && claim.node() < launched.size()) {
      launched.get(claim.node()).remove(claim);
    }
  }

  /**
   * The held claims that fulfil a condition.
   *
   * @param condition the condition
   * @return the claims, those of launches in queues last
   */
  public List<Claim<O>> held(Predicate<Claim<O>> condition) {
    return Stream.concat(held.stream(), launched.stream().flatMap(Collection::stream)).filter(condition).toList();
  }
}

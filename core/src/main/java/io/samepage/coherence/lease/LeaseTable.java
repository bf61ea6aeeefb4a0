package io.samepage.coherence.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The claims on one range: those that are held, and those that wait, in the order they came.
 *
 * @param <O> who claims
 */
public final class LeaseTable<O> {
  private final List<Claim<O>> held = new ArrayList<>(0);
  private final List<Claim<O>> waiting = new ArrayList<>(0);

  /** Makes an empty table. */
  public LeaseTable() {}

  /**
   * The claims that exclude another, and those that are being prepared and share a page with it.
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
   * Drops a held claim.
   *
   * @param claim the claim
   */
  public void drop(Claim<O> claim) {
    held.remove(claim);
  }

  /**
   * The held claims that fulfil a condition.
   *
   * @param condition the condition
   * @return the claims, oldest first
   */
  public List<Claim<O>> held(Predicate<Claim<O>> condition) {
    return held.stream().filter(condition).toList();
  }
}

package io.samepage.coherence.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock with its place in the order; taking locks against the order fails an assertion. See the table in the package of the state that
 * they guard.
 */
public final class OrderedLock extends ReentrantLock {
  private static final long serialVersionUID = 1L;

  /** The places in the order, from what is taken first to what is taken last. */
  public enum Rank {
    /** Windows of a device are made, merged and evicted. */
    PLACEMENT,
    /** Launches of a device are completed. */
    RETIREMENT,
    /** The host's copies are withdrawn in favour of a device. */
    WITHDRAWAL,
    /** Commands are put in a device's queue. */
    SUBMISSION,
    /** Directory, claims and windows of a range. */
    RANGE,
    /** What is charged to a device. */
    BOOKS
  }

  private static final ThreadLocal<List<OrderedLock>> HELD = ThreadLocal.withInitial(ArrayList::new);

  private final Rank rank;
  private final long number;

  /**
   * Makes a lock.
   *
   * @param rank its place in the order
   * @param number among the locks of its rank, which are taken in ascending order
   */
  public OrderedLock(Rank rank, long number) {
    this.rank = rank;
    this.number = number;
  }

  @Override
  public void lock() {
    assert mayTake();
    super.lock();
    assert HELD.get().add(this);
  }

  @Override
  public void unlock() {
    super.unlock();
    assert HELD.get().remove(this);
  }

  private boolean mayTake() {
    for (OrderedLock held : HELD.get()) {
      int order = held.rank.compareTo(rank);
      if (order > 0 || (order == 0 && held.number >= number)) {
        throw new AssertionError("lock order: " + rank + " " + number + " wanted, " + held.rank + " " + held.number + " held");
      }
    }
    return true;
  }
}

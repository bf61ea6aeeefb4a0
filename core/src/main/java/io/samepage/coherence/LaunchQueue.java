package io.samepage.coherence;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The launches of one device that are not known to be complete, in the order of its queue. They are retired in that order, by whoever
 * needs it: no thread of ours waits for devices, and no driver's thread calls us.
 */
final class LaunchQueue {
  /** More than that are not useful, and take the driver's memory and ours. */
  private static final int LAUNCHES_MAX = 1_024;

  private final OrderedLock retirement;
  private final Queue<InFlightLaunch> inFlight = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  /** Changes when a launch turns out to have lost what it was to write. Guarded by the withdrawal lock where it is changed. */
  private volatile long losses;

  LaunchQueue(int device) {
    retirement = new OrderedLock(OrderedLock.Rank.RETIREMENT, device);
  }

  /** Called under the device's submission lock, so that the order is the queue's. */
  void add(InFlightLaunch launch) {
    inFlight.add(launch);
    count.incrementAndGet();
  }

  /** Retires all launches up to one that is complete. They are complete too, so nobody waits for the lock for long. */
  void retireThrough(InFlightLaunch last) {
    retirement.lock();
    try {
      while (!last.isRetired()) {
        inFlight.element().finish();
        inFlight.remove();
        count.decrementAndGet();
      }
    } finally {
      retirement.unlock();
    }
  }

  /** How many launches there are. */
  int count() {
    return count.get();
  }

  long losses() {
    return losses;
  }

  /** Called under the withdrawal lock. */
  void lost() {
    losses = losses + 1;
  }

  /** Waits while there are too many. Called by who holds nothing. */
  void awaitRoom() {
    for (InFlightLaunch head = inFlight.peek(); head != null && count.get() >= LAUNCHES_MAX; head = inFlight.peek()) {
      head.retire();
    }
  }

  /** The launches behind one, in the order of the queue. Called under the retirement lock. */
  List<InFlightLaunch> behind(InFlightLaunch launch) {
    return inFlight.stream().dropWhile(other -> other != launch).skip(1).toList();
  }

  /** Retires the launches that are complete. */
  void retireDone() {
    InFlightLaunch head = inFlight.peek();
    while (head != null && head.isDone()) {
      retireThrough(head);
      head = inFlight.peek();
    }
  }

  /** Retires launches until there is none, waiting for them. */
  void retireAll() {
    for (InFlightLaunch head = inFlight.peek(); head != null; head = inFlight.peek()) {
      head.retire();
    }
  }
}

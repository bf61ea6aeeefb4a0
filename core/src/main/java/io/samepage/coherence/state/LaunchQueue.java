package io.samepage.coherence.state;

import io.samepage.coherence.sync.OrderedLock;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;

/**
 * The launches of one device that are not known to be complete, and which of its queues each is in. Those of a queue are retired in its
 * order, and those that a launch comes behind before it, by whoever needs it: no thread of ours waits for devices, and no driver's thread
 * calls us.
 */
public final class LaunchQueue {
  /** More than that are not useful, and take the driver's memory and ours. */
  private static final int LAUNCHES_MAX = 1_024;

  /** A launch, and copies to the host behind it. */
  private static final int FEW = 4;

  private final OrderedLock retirement;
  /** In the order they were enqueued. */
  private final Queue<InFlightLaunch> inFlight = new ConcurrentLinkedQueue<>();
  /** The same for each queue of the device: its own, and then its compute queues. */
  private final List<Queue<InFlightLaunch>> queues;
  private final AtomicIntegerArray counts;
  private final AtomicInteger count = new AtomicInteger();
  /** The number of the last launch that each queue was given. Guarded by the submission lock. */
  private final long[] newest;
  /** Copies that nobody waits for any more. */
  private final Set<InFlightLaunch> givenUp = ConcurrentHashMap.newKeySet();
  /** How many there ever were. Guarded by the submission lock. */
  private long numbers;
  /** Changes when a launch turns out to have lost what it was to write. Guarded by the withdrawal lock where it is changed. */
  private volatile long losses;

  LaunchQueue(int device, int computeQueues) {
    retirement = new OrderedLock(OrderedLock.Rank.RETIREMENT, device);
    queues = Stream.<Queue<InFlightLaunch>>generate(ConcurrentLinkedQueue::new).limit(1 + computeQueues).toList();
    counts = new AtomicIntegerArray(queues.size());
    newest = new long[queues.size()];
  }

  /**
   * A launch is in its queue. Called under the device's submission lock, so that the order is the queue's.
   *
   * @param launch the launch
   */
  public void add(InFlightLaunch launch) {
    launch.numbered(++numbers);
    newest[launch.queue()] = numbers;
    inFlight.add(launch);
    queues.get(launch.queue()).add(launch);
    counts.incrementAndGet(launch.queue());
    count.incrementAndGet();
  }

  /**
   * The compute queue for a launch: where the last one is that it comes behind, so that nothing has to wait for another queue; if it comes
   * behind none, where there are the fewest.
   *
   * @param predecessors what it comes behind
   * @return the number of the queue
   */
  public int queueFor(Predecessors predecessors) {
    int last = predecessors.lastQueue();
    if (last > 0) {
      return last;
    }
    int idlest = 1;
    for (int queue = 2; queue < counts.length() && counts.get(idlest) > 0; queue++) {
      idlest = counts.get(queue) < counts.get(idlest) ? queue : idlest;
    }
    return idlest;
  }

  /**
   * The compute queue for a copy behind launches, in which it comes behind nothing else: where the last of them is, unless something is
   * behind that there; else one that is empty. Called under the device's submission lock.
   *
   * @param launches what it comes behind
   * @return the number of the queue; 0 if there is none
   */
  public int queueBehind(Predecessors launches) {
    InFlightLaunch last = launches.lastComputing();
    if (last != null && newest[last.queue()] == last.number()) {
      return last.queue();
    }
    for (int queue = 1; queue < counts.length(); queue++) {
      if (counts.get(queue) == 0) {
        return queue;
      }
    }
    return 0;
  }

  /** Retires a launch that is complete, and those before it, which are complete too, so that nobody waits for the lock for long. */
  void retireThrough(InFlightLaunch last) {
    retirement.lock();
    try {
      retire(last);
    } finally {
      retirement.unlock();
    }
  }

  private void retire(InFlightLaunch last) {
    Queue<InFlightLaunch> queue = queues.get(last.queue());
    while (!last.isRetired()) {
      InFlightLaunch head = queue.element();
      head.toRetireBefore().forEach(this::retire);
      head.finish();
      queue.remove();
      inFlight.remove(head);
      counts.decrementAndGet(head.queue());
      count.decrementAndGet();
    }
  }

  /** Whether all launches before one are retired, and it isn't. */
  boolean isOldest(InFlightLaunch launch) {
    return inFlight.peek() == launch;
  }

  /** {@return how many launches there are} */
  public int count() {
    return count.get();
  }

  long losses() {
    return losses;
  }

  /** Called under the withdrawal lock. */
  void lost() {
    losses = losses + 1;
  }

  /**
   * Nobody waits for a copy any more: it is retired like a launch.
   *
   * @param copy the copy
   */
  public void giveUp(InFlightLaunch copy) {
    givenUp.add(copy);
  }

  /** {@return whether a copy that was given up is still under way} Called by who holds nothing. */
  boolean hasGivenUp() {
    if (givenUp.isEmpty()) {
      return false;
    }
    retireDone();
    givenUp.removeIf(InFlightLaunch::isRetired);
    return !givenUp.isEmpty();
  }

  /**
   * Waits while there are too many. Called by who holds nothing.
   *
   * @throws io.samepage.WaitInterruptedException if the thread is interrupted
   */
  public void awaitRoom() {
    for (InFlightLaunch head = inFlight.peek(); head != null && count.get() >= LAUNCHES_MAX; head = inFlight.peek()) {
      head.retireWithin(Long.MAX_VALUE);
    }
  }

  /** The launches behind one, in the order they were enqueued. Called under the retirement lock. */
  List<InFlightLaunch> behind(InFlightLaunch launch) {
    return inFlight.stream().dropWhile(other -> other != launch).skip(1).toList();
  }

  /** Retires the launches that are complete if there are many: a few are in nobody's way, and a kernel that is about to start is. */
  public void retireDoneOfMany() {
    if (count.get() > FEW) {
      retireDone();
    }
  }

  /** Retires the launches that are complete. */
  public void retireDone() {
    if (count.get() == 0) {
      return;
    }
    for (int i = 0; i < queues.size(); i++) {
      Queue<InFlightLaunch> queue = queues.get(i);
      InFlightLaunch head = queue.peek();
      while (head != null && head.isComplete()) {
        retireThrough(head);
        head = queue.peek();
      }
    }
  }

  /** Retires launches until there is none, waiting for them. */
  public void retireAll() {
    for (InFlightLaunch head = inFlight.peek(); head != null; head = inFlight.peek()) {
      head.retire();
    }
  }
}

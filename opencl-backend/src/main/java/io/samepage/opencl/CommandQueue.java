package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.DriverSignals;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An in-order queue of a device, and the events of what was put into it. Each command's event is held until a fence takes it, and
 * released when the fence has passed: once somebody asks for it, or at the latest with one of the next fences. Safe for use by any thread.
 *
 * <p>A fence fails if one of its commands did. If commands of a fence fail while later fences are waiting already, those fail too: the
 * driver may have aborted their commands, and a thread's commands may have been taken by the fence of another thread.
 *
 * <p>No command waits for the event of another one of the same queue: the queue is in order, and PoCL never starts a command that
 * was told to wait for one that has failed.
 */
final class CommandQueue {
  private static final Logger LOG = LoggerFactory.getLogger(CommandQueue.class);
  private static final int FIRST_SWEEP = 4096;
  /** Behind every so many fences a kernel's settles those before of which nobody has asked: to ask takes about a tenth of a launch. */
  private static final int SETTLED_EVERY = 16;

  /** A fence that hasn't passed yet, its number, its commands, and the one of them whose time is measured, or 0. */
  private record InFlight(OpenClFence fence, long number, EventList commands, long kernelEvent) {}

  private final ClCalls calls;
  private final long handle;

  // All below is guarded by this.
  private final Deque<InFlight> inFlight = new ArrayDeque<>();
  private EventList pending = new EventList();
  private int sweepSize = FIRST_SWEEP;
  private OpenClFence newest;
  private long newestNumber;
  private long failedUpToNumber;
  private int failedStatus;

  /** Null where there are none. */
  private volatile DriverSignals signals;

  CommandQueue(ClCalls calls, long context, long device) {
    this.calls = calls;
    handle = calls.createQueue(context, device);
    newest = new OpenClFence(this, false);
    newest.settle(new OpenClFence.Outcome(0, 0));
  }

  long handle() {
    return handle;
  }

  String subject() {
    return calls.subject();
  }

  /**
   * Takes over the events of commands that were enqueued.
   *
   * @param commands the events, in order
   */
  synchronized void track(EventList commands) {
    pending.addAll(commands);
    if (pending.size() >= sweepSize) {
      sweepPending();
    }
  }

  /**
   * Puts a fence behind all commands tracked so far.
   *
   * @return the newest fence if there are none since
   */
  synchronized OpenClFence fence() {
    if (pending.size() > 0) {
      addFence(0);
      settleBefore(newest);
    }
    return newest;
  }

  /**
   * Takes over the events of commands that were enqueued and puts a fence behind them.
   *
   * @param commands the events, in order
   * @param kernelEvent the one of them whose time the fence gives
   * @return the fence
   */
  synchronized OpenClFence fence(EventList commands, long kernelEvent) {
    pending.addAll(commands);
    addFence(kernelEvent);
    if (newestNumber % SETTLED_EVERY == 0) {
      settleBefore(newest);
    }
    return newest;
  }

  private void addFence(long kernelEvent) {
    newest = new OpenClFence(this, kernelEvent != 0);
    inFlight.add(new InFlight(newest, ++newestNumber, pending, kernelEvent));
    pending = new EventList();
    sweepSize = FIRST_SWEEP;
  }

  /** The event of the last command before a fence, retained; 0 if the fence has passed, so that its events may be gone. */
  synchronized long retainedLastEvent(OpenClFence fence) {
    for (Iterator<InFlight> newestFirst = inFlight.descendingIterator(); newestFirst.hasNext(); ) {
      InFlight it = newestFirst.next();
      if (it.fence == fence) {
        long event = it.commands.get(it.commands.size() - 1);
        calls.retainEvent(event);
        return event;
      }
    }
    return 0;
  }

  /** Settles the fences that have passed, oldest first. Never waits. */
  synchronized void settlePassed() {
    settleBefore(null);
  }

  /** What has just been enqueued isn't asked for: mostly it has not begun. */
  private void settleBefore(OpenClFence fence) {
    for (InFlight head = inFlight.peek(); head != null && head.fence != fence && settle(head); head = inFlight.peek()) {
      inFlight.remove();
    }
  }

  /**
   * Waits in the driver for the last command of a fence.
   *
   * @return whether it is complete; it has failed, or the driver can't wait for it, if not
   */
  boolean block(OpenClFence fence) {
    long event;
    try {
      event = retainedLastEvent(fence);
    } catch (DeviceException e) {
      return false;
    }
    if (event == 0) {
      return true;
    }
    boolean isComplete = calls.awaitEvent(event);
    release(event);
    return isComplete;
  }

  void wakeBy(DriverSignals driverSignals) {
    signals = driverSignals;
  }

  DriverSignals signals() {
    return signals;
  }

  /**
   * Has a native function called when the last command of a fence has ended.
   *
   * @return whether it will be; the fence has passed if not
   */
  boolean callBack(OpenClFence fence, long function, long signal) {
    long event = retainedLastEvent(fence);
    if (event == 0) {
      return false;
    }
    try {
      calls.callBack(event, function, signal);
      return true;
    } finally {
      release(event);
    }
  }

  private boolean settle(InFlight head) {
    int status = status(head.commands);
    if (status > 0) {
      return false;
    }
    if (status == 0 && head.number <= failedUpToNumber) {
      status = failedStatus;
    } else if (status < 0 && head.number > failedUpToNumber) {
      failedUpToNumber = newestNumber;
      failedStatus = status;
    }
    long kernelNanos = head.kernelEvent == 0 || status < 0 ? 0 : calls.runNanos(head.kernelEvent);
    for (int i = 0; i < head.commands.size(); i++) {
      release(head.commands.get(i));
    }
    head.fence.settle(new OpenClFence.Outcome(status, kernelNanos));
    return true;
  }

  /** The newest is asked first: mostly the others are complete when it is. */
  private int status(EventList commands) {
    int firstFailure = 0;
    for (int i = commands.size() - 1; i >= 0; i--) {
      int status = status(commands.get(i));
      if (status > 0) {
        return status;
      }
      firstFailure = status < 0 ? status : firstFailure;
    }
    return firstFailure;
  }

  private int status(long event) {
    try {
      return calls.executionStatus(event);
    } catch (DeviceException e) {
      LOG.warn("Can't ask for a command's status: it counts as failed", e);
      return -1;
    }
  }

  /** Keeps what is pending from growing without end where nobody asks for a fence. */
  private void sweepPending() {
    for (int i = pending.size() - 1; i >= 0; i--) {
      if (status(pending.get(i)) == 0) {
        release(pending.get(i));
        pending.removeUnordered(i);
      }
    }
    sweepSize = Math.max(FIRST_SWEEP, 2 * pending.size());
  }

  private void release(long event) {
    try {
      calls.releaseEvent(event);
    } catch (DeviceException e) {
      LOG.warn("Can't release an event", e);
    }
  }

  /** Waits until the queue is empty and gives it back. Fences can still be asked. */
  void close() {
    try {
      calls.finish(handle);
      synchronized (this) {
        fence();
        settlePassed();
      }
    } finally {
      calls.releaseQueue(handle);
    }
  }
}

package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.locks.LockSupport;

/** A point in a stream: an event that was recorded there. The event is given back when somebody finds that it was passed. */
final class CudaFence implements NodeFence {
  private static final long SPIN_NANOS = 50_000;
  private static final long YIELD_NANOS = 2_000_000;
  private static final long LONGEST_NAP_NANOS = 200_000;

  /**
   * How it ended.
   *
   * @param failure why, null if it was passed
   * @param kernelNanos how long the kernel ran
   */
  private record Outcome(DeviceException failure, long kernelNanos) {}

  private final CudaStream stream;
  private final Event start;
  private final Event end;
  private volatile Outcome outcome;

  /**
   * Makes the fence of an event that was recorded.
   *
   * @param stream where
   * @param start another event that was recorded before the kernel that this fence marks, null if it marks none
   * @param end the event
   */
  CudaFence(CudaStream stream, Event start, Event end) {
    this.stream = stream;
    this.start = start;
    this.end = end;
  }

  private CudaFence(Outcome outcome) {
    this(null, null, null);
    this.outcome = outcome;
  }

  /** {@return a fence with nothing before it} */
  static CudaFence passed() {
    return new CudaFence(new Outcome(null, 0));
  }

  /** {@return a fence of what has ended, by failing} */
  static CudaFence failed(DeviceException failure) {
    return new CudaFence(new Outcome(failure, 0));
  }

  @Override
  public boolean isDone() {
    return outcome != null || look();
  }

  private synchronized boolean look() {
    if (outcome != null) {
      return true;
    }
    try (CudaContext.Use current = stream.context().enter()) {
      if (!stream.isPassed(end)) {
        return false;
      }
      outcome = new Outcome(null, start == null ? 0 : stream.nanosBetween(start, end));
    } catch (DeviceException e) {
      outcome = new Outcome(e, 0);
    }
    stream.give(start, end);
    return true;
  }

  @Override
  public boolean await(long timeoutNanos) throws InterruptedException {
    long began = System.nanoTime();
    while (!isDone()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("Interrupted while waiting for " + stream.context().subject());
      }
      long waitedNanos = System.nanoTime() - began;
      if (waitedNanos >= timeoutNanos) {
        return false;
      }
      pause(waitedNanos, timeoutNanos - waitedNanos);
    }
    if (outcome.failure() != null) {
      throw new DeviceException(outcome.failure().getMessage(), outcome.failure());
    }
    return true;
  }

  /** Waits a little, from our own thread: the driver's wait has no timeout and can't be interrupted. */
  private static void pause(long waitedNanos, long leftNanos) {
    if (waitedNanos < SPIN_NANOS) {
      Thread.onSpinWait();
    } else if (waitedNanos < YIELD_NANOS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(Math.min(leftNanos, Math.min(waitedNanos / 32, LONGEST_NAP_NANOS)));
    }
  }

  @Override
  public long kernelNanos() {
    Outcome how = outcome;
    return how == null ? 0 : how.kernelNanos();
  }

  /** The entry of the event, unless the fence is known to have passed. */
  @Override
  public synchronized long retainedEvent() {
    if (outcome != null) {
      return 0;
    }
    end.retain();
    return end.address();
  }
}

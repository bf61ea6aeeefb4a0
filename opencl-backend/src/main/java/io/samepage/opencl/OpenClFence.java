package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.locks.LockSupport;

/**
 * A point in a queue: the commands since the fence before it. The {@link CommandQueue} finds out how they ended and releases their
 * events; the fence keeps the outcome alone.
 */
final class OpenClFence implements NodeFence {
  private static final int SPINS = 64;
  private static final int YIELDS = 64;
  private static final long FIRST_NAP_NANOS = 5_000;
  private static final long LONGEST_NAP_NANOS = 100_000;

  /**
   * How the commands ended.
   *
   * @param status {@code CL_COMPLETE} or the negative status of the first that failed
   * @param kernelNanos how long the kernel ran
   */
  record Outcome(int status, long kernelNanos) {}

  private final CommandQueue queue;
  private volatile Outcome outcome;

  OpenClFence(CommandQueue queue) {
    this.queue = queue;
  }

  /** Called once, by the queue. */
  void settle(Outcome how) {
    outcome = how;
  }

  @Override
  public boolean isDone() {
    if (outcome == null) {
      queue.settlePassed();
    }
    return outcome != null;
  }

  @Override
  public boolean await(long timeoutNanos) throws InterruptedException {
    long start = System.nanoTime();
    for (int round = 0; !isDone(); round++) {
      if (Thread.interrupted()) {
        throw new InterruptedException("Interrupted while waiting for " + queue.subject());
      }
      long leftNanos = timeoutNanos - (System.nanoTime() - start);
      if (leftNanos <= 0) {
        return false;
      }
      pause(round, leftNanos);
    }
    if (outcome.status() < 0) {
      throw new DeviceException("A command failed: " + queue.subject() + ", error=" + ErrorNames.ofCommand(outcome.status()));
    }
    return true;
  }

  /**
   * Waits a little, from our own thread: OpenCL's wait has no timeout and can't be interrupted, and a driver's call-back into Java could
   * be stopped by a garbage collection that waits for this very thread.
   */
  private static void pause(int round, long leftNanos) {
    if (round < SPINS) {
      Thread.onSpinWait();
    } else if (round < SPINS + YIELDS) {
      Thread.yield();
    } else {
      int doublings = Math.min(round - SPINS - YIELDS, Long.SIZE / 4);
      LockSupport.parkNanos(Math.min(leftNanos, Math.min(FIRST_NAP_NANOS << doublings, LONGEST_NAP_NANOS)));
    }
  }

  @Override
  public long kernelNanos() {
    Outcome how = outcome;
    return how == null ? 0 : how.kernelNanos();
  }
}

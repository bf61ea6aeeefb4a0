package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.locks.LockSupport;

/**
 * A point in a queue: the commands since the fence before it. The {@link CommandQueue} finds out how they ended and releases their
 * events; the fence keeps the outcome alone.
 */
final class OpenClFence implements NodeFence {
  private static final long SPIN_NANOS = 20_000;
  // Measured on PoCL: to sleep makes copies of up to 4 MiB 15 to 30 % slower than to look again and again.
  private static final long SPIN_FOR_COPIES_NANOS = 1_000_000;
  private static final int PAUSES_PER_REST = 32;
  // A sleep lasts 55 microseconds at least on Linux, as long as half a block takes to copy.
  private static final long YIELD_NANOS = 2_000_000;
  private static final long LONGEST_NAP_NANOS = 200_000;

  /**
   * How the commands ended.
   *
   * @param status {@code CL_COMPLETE} or the negative status of the first that failed
   * @param kernelNanos how long the kernel ran
   */
  record Outcome(int status, long kernelNanos) {}

  private final CommandQueue queue;
  private final boolean marksKernel;
  private volatile Outcome outcome;

  /**
   * Makes the fence of commands.
   *
   * @param queue their queue
   * @param marksKernel whether there is a kernel among them, which may use every core
   */
  OpenClFence(CommandQueue queue, boolean marksKernel) {
    this.queue = queue;
    this.marksKernel = marksKernel;
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
    try (Sleeper sleeper = new Sleeper(queue, this)) {
      while (!isDone()) {
        if (Thread.interrupted()) {
          throw new InterruptedException("Interrupted while waiting for " + queue.subject());
        }
        long waitedNanos = System.nanoTime() - start;
        if (waitedNanos >= timeoutNanos) {
          return false;
        }
        if (waitedNanos < SPIN_NANOS) {
          // Also for a copy: what it comes behind may be a kernel that has not begun.
          Thread.yield();
        } else if (!sleeper.sleep(timeoutNanos - waitedNanos)) {
          nap(waitedNanos, timeoutNanos - waitedNanos);
        }
      }
    }
    throwFailure();
    return true;
  }

  /** What lasts is waited for asleep: a thread that looks again and again slows down those that work. */
  @Override
  public void awaitUninterruptibly() {
    long start = System.nanoTime();
    long spinNanos = marksKernel ? SPIN_NANOS : SPIN_FOR_COPIES_NANOS;
    try (Sleeper sleeper = new Sleeper(queue, this)) {
      while (!isDone()) {
        long waitedNanos = System.nanoTime() - start;
        if (waitedNanos < spinNanos) {
          rest(waitedNanos);
        } else if (!sleeper.sleep(Long.MAX_VALUE)) {
          awaitInDriver(waitedNanos);
        }
      }
    }
    throwFailure();
  }

  private void awaitInDriver(long waitedNanos) {
    if (marksKernel && waitedNanos < YIELD_NANOS) {
      Thread.yield();
    } else if (!queue.block(this)) {
      LockSupport.parkNanos(LONGEST_NAP_NANOS);
    }
  }

  /**
   * Half a microsecond: to ask the driver without a break takes time from a copy on the core's other thread. The core is offered as well,
   * for copies after a while: the driver's thread may have been put on this one, and would start only once this thread sleeps.
   */
  private void rest(long waitedNanos) {
    if (marksKernel || waitedNanos > SPIN_NANOS) {
      Thread.yield();
    }
    for (int i = 0; i < PAUSES_PER_REST; i++) {
      Thread.onSpinWait();
    }
  }

  private void throwFailure() {
    if (outcome.status() < 0) {
      throw new DeviceException("A command failed: " + queue.subject() + ", error=" + ErrorNames.ofCommand(outcome.status()));
    }
  }

  /** Where the driver doesn't call: its own wait has no timeout and can't be interrupted. */
  private static void nap(long waitedNanos, long leftNanos) {
    if (waitedNanos < YIELD_NANOS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(Math.min(leftNanos, Math.min(waitedNanos / 32, LONGEST_NAP_NANOS)));
    }
  }

  /** The event, unless the fence has passed. */
  @Override
  public long retainedEvent() {
    return queue.retainedLastEvent(this);
  }

  @Override
  public long kernelNanos() {
    Outcome how = outcome;
    return how == null ? 0 : how.kernelNanos();
  }
}

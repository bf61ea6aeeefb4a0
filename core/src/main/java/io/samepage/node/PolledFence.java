package io.samepage.node;

import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.WaitInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A fence of commands that are none of Samepage's: something of the program's is looked at again and again, and nothing else. No command
 * waits for it, and no driver calls anybody back, as it may be the end of commands that wait for a Java thread. For leases that end with
 * a program's commands ({@link io.samepage.DeviceLease#closeWhen}). Safe for use by any thread.
 */
public abstract class PolledFence implements Fence {
  private static final long NAP_NANOS = 50_000;

  private final String subject;

  /**
   * Makes a fence.
   *
   * @param subject what is looked at, for messages: {@code event=0x7f00}
   */
  protected PolledFence(String subject) {
    this.subject = subject;
  }

  /** {@return why the commands failed, null if they didn't} Asked once {@link #isDone()} has answered true. */
  protected abstract DeviceException failure();

  @Override
  public final void await() {
    awaitUntil(Long.MAX_VALUE);
  }

  @Override
  public final boolean await(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("A wait is not negative: timeout=" + timeout);
    }
    return awaitUntil(timeout.toNanos());
  }

  private boolean awaitUntil(long timeoutNanos) {
    long start = System.nanoTime();
    while (!isDone()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new WaitInterruptedException("Interrupted while waiting for a command of the program's: " + subject);
      }
      if (System.nanoTime() - start >= timeoutNanos) {
        return false;
      }
      LockSupport.parkNanos(NAP_NANOS);
    }
    DeviceException cause = failure();
    if (cause != null) {
      throw new KernelFailedException("A command of the program's failed: " + subject + ", cause=" + cause.getMessage(), cause);
    }
    return true;
  }

  /** {@inheritDoc} It is unknown here: what the program enqueued may not be measured. */
  @Override
  public final long kernelNanos() {
    await();
    return 0;
  }

  @Override
  public final CompletableFuture<Void> toFuture() {
    return CompletableFuture.runAsync(this::await);
  }
}

package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.WaitInterruptedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.lwjgl.opencl.CL10;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event of the program's as a fence. It is looked at, and nothing else: no command waits for it, and the driver calls nobody back, as
 * it may be the end of commands that wait for a Java thread. Retained until it is seen to be complete.
 */
final class EventFence implements Fence {
  private static final Logger LOG = LoggerFactory.getLogger(EventFence.class);
  private static final int RUNNING = 1;
  private static final long NAP_NANOS = 50_000;

  private final ClCalls calls;
  private final long event;
  /** Above 0 until the event is complete. */
  private volatile int status = RUNNING;

  private EventFence(ClCalls calls, long event) {
    this.calls = calls;
    this.event = event;
  }

  /** Retains the event, and sees to it that the driver starts on the commands up to it. */
  static EventFence of(long event) {
    String subject = "event=0x" + Long.toHexString(event);
    ClCalls calls = new ClCalls(subject);
    long queue = ClInfo.ofEvent(subject, event).sizes(CL10.CL_EVENT_COMMAND_QUEUE)[0];
    // Events that programs complete by themselves have none.
    if (queue != 0) {
      calls.flush(queue);
    }
    calls.retainEvent(event);
    return new EventFence(calls, event);
  }

  /** Gives back an event that nobody will look at. */
  synchronized void forget() {
    if (status > 0) {
      status = ErrorNames.ABORTED;
      release();
    }
  }

  @Override
  public boolean isDone() {
    return status <= 0 || look();
  }

  private synchronized boolean look() {
    if (status > 0) {
      int now = askedStatus();
      if (now <= 0) {
        status = now;
        release();
      }
    }
    return status <= 0;
  }

  private void release() {
    try {
      calls.releaseEvent(event);
    } catch (DeviceException e) {
      LOG.warn("Can't release an event of the program's", e);
    }
  }

  private int askedStatus() {
    try {
      return calls.executionStatus(event);
    } catch (DeviceException e) {
      // Nobody will ever know: as good as failed.
      return ErrorNames.ABORTED;
    }
  }

  @Override
  public void await() {
    awaitUntil(Long.MAX_VALUE);
  }

  @Override
  public boolean await(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("A wait is not negative: timeout=" + timeout);
    }
    return awaitUntil(timeout.toNanos());
  }

  private boolean awaitUntil(long timeoutNanos) {
    long start = System.nanoTime();
    while (!isDone()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new WaitInterruptedException("Interrupted while waiting for a command of the program's: " + calls.subject());
      }
      if (System.nanoTime() - start >= timeoutNanos) {
        return false;
      }
      LockSupport.parkNanos(NAP_NANOS);
    }
    if (status < 0) {
      DeviceException cause = new DeviceException("A command failed: " + calls.subject() + ", error=" + ErrorNames.ofCommand(status));
      throw new KernelFailedException("A command of the program's failed: " + calls.subject() + ", cause=" + cause.getMessage(), cause);
    }
    return true;
  }

  /** Unknown: the queue of the program may not measure. */
  @Override
  public long kernelNanos() {
    await();
    return 0;
  }

  @Override
  public CompletableFuture<Void> toFuture() {
    return CompletableFuture.runAsync(this::await);
  }
}

package io.samepage.embedded;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Completed once, by the thread of the queue that it stands in. */
final class EmbeddedFence implements NodeFence {
  private final CountDownLatch passed = new CountDownLatch(1);
  // Written before the latch opens, read after.
  private Failure failure;
  private long kernelNanos;

  /** What went wrong: the command, and what it threw. */
  record Failure(String command, Throwable cause) {}

  /** Opens the fence. Allocates nothing, so that it works when memory is short. */
  void complete(long nanos, Failure failureOrNull) {
    kernelNanos = nanos;
    failure = failureOrNull;
    passed.countDown();
  }

  @Override
  public boolean isDone() {
    return passed.getCount() == 0;
  }

  @Override
  public boolean await(long timeoutNanos) throws InterruptedException {
    if (!isDone() && !passed.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    throwFailure();
    return true;
  }

  private void throwFailure() {
    if (failure != null) {
      throw new DeviceException(failure.command() + " failed: " + failure.cause(), failure.cause());
    }
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }
}

package io.samepage.testkit.node;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A fence that passes when both the fence inside and a latch have, and then fails if it is told to.
 *
 * @param inner the node's fence
 * @param hold the latch
 * @param failure what the exception says, null if it doesn't fail
 */
record InjectedFence(NodeFence inner, CountDownLatch hold, String failure) implements NodeFence {
  @Override
  public boolean isDone() {
    return hold.getCount() == 0 && inner.isDone();
  }

  @Override
  public boolean await(long timeoutNanos) throws InterruptedException {
    long start = System.nanoTime();
    if (!hold.await(timeoutNanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    if (!inner.await(Math.max(0, timeoutNanos - (System.nanoTime() - start)))) {
      return false;
    }
    if (failure != null) {
      throw new DeviceException(failure);
    }
    return true;
  }

  @Override
  public long kernelNanos() {
    return inner.kernelNanos();
  }

  @Override
  public long retainedEvent() {
    return inner.retainedEvent();
  }
}

package io.samepage.opencl;

import io.samepage.node.NodeFence;

/**
 * The fence of a launch of which a part was refused after its kernel was enqueued: it passes when the kernel has ended, by failing.
 *
 * @param kernel the fence behind what was enqueued
 * @param failure why the rest was not
 */
record FailedFence(NodeFence kernel, RuntimeException failure) implements NodeFence {
  @Override
  public boolean isDone() {
    return kernel.isDone();
  }

  @Override
  public boolean await(long timeoutNanos) throws InterruptedException {
    if (!kernel.await(timeoutNanos)) {
      return false;
    }
    throw failure;
  }

  @Override
  public long kernelNanos() {
    return kernel.kernelNanos();
  }

  @Override
  public long retainedEvent() {
    return kernel.retainedEvent();
  }
}

package io.samepage.coherence.launch;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;

/** The fence of what was begun but could not be brought to its end. */
record FailedNodeFence(DeviceException failure) implements NodeFence {
  @Override
  public boolean isDone() {
    return true;
  }

  @Override
  public boolean await(long timeoutNanos) {
    throw failure;
  }

  @Override
  public long kernelNanos() {
    return 0;
  }
}

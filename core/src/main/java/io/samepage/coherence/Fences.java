package io.samepage.coherence;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;

/** Waiting for devices. */
final class Fences {
  private Fences() {}

  /** Waits to the end, whether what the fence marks fails or not. */
  static void settle(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
    } catch (DeviceException e) {
      // The caller throws what failed first.
    }
  }
}

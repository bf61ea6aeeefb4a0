package io.samepage.coherence;

import io.samepage.DeviceException;
import io.samepage.node.NodeFence;

/** Waiting for devices. */
final class Fences {
  private Fences() {}

  /**
   * Waits to the end, interrupted or not: a copy that is under way may not be left alone with the memory it uses. The interrupt
   * status is kept.
   *
   * @throws io.samepage.DeviceException if what the fence marks failed
   */
  static void complete(NodeFence fence) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          fence.await(Long.MAX_VALUE);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits to the end, whether what the fence marks fails or not. */
  static void settle(NodeFence fence) {
    try {
      complete(fence);
    } catch (DeviceException e) {
      // The caller throws what failed first.
    }
  }
}

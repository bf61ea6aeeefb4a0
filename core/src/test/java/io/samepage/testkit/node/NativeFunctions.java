package io.samepage.testkit.node;

import io.samepage.host.LaunchFunction;
import io.samepage.host.Signals;
import io.samepage.node.DeviceNode;

/** What a memory tells the nodes that it opens. */
public final class NativeFunctions {
  private NativeFunctions() {}

  /**
   * Tells a node how it enqueues kernels together with their uploads, where there is the native library.
   *
   * @param node the node, before anything is enqueued
   */
  public static void tell(DeviceNode node) {
    if (Signals.areAvailable()) {
      node.launchBy(LaunchFunction.address());
    }
  }
}

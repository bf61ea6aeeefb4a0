package io.samepage.coherence.sync;

import io.samepage.DeviceException;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import java.util.function.Consumer;

/** Waiting for devices. */
public final class Fences {
  private Fences() {}

  /**
   * Waits to the end, whether what the fence marks fails or not.
   *
   * @param fence the fence
   */
  public static void settle(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
    } catch (DeviceException e) {
      // The caller throws what failed first.
    }
  }

  /**
   * Waits to the end.
   *
   * @param fence the fence
   * @return whether what it marks has failed
   */
  public static boolean hasFailed(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
      return false;
    } catch (RuntimeException e) {
      return true;
    }
  }

  /**
   * Enqueues commands and a fence right behind them, under the device's submission lock. Where one is refused, those before it are over
   * when it throws.
   *
   * @param node the device
   * @param commands what enqueues them
   * @return the fence
   */
  public static NodeFence enqueue(DeviceNode node, Consumer<DeviceNode> commands) {
    try {
      commands.accept(node);
      return node.fence();
    } catch (RuntimeException e) {
      settle(node.fence());
      throw e;
    }
  }
}

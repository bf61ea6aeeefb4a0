package io.samepage.coherence;

import io.samepage.host.FaultWindow;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;

/** A window as the fault handler sees it, and the fence behind the last kernel that writes to it. */
final class WatchedWindow {
  private final DeviceNode node;
  private final FaultWindow window;
  /** Guarded by the device's submission lock where it is changed. */
  private volatile NodeFence producer;
  private volatile boolean forgotten;

  WatchedWindow(DeviceNode node, FaultWindow window) {
    this.node = node;
    this.window = window;
  }

  FaultWindow window() {
    return window;
  }

  /**
   * What the window holds is complete with a fence, the last one in the queue. Called under the submission lock.
   *
   * @param done the fence
   * @param launches how many launches are in the queue up to it: a touch waits for each as long as for one
   */
  void publish(NodeFence done, int launches) {
    long event = done.retainedEvent();
    // Without an event there is nothing to wait for: on devices whose launches are complete when they are withdrawn, or have failed.
    if (event != 0) {
      setProducer(event, launches);
      producer = done;
    }
  }

  /**
   * A fence has failed, and all that it spoils is known to be lost. What else the window holds can be had. Called under the submission
   * lock.
   */
  void forgive(NodeFence failed) {
    if (producer == failed) {
      setProducer(0, 0);
      producer = null;
    }
  }

  private void setProducer(long event, int launches) {
    long before = window.setProducer(event, launches);
    if (before != 0) {
      node.releaseEvent(before);
    }
  }

  /** Waits until no kernel writes to the window, so that the time that a fetch may take is not spent on waiting. */
  void settle() {
    NodeFence last = producer;
    if (last != null) {
      Fences.settle(last);
    }
  }

  long fetchedPages() {
    return forgotten ? 0 : window.fetchedPages();
  }

  /** No page is on the device there any more. */
  void forget() {
    forgotten = true;
    long event = window.forget();
    if (event != 0) {
      node.releaseEvent(event);
    }
  }
}

package io.samepage.coherence.state;

import io.samepage.coherence.sync.Fences;
import io.samepage.host.FaultWindow;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** A window as the fault handler sees it, and for each queue of its device the fence behind the last kernel that writes to it. */
public final class WatchedWindow {
  private final DeviceNode node;
  private final FaultWindow window;
  /** Changed under the device's submission lock. */
  private final AtomicReferenceArray<NodeFence> producers;
  private volatile boolean forgotten;

  /**
   * A window that nobody writes to yet.
   *
   * @param node its device
   * @param window the fault handler's side of it
   */
  public WatchedWindow(DeviceNode node, FaultWindow window) {
    this.node = node;
    this.window = window;
    producers = new AtomicReferenceArray<>(1 + node.computeQueues().size());
    assert producers.length() <= FaultWindow.QUEUES : "too many queues: " + node;
  }

  /** {@return the fault handler's side of it} */
  public FaultWindow window() {
    return window;
  }

  /**
   * What the window holds is complete with a fence, the last one in its queue. Called under the submission lock.
   *
   * @param queue which queue
   * @param done the fence
   * @param launches how many launches are in the queues up to it: a touch waits for each as long as for one
   */
  public void publish(int queue, NodeFence done, int launches) {
    long event = done.retainedEvent();
    // Without an event there is nothing to wait for: on devices whose launches are complete when they are withdrawn, or have failed.
    if (event != 0) {
      setProducer(queue, event, launches);
      producers.set(queue, done);
    }
  }

  /**
   * A fence has failed, and all that it spoils is known to be lost. What else the window holds can be had. Called under the submission
   * lock.
   *
   * @param queue which queue it is in
   * @param failed the fence
   */
  public void forgive(int queue, NodeFence failed) {
    if (producers.get(queue) == failed) {
      setProducer(queue, 0, 0);
      producers.set(queue, null);
    }
  }

  private void setProducer(int queue, long event, int launches) {
    long before = window.setProducer(queue, event, launches);
    if (before != 0) {
      node.releaseEvent(before);
    }
  }

  /** Waits until no kernel writes to the window, so that the time that a fetch may take is not spent on waiting. */
  public void settle() {
    for (int queue = 0; queue < producers.length(); queue++) {
      NodeFence last = producers.get(queue);
      if (last != null) {
        Fences.settle(last);
      }
    }
  }

  long fetchedPages() {
    return forgotten ? 0 : window.fetchedPages();
  }

  /** No page is on the device there any more. */
  void forget() {
    forgotten = true;
    for (int queue = 0; queue < producers.length(); queue++) {
      setProducer(queue, 0, 0);
    }
    window.forget();
  }
}

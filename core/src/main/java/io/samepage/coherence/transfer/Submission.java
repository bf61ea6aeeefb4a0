package io.samepage.coherence.transfer;

import io.samepage.DeviceException;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Predecessors;
import io.samepage.coherence.sync.Fences;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Enqueues the work of a held request whose pages are on their way: uploads in the device's own queue, what works on its memory in a
 * compute queue, behind them and behind all that it conflicts with; then the directory learns of both.
 */
public final class Submission {
  private Submission() {}

  /**
   * Enqueues a kernel or the like.
   *
   * @param work enqueues it in a queue behind fences, and answers its fence
   */
  static InFlightLaunch of(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals,
      BiFunction<NodeQueue, NodeQueue.After, NodeFence> work) {
    InFlightLaunch launch = enqueue(device, name, request, arrivals, predecessors(request), work);
    launch.enter();
    return launch;
  }

  /**
   * As {@link #of}, for a caller who tells the directory of it.
   *
   * @param device the device
   * @param name what messages call it
   * @param request its claims, which are held
   * @param arrivals what is uploaded for it
   * @param predecessors what it comes behind, found since its claims are held
   * @param work enqueues it in a queue behind fences, and answers its fence
   * @return the launch, which the caller {@linkplain InFlightLaunch#enter enters}
   */
  public static InFlightLaunch enqueue(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals,
      Predecessors predecessors, BiFunction<NodeQueue, NodeQueue.After, NodeFence> work) {
    device.submission().lock();
    try {
      int queue = device.launches().queueFor(predecessors);
      boolean goTogether = arrivals.areUploadsAlone() && device.computeQueue(queue).takesUploads();
      InFlightLaunch.Enqueued enqueued = goTogether ? together(device, queue, arrivals, predecessors, work)
          : oneByOne(device, queue, arrivals, predecessors, work);
      return added(device, name, request, arrivals, enqueued);
    } finally {
      device.submission().unlock();
    }
  }

  private static InFlightLaunch.Enqueued oneByOne(CoherentDevice device, int queue, Arrivals arrivals, Predecessors predecessors,
      BiFunction<NodeQueue, NodeQueue.After, NodeFence> work) {
    NodeFence uploads = arrivals.enqueue();
    NodeFence done = behind(uploads, () -> work.apply(device.computeQueue(queue), predecessors.after(queue, uploads)));
    return new InFlightLaunch.Enqueued(uploads, done, queue, predecessors);
  }

  private static InFlightLaunch.Enqueued together(CoherentDevice device, int queue, Arrivals arrivals, Predecessors predecessors,
      BiFunction<NodeQueue, NodeQueue.After, NodeFence> work) {
    NodeFence done;
    try {
      done = work.apply(device.computeQueue(queue), predecessors.afterWithUploads(queue, arrivals.uploads()));
    } catch (RuntimeException e) {
      // Some of the uploads may be under way, and read host pages.
      settleUploads(device.deviceNode(), e);
      throw e;
    }
    return new InFlightLaunch.Enqueued(behindUploads(device.deviceNode(), done), done, queue, predecessors);
  }

  private static void settleUploads(DeviceNode node, RuntimeException refusal) {
    try {
      Fences.settle(node.fence());
    } catch (DeviceException e) {
      refusal.addSuppressed(e);
    }
  }

  /** Where there is no such fence to be had, they are over when the command that took them along is. */
  private static NodeFence behindUploads(DeviceNode node, NodeFence done) {
    try {
      return node.fence();
    } catch (DeviceException e) {
      return done;
    }
  }

  /**
   * Enqueues what needs the device's own queue. What it conflicts with is waited for first.
   *
   * @param device the device
   * @param name what messages call it
   * @param request its claims, which are held
   * @param arrivals what is uploaded for it
   * @param work answers the fence behind all, given that behind the uploads, which may be null
   * @return the launch
   */
  public static InFlightLaunch inOwnQueue(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals,
      UnaryOperator<NodeFence> work) {
    predecessors(request).await();
    return uploads(device, name, request, arrivals, work);
  }

  /** Enqueues uploads alone: nothing that is in flight is in their way. */
  static InFlightLaunch uploads(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals) {
    return uploads(device, name, request, arrivals, uploads -> uploads);
  }

  private static InFlightLaunch uploads(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals,
      UnaryOperator<NodeFence> work) {
    InFlightLaunch launch;
    device.submission().lock();
    try {
      NodeFence uploads = arrivals.enqueue();
      NodeFence done = behind(uploads, () -> work.apply(uploads));
      launch = added(device, name, request, arrivals, new InFlightLaunch.Enqueued(uploads, done, 0, Predecessors.NONE));
    } finally {
      device.submission().unlock();
    }
    launch.enter();
    return launch;
  }

  /**
   * Enqueues copies to the host behind launches, for a request that keeps what they read where it is until they have ended; null if there
   * is no queue in which they would come behind nothing else.
   */
  static InFlightLaunch downloads(CoherentDevice device, LeaseRequest request, List<InFlightLaunch> behind, List<CopyRun> runs) {
    Predecessors predecessors = Predecessors.of(behind);
    InFlightLaunch launch;
    device.submission().lock();
    try {
      int queue = device.launches().queueBehind(predecessors);
      if (queue == 0) {
        return null;
      }
      NodeFence done = device.computeQueue(queue).download(runs, predecessors.after(queue, null));
      launch = added(device, "copy to the host", request, new Arrivals(device),
          new InFlightLaunch.Enqueued(null, done, queue, predecessors));
    } finally {
      device.submission().unlock();
    }
    launch.enter();
    return launch;
  }

  private static InFlightLaunch added(CoherentDevice device, String name, LeaseRequest request, Arrivals arrivals,
      InFlightLaunch.Enqueued enqueued) {
    InFlightLaunch launch = new InFlightLaunch(device, name, request, arrivals, enqueued);
    launch.publish();
    device.launches().add(launch);
    return launch;
  }

  private static Predecessors predecessors(LeaseRequest request) {
    request.lockRanges();
    try {
      return Predecessors.of(request);
    } finally {
      request.unlockRanges();
    }
  }

  /** Where the work is refused, the uploads are over before anybody may change what they read. */
  private static NodeFence behind(NodeFence uploads, Supplier<NodeFence> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      if (uploads != null) {
        Fences.settle(uploads);
      }
      throw e;
    }
  }
}

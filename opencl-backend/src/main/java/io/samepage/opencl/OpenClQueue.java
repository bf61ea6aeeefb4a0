package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.Grid;
import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.DriverSignals;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.util.List;
import java.util.function.LongSupplier;

/** One in-order queue of a node, and the kernels, fills and copies in it. */
final class OpenClQueue implements NodeQueue {
  /** What a launch has enqueued so far. */
  private static final class Launched {
    private final EventList commands = new EventList();
    private long kernelEvent;
  }

  private final OpenClNode node;
  private final ClCalls calls;
  private final CommandQueue queue;
  private final Temporaries temporaries;
  /** Null where uploads are enqueued first. */
  private volatile JointLaunch joint;

  OpenClQueue(OpenClNode node, CommandQueue queue, Temporaries temporaries) {
    this.node = node;
    calls = node.calls();
    this.queue = queue;
    this.temporaries = temporaries;
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments, After after) {
    Launched launched = new Launched();
    boolean hasTemporaries = false;
    try (PlacedArguments placed = new PlacedArguments(node, queue.handle(), arguments, launched.commands)) {
      hasTemporaries = placed.needsTemporaries(temporaries.alignmentBytes());
      if (joint != null && JointLaunch.takes(after.uploads()) && !hasTemporaries) {
        launchWithUploads((OpenClKernel) kernel, grid, placed, after, launched);
      } else {
        launchBehind((OpenClKernel) kernel, grid, placed, hasTemporaries, after.uploadedBy(node), launched);
      }
    } catch (RuntimeException e) {
      if (launched.kernelEvent == 0) {
        queue.track(launched.commands);
        throw e;
      }
      return taken(new FailedFence(queue.fence(launched.commands, launched.kernelEvent), e), hasTemporaries);
    }
    return taken(queue.fence(launched.commands, launched.kernelEvent), hasTemporaries);
  }

  private void launchWithUploads(OpenClKernel kernel, Grid grid, PlacedArguments placed, After after, Launched launched) {
    waitForFences(after);
    placed.place(temporaries.alignmentBytes());
    JointLaunch.Outcome outcome = kernel.enqueue(joint, queue.handle(), grid, placed, after.uploads());
    if (outcome.kernelEvent() != 0) {
      started(outcome.kernelEvent(), launched);
    }
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
  }

  private void launchBehind(OpenClKernel kernel, Grid grid, PlacedArguments placed, boolean hasTemporaries, After after,
      Launched launched) {
    if (hasTemporaries) {
      temporaries.await();
    }
    // A kernel waits for its uploads by itself, as a command for it takes longer; but not what is copied in before it.
    boolean waitsByItself = after.needed().size() == 1 && !hasTemporaries;
    waitForFences(waitsByItself ? new After(List.of(), after.ended()) : after);
    placed.place(temporaries.alignmentBytes());
    long awaited = waitsByItself ? eventOf(after.needed().getFirst()) : 0;
    try {
      started(kernel.enqueue(queue.handle(), grid, placed, awaited), launched);
    } finally {
      release(awaited);
    }
    placed.copyBack();
    calls.flush(queue.handle());
  }

  private void started(long kernelEvent, Launched launched) {
    launched.kernelEvent = kernelEvent;
    launched.commands.add(kernelEvent);
    node.counters().countLaunch();
  }

  private void release(long awaited) {
    if (awaited != 0) {
      calls.releaseEvent(awaited);
    }
  }

  private NodeFence taken(NodeFence fence, boolean hasTemporaries) {
    if (hasTemporaries) {
      temporaries.taken(fence);
    }
    return fence;
  }

  @Override
  public NodeFence fill(Window window, long offsetBytes, long sizeBytes, byte value, After after) {
    return command(after, () -> calls.enqueueFill(queue.handle(), window.handle(), offsetBytes, sizeBytes, value));
  }

  @Override
  public NodeFence copy(PeerRun run, After after) {
    NodeFence fence = command(after, () -> calls.enqueueCopy(queue.handle(), run.source().handle(), run.sourceOffsetBytes(),
        run.target().handle(), run.targetOffsetBytes(), run.sizeBytes()));
    node.counters().countWithin(run.sizeBytes());
    return fence;
  }

  @Override
  public boolean takesUploads() {
    return joint != null;
  }

  /** Drivers of GPUs may wait in the call for copies to memory that isn't pinned, and so for what these come behind. */
  @Override
  public boolean canDownload() {
    return node.info().kind() == DeviceInfo.Kind.CPU;
  }

  @Override
  public NodeFence download(List<CopyRun> runs, After after) {
    EventList commands = new EventList();
    try {
      waitFor(after);
      node.hostCopies().download(queue.handle(), runs, commands);
      calls.flush(queue.handle());
    } catch (RuntimeException e) {
      if (commands.size() > 0) {
        return new FailedFence(queue.fence(commands, 0), e);
      }
      throw e;
    }
    return queue.fence(commands, 0);
  }

  private NodeFence command(After after, LongSupplier enqueue) {
    EventList commands = new EventList();
    boolean isEnqueued = false;
    try {
      waitFor(after);
      commands.add(enqueue.getAsLong());
      isEnqueued = true;
      calls.flush(queue.handle());
    } catch (RuntimeException e) {
      if (isEnqueued) {
        return new FailedFence(queue.fence(commands, 0), e);
      }
      queue.track(commands);
      throw e;
    }
    return queue.fence(commands, 0);
  }

  private void waitFor(After after) {
    waitForFences(after.uploadedBy(node));
  }

  private void waitForFences(After after) {
    if (after != After.NOTHING) {
      after.needed().forEach(this::waitFor);
      after.ended().forEach(this::waitFor);
    }
  }

  /**
   * A command for this fence alone, as one that waits for several would end with the first that fails, and those behind it in this queue
   * rely on all. What has ended already isn't waited for: PoCL never starts a command that waits for one that has failed. Nobody asks how
   * the waiting ended: who needs what is waited for asks for that itself.
   */
  private void waitFor(NodeFence fence) {
    long event = eventOf(fence);
    if (event == 0) {
      return;
    }
    try {
      calls.releaseEvent(calls.enqueueWait(queue.handle(), event));
    } finally {
      calls.releaseEvent(event);
    }
  }

  /** What commands can wait for, retained; 0 once it has passed, and where there is no such thing it has then. */
  private static long eventOf(NodeFence fence) {
    long event = fence.isDone() ? 0 : fence.retainedEvent();
    if (event == 0) {
      awaitWithoutEvent(fence);
    }
    return event;
  }

  /** Mostly it has passed. */
  private static void awaitWithoutEvent(NodeFence fence) {
    try {
      fence.awaitUninterruptibly();
    } catch (DeviceException e) {
      // Said to who waits for it.
    }
  }

  void wakeBy(DriverSignals signals) {
    queue.wakeBy(signals);
  }

  void launchBy(JointLaunch jointLaunch) {
    joint = jointLaunch;
  }

  void close() {
    queue.close();
  }
}

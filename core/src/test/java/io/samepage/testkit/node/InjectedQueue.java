package io.samepage.testkit.node;

import io.samepage.Grid;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A compute queue of {@link InjectedFailures}. What fails late isn't enqueued in the queue inside, but the commands behind it come behind
 * all that it was to come behind.
 */
final class InjectedQueue implements NodeQueue {
  /** Passes when all have, in whatever way. */
  private record All(List<NodeFence> fences) implements NodeFence {
    @Override
    public boolean isDone() {
      return fences.stream().allMatch(NodeFence::isDone);
    }

    @Override
    public boolean await(long timeoutNanos) throws InterruptedException {
      long start = System.nanoTime();
      for (NodeFence fence : fences) {
        try {
          if (!fence.await(Math.max(0, timeoutNanos - (System.nanoTime() - start)))) {
            return false;
          }
        } catch (RuntimeException e) {
          // Told by the fence itself.
        }
      }
      return true;
    }

    @Override
    public long kernelNanos() {
      return 0;
    }
  }

  /** A fence that passes no earlier than one before it in the queue, even if that is held back. */
  private record InOrder(NodeFence before, NodeFence fence) implements NodeFence {
    @Override
    public boolean isDone() {
      return before.isDone() && fence.isDone();
    }

    @Override
    public boolean await(long timeoutNanos) throws InterruptedException {
      long start = System.nanoTime();
      return new All(List.of(before)).await(timeoutNanos) && fence.await(Math.max(0, timeoutNanos - (System.nanoTime() - start)));
    }

    @Override
    public long kernelNanos() {
      return fence.kernelNanos();
    }

    @Override
    public long retainedEvent() {
      return fence.retainedEvent();
    }
  }

  private final InjectedFailures node;
  private final NodeQueue inner;
  private final List<NodeFence> owed = new ArrayList<>();
  private NodeFence last;
  /** The fence of the newest command, as it was given out. */
  private NodeFence given;

  InjectedQueue(InjectedFailures node, NodeQueue inner) {
    this.node = node;
    this.inner = inner;
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments, After after) {
    return command(Call.LAUNCH, after, all -> inner.launch(kernel, grid, arguments, all));
  }

  @Override
  public NodeFence fill(Window window, long offsetBytes, long sizeBytes, byte value, After after) {
    return command(Call.FILL, after, all -> inner.fill(window, offsetBytes, sizeBytes, value, all));
  }

  @Override
  public NodeFence copy(PeerRun run, After after) {
    return command(Call.COPY_FROM, after, all -> inner.copy(run, all));
  }

  @Override
  public boolean canDownload() {
    return inner.canDownload();
  }

  @Override
  public synchronized NodeFence download(List<CopyRun> runs, After after) {
    NodeFence before = given;
    NodeFence fence = command(Call.DOWNLOAD, after, all -> inner.download(runs, all));
    return before == null ? fence : new InOrder(before, fence);
  }

  @Override
  public boolean takesUploads() {
    return node.takesUploads();
  }

  private synchronized NodeFence command(Call call, After given, Function<After, NodeFence> command) {
    // Uploads that are taken along fail as others do.
    After after = given.uploadedBy(node);
    node.delay(nanos -> inner.launch(node.delayKernel(), Grid.of(1), nanos, After.NOTHING));
    if (node.failsLate(call)) {
      owed.addAll(after.needed());
      owed.addAll(after.ended());
      List<NodeFence> before = new ArrayList<>(owed);
      if (last != null) {
        before.add(last);
      }
      return given(node.injected(call, new All(before), true));
    }
    owed.addAll(after.ended());
    last = command.apply(new After(after.needed(), List.copyOf(owed)));
    owed.clear();
    return given(node.injected(call, last, false));
  }

  private NodeFence given(NodeFence fence) {
    given = fence;
    return fence;
  }
}

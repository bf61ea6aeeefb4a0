package io.samepage.cuda;

import io.samepage.Grid;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import java.util.List;

/** One stream of a node, and the kernels, fills and copies in it. */
final class CudaQueue implements NodeQueue {
  private final CudaStream stream;
  private final WindowCommands commands;
  private final TransferCounters counters;

  CudaQueue(CudaStream stream, WindowCommands commands, TransferCounters counters) {
    this.stream = stream;
    this.commands = commands;
    this.counters = counters;
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments, After after) {
    try (CudaContext.Use current = stream.context().enter()) {
      stream.waitFor(after);
      Event start = stream.begin();
      try {
        ((CudaKernel) kernel).enqueue(stream.handle(), grid, arguments);
      } catch (RuntimeException e) {
        stream.give(start, null);
        throw e;
      }
      counters.countLaunch();
      return stream.fenceOfKernel(start);
    }
  }

  @Override
  public NodeFence fill(Window window, long offsetBytes, long sizeBytes, byte value, After after) {
    return command(after, () -> commands.fill(stream.handle(), window, offsetBytes, sizeBytes, value));
  }

  @Override
  public NodeFence copy(PeerRun run, After after) {
    NodeFence fence = command(after, () -> commands.copy(stream.handle(), run));
    counters.countWithin(run.sizeBytes());
    return fence;
  }

  private NodeFence command(After after, Runnable enqueue) {
    try (CudaContext.Use current = stream.context().enter()) {
      stream.waitFor(after);
      enqueue.run();
      return stream.fenceOfKernel(null);
    }
  }

  CudaStream stream() {
    return stream;
  }
}

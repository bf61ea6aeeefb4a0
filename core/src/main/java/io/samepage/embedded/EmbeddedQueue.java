package io.samepage.embedded;

import io.samepage.Grid;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.util.List;

/** A compute queue of an embedded device. */
final class EmbeddedQueue implements NodeQueue {
  private final EmbeddedNode node;
  private final CommandQueue queue;

  EmbeddedQueue(EmbeddedNode node, CommandQueue queue) {
    this.node = node;
    this.queue = queue;
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments, After after) {
    return queue.launch("kernel " + kernel.name(), node.kernelRun(kernel, grid, arguments), after);
  }

  @Override
  public NodeFence fill(Window window, long offsetBytes, long sizeBytes, byte value, After after) {
    return queue.launch("fill", node.fillRun(window, offsetBytes, sizeBytes, value), after);
  }

  @Override
  public NodeFence copy(PeerRun run, After after) {
    return queue.launch("copy within", node.copyWithinRun(List.of(run)), after);
  }

  @Override
  public boolean canDownload() {
    return true;
  }

  @Override
  public NodeFence download(List<CopyRun> runs, After after) {
    return queue.launch("download", node.downloadRun(runs), after);
  }

  void close() {
    queue.close();
  }
}

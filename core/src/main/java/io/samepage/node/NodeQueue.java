package io.samepage.node;

import io.samepage.Grid;
import java.util.ArrayList;
import java.util.List;

/**
 * A queue of a node for what works on its windows alone. Its commands run in the order they were enqueued; those of different queues
 * of a node may run at a time, so that kernels overlap with copies and with each other. What must come first is said with each command.
 *
 * <p>Who enqueues sees to it that no two commands that may run at a time touch the same bytes unless both read. All methods may be called
 * by any thread, by one at a time.
 */
public interface NodeQueue {
  /**
   * What a command comes behind: copies that are enqueued with it, and fences of the same node.
   *
   * @param uploads copies from the host that are still to be enqueued, in the node's own queue, and whose bytes it uses; none unless the
   *     queue {@linkplain NodeQueue#takesUploads takes them}. A fence that the node gives behind the call is behind them
   * @param needed copies whose bytes it uses. If one fails, the command may fail too, without having run
   * @param ended commands that must have ended, in whatever way. If one fails, the command still runs where the driver lets it
   */
  record After(List<CopyRun> uploads, List<NodeFence> needed, List<NodeFence> ended) {
    /** Nothing. */
    public static final After NOTHING = new After(List.of(), List.of());

    /**
     * Fences alone.
     *
     * @param needed copies whose bytes it uses
     * @param ended commands that must have ended
     */
    public After(List<NodeFence> needed, List<NodeFence> ended) {
      this(List.of(), needed, ended);
    }

    /**
     * Enqueues the uploads, if there are any.
     *
     * @param node the queue's node
     * @return what the command comes behind then: fences alone
     * @throws io.samepage.DeviceException if the driver refuses; some of the uploads may have been enqueued
     */
    public After uploadedBy(DeviceNode node) {
      if (uploads.isEmpty()) {
        return this;
      }
      node.upload(uploads);
      List<NodeFence> all = new ArrayList<>(needed);
      all.add(node.fence());
      return new After(all, ended);
    }
  }

  /**
   * Enqueues a kernel.
   *
   * @param kernel one of the node's
   * @param grid how many work items
   * @param arguments one for each parameter, already checked
   * @param after what it comes behind
   * @return a fence behind the kernel
   * @throws io.samepage.DeviceException if the driver refuses; then the kernel doesn't run
   */
  NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments, After after);

  /**
   * Enqueues setting all bytes of a part of a window. Not counted as a transfer.
   *
   * @param window one of the node's
   * @param offsetBytes where
   * @param sizeBytes how much, at least 1
   * @param value what each byte will be
   * @param after what it comes behind
   * @return a fence behind it
   * @throws io.samepage.DeviceException if the driver refuses; then nothing changes
   */
  NodeFence fill(Window window, long offsetBytes, long sizeBytes, byte value, After after);

  /**
   * Enqueues a copy between windows of the node.
   *
   * @param run what to copy; source and target don't overlap
   * @param after what it comes behind
   * @return a fence behind it
   * @throws io.samepage.DeviceException if the driver refuses; then nothing changes
   */
  NodeFence copy(PeerRun run, After after);

  /**
   * {@return whether commands take uploads along, so that both reach the driver at once} Else uploads are enqueued before the command.
   * Where a command is refused, some of its uploads may be under way.
   */
  default boolean takesUploads() {
    return false;
  }

  /** {@return whether {@link #download} works, and never waits for what copies come behind} Else who wants bytes waits for that first. */
  default boolean canDownload() {
    return false;
  }

  /**
   * Enqueues copies to the host.
   *
   * @param runs what to copy, at least one
   * @param after what they come behind
   * @return a fence behind them; where the driver refuses some of them it fails, once the others have ended
   * @throws io.samepage.DeviceException if the driver refuses; then nothing changes
   * @throws UnsupportedOperationException if this queue {@linkplain #canDownload can't}
   */
  default NodeFence download(List<CopyRun> runs, After after) {
    throw new UnsupportedOperationException("This queue copies nothing to the host: runs=" + runs.size());
  }
}

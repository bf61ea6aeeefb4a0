package io.samepage.node;

import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import java.util.List;
import java.util.Optional;

/**
 * A device's memory and its own queue, the transfer queue. Commands are enqueued without blocking and run in the order they were
 * enqueued: a kernel sees the uploads before it, a download sees the kernels before it in this queue. A command that fails fails its
 * fence and those of the commands behind it that depended on it; the queue goes on. Beside it there are
 * {@linkplain #computeQueues() compute queues}.
 *
 * <p>All methods may be called by any thread. The caller sees to it that windows in use by commands are not freed, and that no two
 * commands in flight on different queues touch the same bytes unless both read.
 */
public interface DeviceNode extends AutoCloseable {
  /** {@return what the back end reported of the device} */
  DeviceInfo info();

  /**
   * {@return whether it has no memory of its own and uses the host's pages} Then windows of ranges are {@linkplain #wrap wrapped}, what the
   * host has stored before a command was enqueued is seen by it, and what it has written is seen by the host once the command's fence has
   * passed, without a copy.
   */
  default boolean usesHostPages() {
    return false;
  }

  /**
   * {@return whether the frames of {@linkplain #wrap wrapped} windows must stay what they are until their range is closed} Then what
   * was written and is discarded of such a range is set to zero instead of giving its frames back.
   */
  default boolean holdsHostPages() {
    return false;
  }

  /** {@return the size in bytes of the largest single window} */
  long maxWindowBytes();

  /**
   * Makes a window of the host's own pages where {@link #usesHostPages()} holds, or of {@linkplain #allocateSvm shared virtual memory}.
   *
   * @param hostAddress where they begin, a multiple of the page size; in memory that {@link #useHost} was said of, or shared virtual memory
   * @param sizeBytes a multiple of the page size, at most {@link #maxWindowBytes()}
   * @return the window, which takes no device memory; {@linkplain #free freed} before the pages are
   * @throws io.samepage.DeviceException if the driver refuses
   */
  default Window wrap(long hostAddress, long sizeBytes) {
    throw new UnsupportedOperationException("This node has memory of its own: device=" + info().name());
  }

  /** {@return the size in bytes of the largest piece of shared virtual memory} */
  default long maxSvmBytes() {
    return maxWindowBytes();
  }

  /**
   * Allocates shared virtual memory. It is zero.
   *
   * @param sizeBytes a multiple of the page size, at most {@link #maxSvmBytes()}
   * @return its address, the same for the host and for the devices that {@linkplain #sharesSvmWith share} it; a multiple of the page size
   * @throws io.samepage.MemoryKindException if the device has none that the host may use at any time
   * @throws io.samepage.DeviceException if the driver refuses
   */
  default long allocateSvm(long sizeBytes) {
    throw new MemoryKindException(info().name(), MemoryKind.SVM, info().memoryKinds(), "its back end knows no shared virtual memory");
  }

  /**
   * Frees shared virtual memory. No window of it is left.
   *
   * @param address what {@link #allocateSvm} answered
   */
  default void freeSvm(long address) {
    throw new UnsupportedOperationException("This node allocates none: device=" + info().name());
  }

  /**
   * Tells whether two nodes use the same shared virtual memory.
   *
   * @param other another node, or this one
   * @return whether what either allocates can be used by both
   */
  default boolean sharesSvmWith(DeviceNode other) {
    return false;
  }

  /**
   * Allocates device memory. Its content is undefined.
   *
   * @param sizeBytes a multiple of the page size, at most {@link #maxWindowBytes()}
   * @return the window
   * @throws io.samepage.DeviceException if the driver refuses
   */
  Window allocate(long sizeBytes);

  /**
   * {@return in units of how many bytes parts of {@linkplain #reserve reserved} address space can get memory, a power of two and no less
   * than a page; 0 if this node reserves none}
   */
  default long sparseUnitBytes() {
    return 0;
  }

  /**
   * Reserves address space. It takes no device memory, and nothing may be done with any of it that has not {@linkplain #back got} memory.
   * It may be larger than {@link #maxWindowBytes()}.
   *
   * @param sizeBytes a multiple of {@link #sparseUnitBytes()}
   * @return the address space, a window that {@linkplain Window#isSparse() is sparse}; {@linkplain #free freed} when none of it has memory
   *     any more
   * @throws io.samepage.DeviceException if the driver refuses
   * @throws UnsupportedOperationException if this node reserves none
   */
  default Window reserve(long sizeBytes) {
    throw new UnsupportedOperationException("This node reserves no address space: device=" + info().name());
  }

  /**
   * Gives memory to a part of reserved address space that has none. Its content is undefined. Parts beside each other can be used by one
   * command as if they were one.
   *
   * @param window what was reserved
   * @param offsetBytes where, a multiple of its unit
   * @param sizeBytes how much, a multiple of its unit
   * @throws io.samepage.DeviceException if the driver refuses; then the part has none
   */
  default void back(Window window, long offsetBytes, long sizeBytes) {
    throw new UnsupportedOperationException("This node reserves no address space: device=" + info().name());
  }

  /**
   * Takes the memory from a part of reserved address space. No command in flight uses it. The addresses stay reserved.
   *
   * @param window what was reserved
   * @param offsetBytes where a part begins that has got its memory by one call of {@link #back}
   * @param sizeBytes the size of that part
   */
  default void unback(Window window, long offsetBytes, long sizeBytes) {
    throw new UnsupportedOperationException("This node reserves no address space: device=" + info().name());
  }

  /**
   * Makes a window of device memory that somebody else has allocated, and keeps it from going away until the window is freed.
   *
   * @param handle the driver's handle
   * @param sizeBytes how much of it the window has, a multiple of the page size
   * @return a window that {@linkplain Window#isAdopted() is adopted}; freeing it leaves the memory to its owner
   * @throws IllegalArgumentException if it can't be used by this node, or is smaller than that
   * @throws UnsupportedOperationException if this kind of node takes no memory of others
   * @throws io.samepage.DeviceException if the driver fails
   */
  default Window adopt(long handle, long sizeBytes) {
    throw new UnsupportedOperationException("This kind of device takes no memory that others have allocated: device=" + info().name());
  }

  /**
   * Frees a window. No command in flight uses it.
   *
   * @param window one of this node's
   */
  void free(Window window);

  /**
   * Says that copies will be from and to some host memory, so that the node may prepare it when they come: pin it. Nothing is done to
   * memory that nobody said this of. Saying it again changes nothing.
   *
   * @param address where it begins, a multiple of the page size
   * @param sizeBytes how long it is, whole pages
   */
  default void useHost(long address, long sizeBytes) {}

  /**
   * Says that host memory is about to lose its frames, be it for good or to get others: what the node prepared of it is given back before
   * this returns. No copies from or to it are in flight.
   *
   * @param address where it begins, in memory that {@link #useHost} was said of
   * @param sizeBytes how long it is, whole pages. If it is all of that memory, nothing is prepared there any more
   */
  default void leaveHost(long address, long sizeBytes) {}

  /**
   * Enqueues copies from the host into windows. The host bytes are not changed before {@link #fence() a later fence} passes.
   *
   * @param runs what to copy
   * @throws io.samepage.DeviceException if the driver refuses; some runs may have been enqueued
   */
  void upload(List<CopyRun> runs);

  /**
   * Enqueues copies from windows to the host.
   *
   * @param runs what to copy
   * @throws io.samepage.DeviceException if the driver refuses; some runs may have been enqueued
   */
  void download(List<CopyRun> runs);

  /**
   * Enqueues zeroing parts of windows. Not counted as a transfer.
   *
   * @param window one of this node's
   * @param offsetBytes where, a multiple of the page size
   * @param sizeBytes how much, a multiple of the page size
   * @throws io.samepage.DeviceException if the driver refuses
   */
  default void zero(Window window, long offsetBytes, long sizeBytes) {
    fill(window, offsetBytes, sizeBytes, (byte) 0);
  }

  /**
   * Enqueues setting all bytes of a part of a window. Not counted as a transfer.
   *
   * @param window one of this node's
   * @param offsetBytes where
   * @param sizeBytes how much, at least 1
   * @param value what each byte will be
   * @throws io.samepage.DeviceException if the driver refuses; then nothing was enqueued
   */
  void fill(Window window, long offsetBytes, long sizeBytes, byte value);

  /**
   * Tells whether {@link #copyFrom} works for a source.
   *
   * @param source another node, or this one
   * @return whether its windows can be copied into this node's without passing through the host
   */
  boolean canCopyFrom(DeviceNode source);

  /**
   * Enqueues copies from another node's windows (or this node's own), behind all that is in this node's queue and in the source's.
   *
   * @param source a node for which {@link #canCopyFrom} holds
   * @param runs what to copy; source and target don't overlap
   * @throws io.samepage.DeviceException if the driver refuses; some runs may have been enqueued
   */
  void copyFrom(DeviceNode source, List<PeerRun> runs);

  /**
   * Marks the point in the queue behind all that was enqueued, and sees to it that the device starts on it.
   *
   * @return a fence for that point; it fails if a copy before it failed
   * @throws io.samepage.DeviceException if the driver refuses
   */
  NodeFence fence();

  /**
   * Compiles a kernel. Programs are cached by their text.
   *
   * @param source the program
   * @param name the kernel's name
   * @return the kernel
   * @throws io.samepage.KernelBuildException if this device can't run it; the message has the log
   */
  NodeKernel kernel(KernelSource source, String name);

  /**
   * Checks that the device can run a grid.
   *
   * @param kernel one of this node's
   * @param grid the grid
   * @throws IllegalArgumentException if it can't: the message says the limit
   */
  void checkGrid(NodeKernel kernel, Grid grid);

  /**
   * Enqueues a kernel in the node's own queue.
   *
   * @param kernel one of this node's
   * @param grid how many work items
   * @param arguments one for each parameter, already checked
   * @return a fence behind the kernel
   * @throws io.samepage.DeviceException if the driver refuses; then the kernel doesn't run
   */
  NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments);

  /** {@return queues for kernels and the like beside this node's own, at least one; always the same ones} */
  List<NodeQueue> computeQueues();

  /**
   * {@return how the fault handler reads this node's windows; empty where it can't: then the node is not used with memory that the host
   * touches without a lease}
   */
  default Optional<FaultSource> faultSource() {
    return Optional.empty();
  }

  /**
   * Gives back an event that was got from {@link NodeFence#retainedEvent()}.
   *
   * @param event the event, not 0
   */
  default void releaseEvent(long event) {
    throw new UnsupportedOperationException("This node gives no events: device=" + info().name());
  }

  /**
   * Says that the fault handler has enqueued copies in this node's queue: later fences stand behind them too.
   *
   * @throws io.samepage.DeviceException if the driver refuses
   */
  default void noteForeignCopies() {}

  /**
   * Waits until nothing is left in the queue that the fault handler alone uses, reads that it gave up among it. It waits for no kernel. A
   * device that is lost is not waited for.
   */
  default void settleFetches() {}

  /**
   * Says how threads may sleep until the driver calls. Called once, before anything is enqueued; where it isn't, they wait in another way.
   *
   * @param signals the signals, good as long as the node is open
   */
  default void wakeBy(DriverSignals signals) {}

  /**
   * Says where the native function is that enqueues a kernel together with its uploads, as {@code samepage.h} has it. Called before
   * anything is launched; where it isn't, there is none.
   *
   * @param function the address of {@code int32_t sp_launch(struct sp_launch*)}
   */
  default void launchBy(long function) {}

  /**
   * {@return whether the device takes no more work, and what its windows held is gone} Asked when a call or a fence has failed, and before
   * anything is brought from it. Windows of such a node are freed without a failure. Never waits.
   */
  default boolean isLost() {
    return false;
  }

  /** {@return the counters, kept by the node where it copies} */
  TransferCounters counters();

  /** Waits for all queues and gives everything back. Windows must have been freed before. */
  @Override
  void close();
}

package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceInfo;
import io.samepage.DeviceLease;
import io.samepage.DeviceStatistics;
import io.samepage.Fence;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.Slice;
import io.samepage.coherence.sync.Fences;
import io.samepage.coherence.sync.OrderedLock;
import io.samepage.host.LaunchFunction;
import io.samepage.host.Signals;
import io.samepage.host.WatchedMemory;
import io.samepage.node.DeviceNode;
import io.samepage.node.FaultSource;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A device of a memory: its node, its windows and its launches in flight. */
public final class CoherentDevice implements Device {
  private final MemoryContext memory;
  private final DeviceNode deviceNode;
  private final MemoryKind memoryKind;
  private final int number;
  private final DeviceBooks books;
  private final LaunchQueue launches;
  private final OrderedLock placement;
  private final OrderedLock withdrawal;
  private final OrderedLock submission;
  private final ReadWriteLock life = new ReentrantReadWriteLock();
  private final LongAdder evictedBytes = new LongAdder();
  /** Pages that the fault handler has fetched from windows that are gone. */
  private final LongAdder fetchedPages = new LongAdder();

  /**
   * A device over an open node.
   *
   * @param memory its memory
   * @param deviceNode the node
   * @param memoryKind where it keeps pages
   * @param budgetBytes how much of its memory windows may take
   * @param number its number among the devices
   */
  public CoherentDevice(MemoryContext memory, DeviceNode deviceNode, MemoryKind memoryKind, long budgetBytes, int number) {
    this.memory = memory;
    this.number = number;
    this.deviceNode = deviceNode;
    this.memoryKind = memoryKind;
    books = new DeviceBooks(number, budgetBytes);
    placement = new OrderedLock(OrderedLock.Rank.PLACEMENT, number);
    launches = new LaunchQueue(number, deviceNode.computeQueues().size());
    withdrawal = new OrderedLock(OrderedLock.Rank.WITHDRAWAL, number);
    submission = new OrderedLock(OrderedLock.Rank.SUBMISSION, number);
    if (Signals.areAvailable()) {
      deviceNode.wakeBy(new NativeSignals());
      deviceNode.launchBy(LaunchFunction.address());
    }
  }

  @Override
  public String name() {
    return info().name();
  }

  @Override
  public DeviceInfo info() {
    return deviceNode.info();
  }

  @Override
  public MemoryKind memoryKind() {
    return memoryKind;
  }

  @Override
  public long budgetBytes() {
    return books.budgetBytes();
  }

  @Override
  public long usedBytes() {
    return books.usedBytes();
  }

  @Override
  public Kernel kernel(KernelSource source, String name) {
    return memory.kernel(this, source, name);
  }

  @Override
  public DeviceLease acquire(Slice slice, Access access) {
    return acquire(slice, access, memory.leaseTimeout());
  }

  @Override
  public DeviceLease acquire(Slice slice, Access access, Duration timeout) {
    return memory.acquire(this, slice, access, timeout);
  }

  @Override
  public Fence prefetch(Slice slice) {
    return memory.prefetch(this, slice);
  }

  @Override
  public void adopt(Slice slice, long handle) {
    memory.adopt(this, slice, handle);
  }

  @Override
  public DeviceStatistics statistics() {
    TransferCounters counters = deviceNode.counters();
    return new DeviceStatistics(counters.bytesToDevice(), counters.bytesToHost() + fetchedBytes(), counters.bytesFromPeers(),
        counters.bytesWithin(),
        counters.runsToDevice(), counters.runsToHost(), counters.launches(), evictedBytes.sum());
  }

  /** What the fault handler has fetched. */
  private long fetchedBytes() {
    long live = books.all().stream().filter(window -> window.watched() != null)
        .mapToLong(window -> window.watched().fetchedPages()).sum();
    return (fetchedPages.sum() + live) * memory.pageSizeBytes();
  }

  /**
   * How the fault handler reads its windows: it knows so many devices, and others may have come later.
   *
   * @return the source, empty if it can't
   */
  public Optional<FaultSource> faultSource() {
    return number < WatchedMemory.mostDevices() ? deviceNode.faultSource() : Optional.empty();
  }

  /** {@return its memory} */
  public MemoryContext owner() {
    return memory;
  }

  /** {@return its node} */
  public DeviceNode deviceNode() {
    return deviceNode;
  }

  /** {@return its number among the devices} */
  public int number() {
    return number;
  }

  /**
   * Its number among the nodes; the host is 0.
   *
   * @return the number
   */
  public int node() {
    return 1 + number;
  }

  /** {@return what is charged to it} */
  public DeviceBooks books() {
    return books;
  }

  /**
   * The claimed pages' windows were used. Called under the locks of the request's ranges.
   *
   * @param request a request that is held
   */
  public void used(LeaseRequest request) {
    request.claims().forEach((range, claim) -> {
      for (int i = 0; i < claim.spans().size(); i++) {
        range.windows().forEachUnder(this, claim.spans().get(i).firstByte(), claim.spans().get(i).endByte(), books::used);
      }
    });
  }

  /**
   * Takes a window out of the books and frees it. Its range has forgotten it, and no command in flight uses it. Where the driver doesn't
   * take it back, nobody is to wait for it all the same.
   *
   * @param window the window
   */
  public void discard(PlacedWindow window) {
    fetchedPages.add(window.forget());
    try {
      window.free();
    } finally {
      if (!window.isShared()) {
        books.remove(window);
      }
    }
  }

  /**
   * One of its compute queues.
   *
   * @param number which, from 1
   * @return the queue
   */
  public NodeQueue computeQueue(int number) {
    return deviceNode.computeQueues().get(number - 1);
  }

  /** {@return whether its compute queues can copy to the host} */
  public boolean canDownloadBehindLaunches() {
    return computeQueue(1).canDownload();
  }

  /** {@return its launches in flight} */
  public LaunchQueue launches() {
    return launches;
  }

  /** {@return what guards making, merging and evicting its windows} */
  public OrderedLock placement() {
    return placement;
  }

  OrderedLock withdrawal() {
    return withdrawal;
  }

  /** {@return what guards that a batch of commands and its fence are neighbours in their queue} */
  public OrderedLock submission() {
    return submission;
  }

  /** {@return how large a window can be} */
  public long maxWindowBytes() {
    return deviceNode.maxWindowBytes();
  }

  /**
   * Enqueues commands and a fence right behind them. Where one is refused, those before it are over when it throws.
   *
   * @param commands what enqueues them
   * @return the fence
   */
  public NodeFence submit(Consumer<DeviceNode> commands) {
    submission.lock();
    try {
      return Fences.enqueue(deviceNode, commands);
    } finally {
      submission.unlock();
    }
  }

  /**
   * Where the device is lost, everything that it alone held is poisoned, and nothing is sought there any more. Launches that are not
   * retired yet may still enter what they wrote: it is looked for again before anything is brought from somewhere. Called without a lock
   * of a range.
   */
  public void noticeLoss() {
    if (deviceNode.isLost()) {
      books.windows().forEach(window -> window.range().hostSide().lost(window));
    }
  }

  /**
   * Does something with the node that no claim protects from the memory being closed meanwhile.
   *
   * @param <T> what comes of it
   * @param action what is done
   * @return what came of it
   * @throws IllegalStateException if the memory is closed
   */
  public <T> T whileOpen(Supplier<T> action) {
    life.readLock().lock();
    try {
      memory.checkOpen();
      return action.get();
    } finally {
      life.readLock().unlock();
    }
  }

  /** Closes the node. The memory says that it is closed already. */
  public void close() {
    life.writeLock().lock();
    try {
      launches.retireAll();
      deviceNode.close();
    } finally {
      life.writeLock().unlock();
    }
  }

  /** {@return whether it has no memory of its own: it uses the host's pages of all ranges} */
  public boolean usesHostPages() {
    return deviceNode.usesHostPages();
  }

  /** {@return whether the host doesn't wait for its kernels} */
  public boolean isRelaxed() {
    return usesHostPages() && memory.settings().isHostRelaxed();
  }

  /**
   * Makes a window of a range's own pages.
   *
   * @param range the range
   * @param firstByte its first byte
   * @param sizeBytes its size
   * @return the window
   */
  public Window wrapNow(CoherentRange range, long firstByte, long sizeBytes) {
    return deviceNode.wrap(range.address() + firstByte, sizeBytes);
  }

  /**
   * Makes a window of the device's own memory.
   *
   * @param sizeBytes its size
   * @return the window
   */
  public Window allocateNow(long sizeBytes) {
    return deviceNode.allocate(sizeBytes);
  }

  /**
   * Gives a window back that no command in flight uses.
   *
   * @param window the window
   */
  public void freeNow(Window window) {
    deviceNode.free(window);
  }

  /**
   * Counts bytes that were evicted.
   *
   * @param bytes how many
   */
  public void countEvicted(long bytes) {
    evictedBytes.add(bytes);
  }

  @Override
  public String toString() {
    return name();
  }
}

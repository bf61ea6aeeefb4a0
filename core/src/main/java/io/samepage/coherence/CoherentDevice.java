package io.samepage.coherence;

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
final class CoherentDevice implements Device {
  private final CoherentMemory memory;
  private final DeviceNode deviceNode;
  private final MemoryKind memoryKind;
  private final int number;
  private final DeviceMemory deviceMemory;
  private final LaunchQueue launches;
  private final OrderedLock withdrawal;
  private final OrderedLock submission;
  private final ReadWriteLock life = new ReentrantReadWriteLock();
  private final LongAdder evictedBytes = new LongAdder();
  /** Pages that the fault handler has fetched from windows that are gone. */
  private final LongAdder fetchedPages = new LongAdder();

  CoherentDevice(CoherentMemory memory, DeviceSelection.Opened opened, int number) {
    this.memory = memory;
    this.number = number;
    deviceNode = opened.node();
    memoryKind = opened.memoryKind();
    deviceMemory = new DeviceMemory(this, number, opened.budgetBytes());
    launches = new LaunchQueue(number, deviceNode.computeQueues().size());
    withdrawal = new OrderedLock(OrderedLock.Rank.WITHDRAWAL, number);
    submission = new OrderedLock(OrderedLock.Rank.SUBMISSION, number);
    if (Signals.areAvailable()) {
      deviceNode.wakeBy(new NativeSignals());
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
    return deviceMemory.books().budgetBytes();
  }

  @Override
  public long usedBytes() {
    return deviceMemory.books().usedBytes();
  }

  @Override
  public Kernel kernel(KernelSource source, String name) {
    return whileOpen(() -> new CoherentKernel(this, deviceNode.kernel(source, name)));
  }

  @Override
  public DeviceLease acquire(Slice slice, Access access) {
    return acquire(slice, access, memory.leaseTimeout());
  }

  @Override
  public DeviceLease acquire(Slice slice, Access access, Duration timeout) {
    return CoherentDeviceLease.open(memory, this, slice, access, timeout);
  }

  @Override
  public Fence prefetch(Slice slice) {
    return memory.transfers().prefetch(this, slice);
  }

  @Override
  public void adopt(Slice slice, long handle) {
    Adoption.adopt(this, slice, handle);
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
    long live = deviceMemory.books().all().stream().filter(window -> window.watched() != null)
        .mapToLong(window -> window.watched().fetchedPages()).sum();
    return (fetchedPages.sum() + live) * memory.pageSizeBytes();
  }

  void countFetched(long pages) {
    fetchedPages.add(pages);
  }

  /** How the fault handler reads its windows, if it can: it knows so many devices, and others may have come later. */
  Optional<FaultSource> faultSource() {
    return number < WatchedMemory.mostDevices() ? deviceNode.faultSource() : Optional.empty();
  }

  CoherentMemory owner() {
    return memory;
  }

  DeviceNode deviceNode() {
    return deviceNode;
  }

  /** Its number among the devices. */
  int number() {
    return number;
  }

  /** Its number among the nodes; the host is 0. */
  int node() {
    return 1 + number;
  }

  DeviceMemory memory() {
    return deviceMemory;
  }

  /** One of its compute queues, from 1. */
  NodeQueue computeQueue(int number) {
    return deviceNode.computeQueues().get(number - 1);
  }

  /** Whether its compute queues can copy to the host. */
  boolean canDownloadBehindLaunches() {
    return computeQueue(1).canDownload();
  }

  LaunchQueue launches() {
    return launches;
  }

  OrderedLock withdrawal() {
    return withdrawal;
  }

  OrderedLock submission() {
    return submission;
  }

  long maxWindowBytes() {
    return deviceNode.maxWindowBytes();
  }

  /** Enqueues commands and a fence right behind them. Where one is refused, those before it are over when it throws. */
  NodeFence submit(Consumer<DeviceNode> commands) {
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
  void noticeLoss() {
    if (deviceNode.isLost()) {
      deviceMemory.books().windows().forEach(window -> window.range().hostSide().lost(window));
    }
  }

  /** Does something with the node that no claim protects from the memory being closed meanwhile. */
  <T> T whileOpen(Supplier<T> action) {
    life.readLock().lock();
    try {
      memory.checkOpen();
      return action.get();
    } finally {
      life.readLock().unlock();
    }
  }

  /** Closes the node. The memory says that it is closed already. */
  void close() {
    life.writeLock().lock();
    try {
      launches.retireAll();
      deviceNode.close();
    } finally {
      life.writeLock().unlock();
    }
  }

  /** Whether it has no memory of its own: it uses the host's pages of all ranges. */
  boolean usesHostPages() {
    return deviceNode.usesHostPages();
  }

  /** Whether the host doesn't wait for its kernels. */
  boolean isRelaxed() {
    return usesHostPages() && memory.settings().isHostRelaxed();
  }

  /** A window of a range's own pages. */
  Window wrapNow(CoherentRange range, long firstByte, long sizeBytes) {
    return deviceNode.wrap(range.address() + firstByte, sizeBytes);
  }

  Window allocateNow(long sizeBytes) {
    return deviceNode.allocate(sizeBytes);
  }

  void freeNow(Window window) {
    deviceNode.free(window);
  }

  void countEvicted(long bytes) {
    evictedBytes.add(bytes);
  }

  @Override
  public String toString() {
    return name();
  }
}

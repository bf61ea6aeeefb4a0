package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.BackendReport;
import io.samepage.Device;
import io.samepage.DeviceChanges;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.HostStatistics;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryStatistics;
import io.samepage.Slice;
import io.samepage.SplitKernel;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.coherence.access.Adoption;
import io.samepage.coherence.access.CoherentDeviceLease;
import io.samepage.coherence.access.CoherentHostLease;
import io.samepage.coherence.access.Discard;
import io.samepage.coherence.directory.UniformBlocks;
import io.samepage.coherence.hostside.ExplicitHost;
import io.samepage.coherence.hostside.SvmPages;
import io.samepage.coherence.hostside.WatchedHost;
import io.samepage.coherence.hostside.Watching;
import io.samepage.coherence.launch.CoherentKernel;
import io.samepage.coherence.launch.CoherentSplitKernel;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.MemorySettings;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.Reservation;
import io.samepage.coherence.transfer.Transfers;
import io.samepage.coherence.transfer.Updates;
import io.samepage.host.HostExtent;
import io.samepage.host.HostMemory;
import io.samepage.host.WatchedExtent;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The memory: its devices, its ranges by address, its leases. */
final class CoherentMemory extends MemoryContext {
  private final HostMemory host;
  private final AttachedDevices devices;
  /** Guarded by this, once the memory is made. */
  private UniformBlocks uniformBlocks;
  private final Watching watching;
  private final Transfers transfers = new Transfers(this);
  /** All ranges, by their addresses in the manager view. */
  private final ConcurrentSkipListMap<Long, CoherentRange> byAddress = new ConcurrentSkipListMap<>();
  /** Ranges of arenas, by the addresses that programs touch. */
  private final ConcurrentSkipListMap<Long, CoherentRange> byUserAddress = new ConcurrentSkipListMap<>();
  /** Open arenas. Guarded by this. */
  private final Set<CoherentArena> arenas = new LinkedHashSet<>();
  private final AtomicLong arenaNumbers = new AtomicLong();
  private final AtomicLong rangeNumbers = new AtomicLong();
  private final LongAdder hostLeases = new LongAdder();
  private final LongAdder deviceLeases = new LongAdder();
  /** Set while closing is tried, and for good once it has succeeded. */
  private volatile boolean closed;

  CoherentMemory(HostMemory host, DeviceSelection selection, List<DeviceSelection.Opened> opened, MemorySettings settings) {
    super(settings);
    this.host = host;
    devices = new AttachedDevices(this, selection, opened);
    uniformBlocks = new UniformBlocks(1 + opened.size());
    watching = new Watching(opened.size());
    MemoryRegistry.add(this);
  }

  @Override
  public List<Device> devices() {
    return List.copyOf(devices.all());
  }

  @Override
  public Device device(String name) {
    return devices.named(name);
  }

  @Override
  public synchronized DeviceChanges refreshDevices(String... names) {
    checkOpen();
    List<String> asked = List.of(names);
    CoherentMemoryBuilder.checkNames(asked);
    return devices.refresh(asked, this::makeRoom);
  }

  /**
   * Every directory has words for all devices before one of the new ones can be used, and that one knows the host's pages; ranges don't
   * come or go meanwhile.
   */
  private void makeRoom(List<CoherentDevice> come) {
    int nodes = 1 + devices.all().size() + come.size();
    if (nodes > uniformBlocks.nodes()) {
      uniformBlocks = new UniformBlocks(nodes);
      byAddress.values().forEach(range -> range.widen(uniformBlocks));
    }
    byAddress.values().forEach(range -> come.forEach(range::useHost));
  }

  @Override
  public List<BackendReport> backends() {
    return devices.backends();
  }

  @Override
  public SplitKernel splitKernel(KernelSource source, String name) {
    return splitKernel(devices.all().stream().map(device -> device.kernel(source, name)).toList());
  }

  @Override
  public SplitKernel splitKernel(List<Kernel> kernels) {
    return CoherentSplitKernel.of(this, updates(), kernels);
  }

  @Override
  public UnifiedRange allocate(long sizeBytes) {
    return allocate(sizeBytes, devices.all().stream().filter(device -> device.memoryKind() == MemoryKind.SVM).findFirst().orElse(null));
  }

  @Override
  public UnifiedRange allocateSvm(long sizeBytes, Device device) {
    return allocate(sizeBytes, SvmPages.own(this, device));
  }

  private synchronized UnifiedRange allocate(long sizeBytes, CoherentDevice svmOwner) {
    checkOpen();
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("A range holds at least one byte: sizeBytes=" + sizeBytes);
    }
    HostExtent extent = svmOwner == null ? host.allocate(sizeBytes) : SvmPages.allocate(svmOwner, sizeBytes);
    CoherentRange range = new CoherentRange(this, rangeNumbers.incrementAndGet(), sizeBytes, null, svmOwner,
        owner -> new ExplicitHost(extent, pageSizeBytes()));
    byAddress.put(range.address(), range);
    range.useHost();
    return range;
  }

  /** Allocates a range of an arena, which the arena closes. */
  synchronized CoherentRange allocate(CoherentArena arena, long sizeBytes, long alignmentBytes) {
    checkOpen();
    WatchedExtent extent = watching.memory().allocate(sizeBytes, alignmentBytes);
    CoherentRange range = new CoherentRange(this, rangeNumbers.incrementAndGet(), sizeBytes, arena, null,
        owner -> new WatchedHost(owner, extent, watching));
    byAddress.put(range.address(), range);
    byUserAddress.put(extent.userAddress(), range);
    range.useHost();
    return range;
  }

  @Override
  public UnifiedArena confinedArena() {
    return arena(false);
  }

  @Override
  public UnifiedArena sharedArena() {
    return arena(true);
  }

  private synchronized UnifiedArena arena(boolean isShared) {
    checkOpen();
    watching.memory();
    CoherentArena arena = new CoherentArena(this, arenaNumbers.incrementAndGet(), isShared);
    arenas.add(arena);
    return arena;
  }

  @Override
  public HostAccess hostAccess() {
    checkOpen();
    return watching.access();
  }

  @Override
  public HostStatistics hostStatistics() {
    return watching.statistics();
  }

  @Override
  public Slice slice(MemorySegment segment) {
    checkOpen();
    if (!segment.isNative()) {
      throw new IllegalArgumentException("A heap segment belongs to no range: segment=" + segment);
    }
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException("The lease or arena of the segment is closed: segment=" + segment);
    }
    CoherentRange range = containing(segment.address());
    if (range == null) {
      throw new IllegalArgumentException("The segment belongs to no range of this memory: segment=" + segment + ", thisMemory=" + this
          + ", ranges=" + byAddress.size() + MemoryRegistry.whose(segment.address()));
    }
    long offset = range.offsetOf(segment.address());
    if (segment.byteSize() < 1 || segment.byteSize() > range.sizeBytes() - offset) {
      throw new IllegalArgumentException("The segment is empty or reaches outside its range: segment=" + segment + ", range=" + range);
    }
    return new Slice(range, offset, segment.byteSize());
  }

  /** The range that an address lies in, in either view; null if there is none. */
  CoherentRange containing(long address) {
    for (var ranges : List.of(byUserAddress, byAddress)) {
      Map.Entry<Long, CoherentRange> entry = ranges.floorEntry(address);
      if (entry != null && address - entry.getKey() < entry.getValue().sizeBytes()) {
        return entry.getValue();
      }
    }
    return null;
  }

  @Override
  public HostLease host(Access access, List<Slice> slices) {
    return host(access, slices, leaseTimeout());
  }

  @Override
  public HostLease host(Access access, List<Slice> slices, Duration timeout) {
    HostLease lease = CoherentHostLease.open(this, updates(), access, slices, timeout);
    hostLeases.increment();
    return lease;
  }

  @Override
  public HostLease hostShared(Access access, List<Slice> slices, Duration timeout) {
    HostLease lease = CoherentHostLease.openShared(this, updates(), access, slices, timeout);
    hostLeases.increment();
    return lease;
  }

  @Override
  public Fence prefetchToHost(Slice slice) {
    return transfers.prefetchToHost(slice);
  }

  @Override
  public Fence fill(Slice slice, byte value) {
    return transfers.fill(slice, value);
  }

  @Override
  public Fence copy(Slice source, Slice target) {
    return transfers.copy(source, target);
  }

  @Override
  public MemoryStatistics statistics() {
    retireDone();
    return devices.statistics(hostLeases.sum(), deviceLeases.sum(), byAddress.size(), leases().open());
  }

  @Override
  public void retireDone() {
    devices.retireDone();
  }

  @Override
  public synchronized void close() {
    checkOpen();
    if (!arenas.isEmpty()) {
      throw new IllegalStateException("Arenas are open on the memory: arenas=" + arenas + ". Close them first.");
    }
    closed = true;
    List<String> open = new ArrayList<>();
    devices.all().forEach(device -> device.launches().retireAll());
    byAddress.values().forEach(range -> openLeases(range).forEach(claim -> open.add(claim.owner().describe())));
    if (!open.isEmpty()) {
      closed = false;
      throw new IllegalStateException("Leases are open on the memory: leases=" + open + ". Close them first.");
    }
    giveBack();
  }

  /**
   * Gives everything back, also what comes behind something that fails: there is no second try. The fault handler goes before the devices,
   * as it keeps events of theirs, and after the reads that it gave up, as they write to its memory.
   */
  private void giveBack() {
    List<Runnable> steps = new ArrayList<>();
    byAddress.values().forEach(range -> steps.add(() -> freeWindows(range)));
    devices.all().forEach(device -> steps.add(device.deviceNode()::settleFetches));
    steps.add(watching::close);
    devices.all().forEach(device -> steps.add(device::close));
    byAddress.values().forEach(range -> steps.add(range::markClosed));
    steps.add(host::close);
    steps.add(byAddress::clear);
    steps.add(() -> MemoryRegistry.remove(this));
    steps.add(futures()::close);
    steps.add(leases()::close);
    steps.add(updates()::close);
    Steps.runAll(steps);
  }

  @Override
  public void close(CoherentRange range) {
    List<Claim<LeaseRequest>> open = range.tryMarkClosed();
    while (!open.isEmpty()) {
      awaitInternal(range, open);
      open = range.tryMarkClosed();
    }
    synchronized (this) {
      // A memory that was closed meanwhile has given everything back.
      if (byAddress.remove(range.address(), range)) {
        free(range);
      }
    }
  }

  private void free(CoherentRange range) {
    range.hostSide().close();
    Steps.runAll(List.of(() -> freeWindows(range), () -> range.leaveHost(0, range.pages()), range.hostSide()::free));
  }

  /**
   * Claims all ranges of an arena, waiting for launches and for what is under way by itself.
   *
   * @throws IllegalStateException if a lease is open on one of them
   */
  LeaseRequest claimForClosing(LeaseRequest request) {
    while (!leases().tryHold(request)) {
      request.ranges().forEach(range -> awaitInternal(range, held(range)));
    }
    return request;
  }

  /** Gives back what a closed arena had. */
  synchronized void closed(CoherentArena arena, List<CoherentRange> ranges) {
    for (CoherentRange range : ranges) {
      byUserAddress.remove(range.hostSide().userAddress());
      byAddress.remove(range.address());
      free(range);
    }
    arenas.remove(arena);
  }

  /** Waits for launches and for what is under way by itself; throws where a lease is open. */
  private void awaitInternal(CoherentRange range, List<Claim<LeaseRequest>> open) {
    List<String> leasesOpen = open.stream().filter(claim -> !claim.isPreparing() && claim.owner().launch() == null)
        .map(claim -> claim.owner().describe()).toList();
    if (!leasesOpen.isEmpty()) {
      throw new IllegalStateException("Leases are open on the range: range=" + range + ", leases=" + leasesOpen + ". Close them first.");
    }
    for (Claim<LeaseRequest> claim : open) {
      InFlightLaunch launch = claim.owner().launch();
      if (launch != null) {
        launch.retire();
      } else {
        range.awaitDropOrPreparation(claim);
      }
    }
  }

  /** Leases that are open on a range, after what is under way by itself is over. */
  private List<Claim<LeaseRequest>> openLeases(CoherentRange range) {
    awaitInternal(range);
    // A copy that a lease has left which was being prepared.
    awaitInternal(range);
    return held(range);
  }

  private static void awaitInternal(CoherentRange range) {
    for (Claim<LeaseRequest> claim : held(range)) {
      range.awaitDropOrPreparation(claim);
      if (claim.owner().launch() != null) {
        claim.owner().launch().retire();
      }
    }
  }

  private static List<Claim<LeaseRequest>> held(CoherentRange range) {
    range.lock().lock();
    try {
      return range.claims().held(claim -> true);
    } finally {
      range.lock().unlock();
    }
  }

  private void freeWindows(CoherentRange range) {
    List<PlacedWindow> windows;
    Map<CoherentDevice, Reservation> reservations;
    range.lock().lock();
    try {
      windows = range.windows().all();
      windows.forEach(range.windows()::remove);
      reservations = range.windows().takeReservations();
    } finally {
      range.lock().unlock();
    }
    List<Runnable> steps = new ArrayList<>();
    windows.forEach(window -> steps.add(() -> window.device().discard(window)));
    reservations.forEach((device, reservation) -> steps.add(() -> device.freeNow(reservation.window())));
    Steps.runAll(steps);
  }

  @Override
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The memory is closed");
    }
  }

  @Override
  public List<CoherentDevice> coherentDevices() {
    return devices.all();
  }

  private Updates updates() {
    return transfers.updates();
  }

  @Override
  public UniformBlocks uniformBlocks() {
    return uniformBlocks;
  }

  @Override
  public int pageSizeBytes() {
    return host.pageSizeBytes();
  }

  @Override
  public Kernel kernel(CoherentDevice device, KernelSource source, String name) {
    return device.whileOpen(() -> new CoherentKernel(device, device.deviceNode().kernel(source, name), updates()));
  }

  @Override
  public DeviceLease acquire(CoherentDevice device, Slice slice, Access access, Duration timeout) {
    DeviceLease lease = CoherentDeviceLease.open(this, updates(), device, slice, access, timeout);
    deviceLeases.increment();
    return lease;
  }

  @Override
  public Fence prefetch(CoherentDevice device, Slice slice) {
    return transfers.prefetch(device, slice);
  }

  @Override
  public void adopt(CoherentDevice device, Slice slice, long handle) {
    Adoption.adopt(device, slice, handle);
  }

  @Override
  public void discard(CoherentRange range, Slice slice) {
    new Discard(range, slice).run();
  }

  @Override
  public String toString() {
    return "UnifiedMemory@" + Integer.toHexString(System.identityHashCode(this)) + devices;
  }
}

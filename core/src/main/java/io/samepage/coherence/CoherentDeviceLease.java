package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.LeaseBrokenException;
import io.samepage.Slice;
import io.samepage.coherence.lease.Claim;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A device lease of a user's: the handle of the window, kept where it is as long as the lease is open. */
final class CoherentDeviceLease implements DeviceLease {
  private final CoherentDevice device;
  private final LeaseRequest request;
  private final Access access;
  private final Slice slice;
  private final PlacedWindow window;
  /** Null where the host can't touch the slice, or nothing is written. */
  private final LeaseWatch watch;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private CoherentDeviceLease(CoherentDevice device, LeaseRequest request, Access access, Slice slice, PlacedWindow window,
      LeaseWatch watch) {
    this.device = device;
    this.request = request;
    this.access = access;
    this.slice = slice;
    this.window = window;
    this.watch = watch;
  }

  static DeviceLease open(CoherentMemory memory, CoherentDevice device, Slice slice, Access access, Duration timeout) {
    List<LeaseRequest.Use> uses = memory.uses(access, List.of(slice));
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.DEVICE_LEASE, device.node(), device.name(), Thread.currentThread(), uses);
    memory.watching().checkReaches(device, request);
    Acquisition.hold(request, device, memory.leases(), timeout);
    try {
      Arrivals arrivals = new Preparation(request, memory.coherentDevices()).bringToDevice(device);
      enqueueAndWait(device, request, arrivals);
      PlacedWindow window = memory.enterArrivals(request, arrivals, device, slice);
      CoherentRange range = memory.own(slice);
      LeaseWatch watch = LeaseWatch.begin(range, request.claim(range));
      memory.prepared(request);
      memory.countDeviceLease();
      return new CoherentDeviceLease(device, request, access, slice, window, watch);
    } catch (RuntimeException | Error e) {
      memory.leases().release(request);
      throw e;
    }
  }

  private static void enqueueAndWait(CoherentDevice device, LeaseRequest request, Arrivals arrivals) {
    NodeFence fence;
    device.submission().lock();
    try {
      // Where nothing arrives for this lease, what others enqueued for the same pages must still be complete; that it failed is theirs.
      fence = arrivals.isEmpty() ? device.deviceNode().fence() : arrivals.enqueue();
    } finally {
      device.submission().unlock();
    }
    if (arrivals.isEmpty()) {
      Fences.settle(fence);
    } else {
      fence.awaitUninterruptibly();
    }
    copiesOfOthers(request).awaitCopies();
  }

  private static Predecessors copiesOfOthers(LeaseRequest request) {
    request.lockRanges();
    try {
      return Predecessors.ofCopies(request);
    } finally {
      request.unlockRanges();
    }
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public long handle() {
    checkOpen();
    return window.window().handle();
  }

  @Override
  public long handleOffsetBytes() {
    checkOpen();
    return window.offsetOf(slice.offsetBytes());
  }

  @Override
  public List<Slice> slices() {
    return List.of(slice);
  }

  @Override
  public Access access() {
    return access;
  }

  @Override
  public boolean isOpen() {
    return open.get();
  }

  @Override
  public void close() {
    if (!open.compareAndSet(true, false)) {
      throw closed();
    }
    LeaseBrokenException broken = null;
    try {
      if (watch != null) {
        broken = watch.end(request);
        withdraw();
      }
    } finally {
      drop();
    }
    if (broken != null) {
      throw broken;
    }
  }

  /** Launches may use what is beside the slice as soon as the lease is closed. */
  private void withdraw() {
    boolean hasSent = false;
    for (var entry : request.claims().entrySet()) {
      hasSent |= entry.getKey().hostSide().withdraw(entry.getValue(), device);
    }
    if (hasSent) {
      device.submit(DeviceNode::noteForeignCopies).awaitUninterruptibly();
    }
  }

  private void drop() {
    request.lockRanges();
    try {
      request.claims().forEach(this::enterWrites);
      device.owner().leases().drop(request);
    } finally {
      request.unlockRanges();
    }
    device.owner().updates().after(request);
  }

  /** Where a kernel failed that wrote beside the lease in its first or last page, that page is lost. */
  private void enterWrites(CoherentRange range, Claim<LeaseRequest> claim) {
    claim.writtenPages().forEach((first, end) -> range.directory().wroteInPart(device.node(), first, end));
    claim.overwrittenPages().forEach((first, end) -> range.directory().wrote(device.node(), first, end));
  }

  private void checkOpen() {
    if (!open.get()) {
      throw closed();
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException("The lease is closed: lease=" + this);
  }

  @Override
  public String toString() {
    return request.describe();
  }
}

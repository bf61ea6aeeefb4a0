package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A host lease: segments over the manager view, alive as long as the lease. */
final class CoherentHostLease implements HostLease {
  private final CoherentMemory memory;
  private final LeaseRequest request;
  private final Access access;
  private final List<Slice> slices;
  private final Arena arena;
  private final List<MemorySegment> segments;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private CoherentHostLease(CoherentMemory memory, LeaseRequest request, Access access, List<Slice> slices, Arena arena) {
    this.memory = memory;
    this.request = request;
    this.access = access;
    this.slices = slices;
    this.arena = arena;
    segments = slices.stream().map(this::segmentOf).toList();
  }

  static HostLease open(CoherentMemory memory, Access access, List<Slice> slices, Duration timeout, boolean isShared) {
    List<Slice> copy = List.copyOf(slices);
    List<LeaseRequest.Use> uses = memory.uses(access, copy);
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.HOST_LEASE, Layout.HOST_NODE, "host",
        isShared ? null : Thread.currentThread(), uses);
    memory.leases().hold(request, timeout, () -> true);
    try {
      new Preparation(request, memory.coherentDevices()).bringToHost();
      Arena arena = isShared ? Arena.ofShared() : Arena.ofConfined();
      CoherentHostLease lease = new CoherentHostLease(memory, request, access, copy, arena);
      memory.prepared(request);
      memory.countHostLease();
      return lease;
    } catch (RuntimeException | Error e) {
      memory.leases().release(request);
      throw e;
    }
  }

  private MemorySegment segmentOf(Slice slice) {
    long address = memory.own(slice).address() + slice.offsetBytes();
    MemorySegment segment = MemorySegment.ofAddress(address).reinterpret(slice.sizeBytes(), arena, null);
    return access.writes() ? segment : segment.asReadOnly();
  }

  @Override
  public MemorySegment segment() {
    return segments().getFirst();
  }

  @Override
  public List<MemorySegment> segments() {
    checkOpen();
    return segments;
  }

  @Override
  public List<Slice> slices() {
    return slices;
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
    // Closing the arena may refuse, because of the thread or because a segment is in use: then nothing has changed.
    checkOpen();
    arena.close();
    if (!open.compareAndSet(true, false)) {
      throw closed();
    }
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) ->
          claim.writtenPages().forEach((first, end) -> range.directory().wrote(Layout.HOST_NODE, first, end)));
      memory.leases().drop(request);
    } finally {
      request.unlockRanges();
    }
    memory.updates().after(request);
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

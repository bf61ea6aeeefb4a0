package io.samepage.coherence;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** A host lease: segments over the manager view, alive as long as the lease. */
final class CoherentHostLease implements HostLease {
  private final CoherentMemory memory;
  private final Grant grant;
  /** The thread that it belongs to; null if any may use it. */
  private final Thread owner;
  /** Null if it belongs to a thread. */
  private final Bytes shared;
  /** Made by the owner when it first asks. */
  private Bytes confined;
  private volatile boolean closed;

  /** The segments, and their life. */
  private record Bytes(Arena life, List<MemorySegment> segments) {
    static Bytes of(CoherentMemory memory, Grant grant, Arena life) {
      MemorySegment[] segments = new MemorySegment[grant.slices().size()];
      CoherentRange range = null;
      MemorySegment whole = null;
      for (int i = 0; i < segments.length; i++) {
        Slice slice = grant.slices().get(i);
        if (slice.range() != range) {
          range = memory.own(slice);
          whole = whole(range, grant.access(), life);
        }
        segments[i] = whole.asSlice(slice.offsetBytes(), slice.sizeBytes());
      }
      return new Bytes(life, List.of(segments));
    }

    private static MemorySegment whole(CoherentRange range, Access access, Arena life) {
      MemorySegment segment = MemorySegment.ofAddress(range.address()).reinterpret(range.sizeBytes(), life, null);
      return access.writes() ? segment : segment.asReadOnly();
    }
  }

  private CoherentHostLease(CoherentMemory memory, Grant grant, Thread owner, Bytes shared) {
    this.memory = memory;
    this.grant = grant;
    this.owner = owner;
    this.shared = shared;
  }

  static HostLease open(CoherentMemory memory, Access access, List<Slice> slices, Duration timeout) {
    Grant repeated = slices.size() == 1 ? memory.repeat(Layout.HOST_NODE, slices.getFirst(), access, timeout) : null;
    Grant grant = repeated != null ? repeated : Requested.open(memory, access, slices, timeout, Thread.currentThread());
    memory.countHostLease();
    return new CoherentHostLease(memory, grant, Thread.currentThread(), null);
  }

  static HostLease openShared(CoherentMemory memory, Access access, List<Slice> slices, Duration timeout) {
    Requested grant = Requested.open(memory, access, slices, timeout, null);
    try {
      HostLease lease = new CoherentHostLease(memory, grant, null, Bytes.of(memory, grant, Arena.ofShared()));
      memory.countHostLease();
      return lease;
    } catch (RuntimeException | Error e) {
      memory.leases().release(grant.request);
      throw e;
    }
  }

  /** A lease that was asked for, with a request of its own. */
  private static final class Requested extends Grant {
    private final CoherentMemory memory;
    private final LeaseRequest request;

    private Requested(CoherentMemory memory, LeaseRequest request, Access access, List<Slice> slices) {
      super(access, slices, null);
      this.memory = memory;
      this.request = request;
    }

    static Requested open(CoherentMemory memory, Access access, List<Slice> slices, Duration timeout, Thread owner) {
      List<Slice> copy = List.copyOf(slices);
      List<LeaseRequest.Use> uses = Uses.of(memory, access, copy);
      LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.HOST_LEASE, Layout.HOST_NODE, "host", owner, uses);
      BehindLaunches behind = memory.leases().holdBehindLaunches(request, timeout, memory.coherentDevices());
      try {
        Preparation preparation = new Preparation(request, memory.coherentDevices());
        preparation.bringToHost(behind);
        memory.leases().prepared(request, preparation.foundAll(), null);
        return new Requested(memory, request, access, copy);
      } catch (RuntimeException | Error e) {
        memory.leases().release(request);
        throw e;
      }
    }

    @Override
    void end() {
      memory.leases().endOnHost(request);
      memory.updates().after(request);
    }

    @Override
    String describe() {
      return request.describe();
    }
  }

  @Override
  public MemorySegment segment() {
    return segments().getFirst();
  }

  @Override
  public List<MemorySegment> segments() {
    checkUsable();
    if (shared != null) {
      return shared.segments;
    }
    if (confined == null) {
      confined = Bytes.of(memory, grant, Arena.ofConfined());
    }
    return confined.segments;
  }

  @Override
  public List<Slice> slices() {
    return grant.slices();
  }

  @Override
  public Access access() {
    return grant.access();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    checkUsable();
    // Closing the arena may refuse, because a segment is in use: then nothing has changed. Of several threads that try, one can.
    Bytes bytes = shared != null ? shared : confined;
    if (bytes != null) {
      bytes.life.close();
    }
    closed = true;
    grant.end();
  }

  private void checkUsable() {
    if (closed) {
      throw grant.closed();
    }
    if (owner != null && owner != Thread.currentThread()) {
      throw new WrongThreadException("A confined lease is used and closed by the thread that opened it alone: lease=" + grant.describe()
          + ", caller=" + Thread.currentThread().getName());
    }
  }

  @Override
  public String toString() {
    return grant.describe();
  }
}

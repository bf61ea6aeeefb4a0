package io.samepage.coherence.access;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.Grant;
import io.samepage.coherence.state.HostRequests;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.sync.Deadline;
import io.samepage.coherence.transfer.BehindLaunches;
import io.samepage.coherence.transfer.Preparation;
import io.samepage.coherence.transfer.Updates;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;

/** A host lease: segments over the manager view, alive as long as the lease. */
public final class CoherentHostLease implements HostLease {
  private final MemoryContext memory;
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
    static Bytes of(MemoryContext memory, Access access, List<Slice> slices, Arena life) {
      MemorySegment[] segments = new MemorySegment[slices.size()];
      CoherentRange range = null;
      MemorySegment whole = null;
      for (int i = 0; i < segments.length; i++) {
        Slice slice = slices.get(i);
        if (slice.range() != range) {
          range = memory.own(slice);
          whole = whole(range, access, life);
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

  private CoherentHostLease(MemoryContext memory, Grant grant, Thread owner, Bytes shared) {
    this.memory = memory;
    this.grant = grant;
    this.owner = owner;
    this.shared = shared;
  }

  /**
   * Opens a lease of the calling thread's, waiting for what is in the way.
   *
   * @param memory the memory
   * @param updates what is told when it is closed
   * @param access what is done
   * @param slices with what
   * @param timeout how long to wait
   * @return the lease
   */
  public static HostLease open(MemoryContext memory, Updates updates, Access access, List<Slice> slices, Duration timeout) {
    Grant repeated = slices.size() == 1 ? memory.repeat(Layout.HOST_NODE, slices.getFirst(), access, timeout) : null;
    if (repeated != null) {
      return new CoherentHostLease(memory, repeated, Thread.currentThread(), null);
    }
    Requested grant = Requested.open(memory, updates, access, slices, timeout, Thread.currentThread());
    CoherentHostLease lease = new CoherentHostLease(memory, grant, Thread.currentThread(), null);
    lease.confined = grant.madeWhileWaiting;
    return lease;
  }

  /**
   * Opens a lease that any thread may use and close, waiting for what is in the way.
   *
   * @param memory the memory
   * @param updates what is told when it is closed
   * @param access what is done
   * @param slices with what
   * @param timeout how long to wait
   * @return the lease
   */
  public static HostLease openShared(MemoryContext memory, Updates updates, Access access, List<Slice> slices, Duration timeout) {
    Requested grant = Requested.open(memory, updates, access, slices, timeout, null);
    try {
      return new CoherentHostLease(memory, grant, null, Bytes.of(memory, access, grant.slices(), Arena.ofShared()));
    } catch (RuntimeException | Error e) {
      memory.leases().giveUp(grant.request);
      throw e;
    }
  }

  /** A lease that was asked for, with a request of its own. */
  private static final class Requested extends Grant {
    private final MemoryContext memory;
    private final Updates updates;
    private final LeaseRequest request;
    /** Null where there was no wait, or the lease belongs to no thread. */
    private final Bytes madeWhileWaiting;

    private Requested(MemoryContext memory, Updates updates, HostRequests.Asked asked, Bytes bytes) {
      super(asked.access(), asked.slices(), null);
      this.memory = memory;
      this.updates = updates;
      request = asked.request();
      madeWhileWaiting = bytes;
    }

    static Requested open(MemoryContext memory, Updates updates, Access access, List<Slice> slices, Duration timeout, Thread owner) {
      HostRequests.Asked asked = memory.hostRequests().of(access, slices, owner);
      LeaseRequest request = asked.request();
      Deadline deadline = Deadline.after(timeout);
      if (timeout.isPositive() && request.meetsNewLaunches()) {
        // On the host's own processors a kernel begins once it is let. What follows is done while it runs, which is waited for anyhow.
        Thread.yield();
        // Those that have ended are in nobody's way then.
        memory.retireDone();
      }
      List<InFlightLaunch> launches = memory.leases().holdBehindLaunches(request, timeout, deadline, memory.coherentDevices());
      try {
        boolean isWaiting = !launches.isEmpty() && owner != null;
        Bytes bytes = isWaiting ? Bytes.of(memory, access, asked.slices(), Arena.ofConfined()) : null;
        Preparation preparation = new Preparation(request, memory.coherentDevices());
        preparation.bringToHost(new BehindLaunches(memory.leases(), request, launches, deadline, timeout));
        memory.leases().prepared(request, preparation.foundAll(), null);
        return new Requested(memory, updates, asked, bytes);
      } catch (RuntimeException | Error e) {
        memory.leases().release(request);
        throw e;
      }
    }

    @Override
    public void end() {
      memory.leases().endOnHost(request);
      updates.after(request);
    }

    @Override
    public String describe() {
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
      confined = Bytes.of(memory, grant.access(), grant.slices(), Arena.ofConfined());
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

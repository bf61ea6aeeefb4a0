package io.samepage.coherence.access;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.LeaseBrokenException;
import io.samepage.Slice;
import io.samepage.coherence.hostside.LeaseWatch;
import io.samepage.coherence.hostside.Watching;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.placement.Acquisition;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.Grant;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import io.samepage.coherence.state.Loss;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.Predecessors;
import io.samepage.coherence.state.RangeWindows;
import io.samepage.coherence.state.ResidentRead;
import io.samepage.coherence.state.Uses;
import io.samepage.coherence.sync.Fences;
import io.samepage.coherence.transfer.Preparation;
import io.samepage.coherence.transfer.Updates;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeFence;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** A device lease of a user's: the handle of the window, kept where it is as long as the lease is open. */
public final class CoherentDeviceLease implements DeviceLease {
  private final Grant grant;
  private final Updates updates;
  /** Set by one thread alone, under the lease's monitor: the compiler does without that where it does without the lease. */
  private volatile boolean closed;
  /** Whether a fence closes it. Guarded by the lease's monitor. */
  private boolean isLeft;

  private CoherentDeviceLease(Grant grant, Updates updates) {
    this.grant = grant;
    this.updates = updates;
  }

  /**
   * Opens a lease of the calling thread's, waiting for what is in the way and for what is copied.
   *
   * @param memory the memory
   * @param updates what is told when it is closed
   * @param device on which device
   * @param slice of what
   * @param access what is done with it
   * @param timeout how long to wait
   * @return the lease
   */
  public static DeviceLease open(MemoryContext memory, Updates updates, CoherentDevice device, Slice slice, Access access,
      Duration timeout) {
    Grant repeated = memory.repeat(device.node(), slice, access, timeout);
    Grant grant = repeated != null ? repeated : Requested.open(memory, updates, device, slice, access, timeout);
    return new CoherentDeviceLease(grant, updates);
  }

  /** A lease that was asked for, with a request of its own. */
  private static final class Requested extends Grant {
    private final Updates updates;
    private final LeaseRequest request;
    /** Null where the host can't touch the slice, or nothing is written. */
    private final LeaseWatch watch;

    private Requested(Updates updates, LeaseRequest request, Access access, Slice slice, PlacedWindow window, LeaseWatch watch) {
      super(access, List.of(slice), window);
      this.updates = updates;
      this.request = request;
      this.watch = watch;
    }

    static Requested open(MemoryContext memory, Updates updates, CoherentDevice device, Slice slice, Access access, Duration timeout) {
      List<LeaseRequest.Use> uses = Uses.of(memory, access, List.of(slice));
      LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.DEVICE_LEASE, device.node(), device.name(), Thread.currentThread(), uses);
      Watching.checkReaches(device, request);
      Acquisition.hold(request, device, memory.leases(), timeout);
      try {
        Preparation preparation = new Preparation(request, memory.coherentDevices());
        Arrivals arrivals = preparation.bringToDevice(device);
        enqueueAndWait(device, request, arrivals);
        CoherentRange range = memory.own(slice);
        PlacedWindow window = enter(request, arrivals, range.windows(), device, slice);
        LeaseWatch watch = LeaseWatch.begin(range, request.claim(range));
        memory.leases().prepared(request, preparation.foundAll(), window);
        return new Requested(updates, request, access, slice, window, watch);
      } catch (RuntimeException | Error e) {
        memory.leases().giveUp(request);
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

    /**
     * Enters what has arrived, and answers the window of the slice.
     *
     * @throws DeviceException if what the lease found on the device turned out not to have arrived
     */
    private static PlacedWindow enter(LeaseRequest request, Arrivals arrivals, RangeWindows windows, CoherentDevice device, Slice slice) {
      request.lockRanges();
      try {
        arrivals.enter();
        if (!request.holdsWhatItNeeds()) {
          throw new DeviceException("Pages were lost when a launch before the lease failed: asked=" + request);
        }
        return windows.containing(device, slice.offsetBytes(), slice.endBytes());
      } finally {
        request.unlockRanges();
      }
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
    public void end() {
      CoherentDevice device = window().device();
      LeaseBrokenException broken = null;
      try {
        if (watch != null) {
          broken = watch.end(request);
          if (!device.usesHostPages()) {
            withdraw(device);
          }
        }
      } finally {
        drop(device);
      }
      if (broken != null) {
        throw broken;
      }
    }

    /** The work has failed: what it was to write is lost, whatever of it was written. Nobody else has those pages until the end. */
    void fail() {
      try {
        if (watch != null && !window().device().isRelaxed()) {
          withdraw(window().device());
        }
        request.lockRanges();
        try {
          request.claims().forEach(this::enterWrites);
          Loss.ofResults(request).enter(request.node());
        } finally {
          request.unlockRanges();
        }
        request.claims().forEach((range, claim) -> range.hostSide().lost(claim));
      } finally {
        window().device().owner().leases().release(request);
      }
    }

    /** Launches may use what is beside the slice as soon as the lease is closed. */
    private void withdraw(CoherentDevice device) {
      boolean hasSent = false;
      for (var entry : request.claims().entrySet()) {
        hasSent |= entry.getKey().hostSide().withdraw(entry.getValue(), device);
      }
      if (hasSent) {
        device.submit(DeviceNode::noteForeignCopies).awaitUninterruptibly();
      }
    }

    private void drop(CoherentDevice device) {
      request.lockRanges();
      try {
        request.claims().forEach(this::enterWrites);
        device.owner().leases().drop(request);
      } finally {
        request.unlockRanges();
      }
      updates.after(request);
    }

    /** Where a kernel failed that wrote beside the lease in its first or last page, that page is lost. */
    private void enterWrites(CoherentRange range, Claim<LeaseRequest> claim) {
      int node = request.node();
      claim.writtenPages().forEach((first, end) -> range.directory().wroteInPart(node, first, end));
      claim.overwrittenPages().forEach((first, end) -> range.directory().wrote(node, first, end));
    }

    @Override
    public String describe() {
      return request.describe();
    }
  }

  @Override
  public Device device() {
    return grant.window().device();
  }

  @Override
  public long handle() {
    checkOpen();
    return grant.window().window().handle();
  }

  @Override
  public long handleOffsetBytes() {
    checkOpen();
    return grant.window().offsetOf(grant.slices().getFirst().offsetBytes());
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
    synchronized (this) {
      checkNotLeft();
      closed = true;
    }
    grant.end();
  }

  @Override
  public CompletableFuture<Void> closeWhen(Fence fence) {
    Objects.requireNonNull(fence, "fence");
    synchronized (this) {
      checkNotLeft();
      isLeft = true;
    }
    Leases leases = grant.window().device().owner().leases();
    Requested its = withoutThread(leases);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    leases.whenPassed(fence).whenComplete((passed, failure) -> end(its, failure, ended));
    return ended;
  }

  /** What stands behind the lease, as nobody's: the thread that opened it may wait for it. A repeated read gets a request of its own. */
  private Requested withoutThread(Leases leases) {
    Requested its = grant instanceof ResidentRead read
        ? new Requested(updates, read.takeOut(), access(), slices().getFirst(), read.window(), null) : (Requested) grant;
    leases.leaveThread(its.request);
    return its;
  }

  private void end(Requested its, Throwable failure, CompletableFuture<Void> ended) {
    closed = true;
    Throwable thrown = failure;
    try {
      if (failure == null) {
        its.end();
      } else {
        its.fail();
      }
    } catch (RuntimeException | Error e) {
      thrown = failure == null ? e : failure;
    }
    if (thrown == null) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(thrown);
    }
  }

  private void checkNotLeft() {
    checkOpen();
    if (isLeft) {
      throw grant.left();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw grant.closed();
    }
  }

  @Override
  public String toString() {
    return grant.describe();
  }
}

package io.samepage.coherence.transfer;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Fence;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.hostside.Watching;
import io.samepage.coherence.placement.Acquisition;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.Uses;
import io.samepage.coherence.sync.PassedFence;
import io.samepage.node.PeerRun;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Prefetching, filling and copying. What a device does goes into one of its queues as a launch, and all that holds of launches holds of it;
 * what the host does is done under a lease that nobody else sees.
 */
public final class Transfers {
  /** The host works in pieces: between two its thread can be stopped for a garbage collection. */
  private static final long PIECE_BYTES = 4 << 20;

  private final MemoryContext memory;
  private final Updates updates;

  /**
   * The transfers of a memory.
   *
   * @param memory the memory
   */
  public Transfers(MemoryContext memory) {
    this.memory = memory;
    updates = new Updates(memory, this);
  }

  /**
   * What is brought where it is said to be accessed, behind what writes it.
   *
   * @return the updates
   */
  public Updates updates() {
    return updates;
  }

  /**
   * Brings pages to a device.
   *
   * @param device the device
   * @param slice the pages
   * @return when they are there
   */
  public Fence prefetch(CoherentDevice device, Slice slice) {
    LeaseRequest request = request(device, Uses.of(memory, Access.READ, List.of(slice)));
    Watching.checkReaches(device, request);
    Acquisition.hold(request, device, memory.leases(), memory.leaseTimeout());
    return bring(device, request, "prefetch");
  }

  /**
   * Brings pages to the host, and maps them where it touches them.
   *
   * @param slice the pages
   * @return when they are there
   */
  public Fence prefetchToHost(Slice slice) {
    return onHost(Uses.of(memory, Access.READ, List.of(slice)), request ->
        request.claims().forEach((range, claim) -> range.hostSide().map(claim)));
  }

  /**
   * Fills a slice, where most of it is or should be.
   *
   * @param slice the slice
   * @param value with what
   * @return when it is filled
   */
  public Fence fill(Slice slice, byte value) {
    List<LeaseRequest.Use> uses = Uses.of(memory, Access.WRITE, List.of(slice));
    CoherentDevice device = place(slice, slice, uses);
    LeaseRequest request = device == null ? null : held(device, uses);
    if (request == null) {
      return onHost(uses, held -> fillOnHost(slice, value));
    }
    PlacedWindow window = window(device, slice);
    return enqueue(device, request, arrivals -> Submission.of(device, "fill", request, arrivals, (queue, after) ->
        queue.fill(window.window(), window.offsetOf(slice.offsetBytes()), slice.sizeBytes(), value, after)));
  }

  /**
   * Copies a slice, where most of it is or where the target should be.
   *
   * @param source what is copied
   * @param target where to, of the same size
   * @return when it is copied
   */
  public Fence copy(Slice source, Slice target) {
    List<LeaseRequest.Use> uses = new ArrayList<>(Uses.of(memory, Access.READ, List.of(source)));
    uses.addAll(Uses.of(memory, Access.WRITE, List.of(target)));
    checkCopy(source, target);
    CoherentDevice device = place(source, target, uses);
    LeaseRequest request = device == null ? null : held(device, uses);
    if (request == null) {
      return onHost(uses, held -> copyOnHost(source, target));
    }
    PlacedWindow from = window(device, source);
    PlacedWindow to = window(device, target);
    PeerRun run = new PeerRun(from.window(), from.offsetOf(source.offsetBytes()), to.window(), to.offsetOf(target.offsetBytes()),
        source.sizeBytes());
    return enqueue(device, request, arrivals -> Submission.of(device, "copy", request, arrivals, (queue, after) -> queue.copy(run, after)));
  }

  private static void checkCopy(Slice source, Slice target) {
    if (source.sizeBytes() != target.sizeBytes()) {
      throw new IllegalArgumentException("A copy is as large as what is copied: source=" + source + ", sizeBytes=" + source.sizeBytes()
          + ", target=" + target + ", sizeBytes=" + target.sizeBytes() + ". Take parts of the same size.");
    }
    if (Uses.overlap(source, target)) {
      throw new IllegalArgumentException("Source and target of a copy share bytes: source=" + source + ", target=" + target
          + ". Copy by way of another range, or by MemorySegment.copyFrom under a host lease.");
    }
  }

  /** Where to fill or copy: where the target should be, if that was said and can be, else where the source is. Null for the host. */
  private CoherentDevice place(Slice source, Slice target, List<LeaseRequest.Use> uses) {
    if (memory.isAdvised()) {
      for (Advice advice : target.advice()) {
        CoherentDevice device = (CoherentDevice) advice.device().orElse(null);
        if (advice.kind() == Advice.Kind.PREFERRED_LOCATION && (device == null || reaches(device, uses))) {
          return device;
        }
      }
    }
    return holder(source, uses);
  }

  private static boolean reaches(CoherentDevice device, List<LeaseRequest.Use> uses) {
    return uses.stream().allMatch(use -> use.range().isReachedBy(device))
        && (device.faultSource().isPresent() || uses.stream().noneMatch(use -> use.range().hostSide().isWatched()));
  }

  /**
   * The device that holds more pages of a slice than the host and than the devices before it do, and has all of it in one window, or can
   * have; null if there is none, or it can't reach what else is used. A look that may be outdated at once: the claims see to the rest.
   */
  private CoherentDevice holder(Slice slice, List<LeaseRequest.Use> uses) {
    CoherentRange range = memory.own(slice);
    long first = slice.offsetBytes() / range.pageSizeBytes();
    long end = Math.ceilDiv(slice.endBytes(), (long) range.pageSizeBytes());
    CoherentDevice holder = null;
    range.lock().lock();
    try {
      range.checkOpen();
      range.hostSide().refresh(first, end);
      long most = range.directory().heldBy(Layout.HOST_NODE, first, end).pages();
      for (CoherentDevice device : memory.coherentDevices()) {
        long pages = range.directory().heldBy(device.node(), first, end).pages();
        // Where address space is reserved, what it lacks needs no other window.
        boolean isPlaced = range.windows().containing(device, slice.offsetBytes(), slice.endBytes()) != null
            || range.windows().reservation(device) != null;
        if (pages > most && isPlaced && reaches(device, uses)) {
          most = pages;
          holder = device;
        }
      }
    } finally {
      range.lock().unlock();
    }
    return holder;
  }

  private static LeaseRequest request(CoherentDevice device, List<LeaseRequest.Use> uses) {
    device.launches().retireDone();
    device.launches().awaitRoom();
    return new LeaseRequest(LeaseRequest.Kind.LAUNCH, device.node(), device.name(), null, uses);
  }

  /** A request that is held on a device, with its windows; null if there is no place for them, so that the host must do it. */
  private LeaseRequest held(CoherentDevice device, List<LeaseRequest.Use> uses) {
    LeaseRequest request = request(device, uses);
    try {
      Acquisition.hold(request, device, memory.leases(), memory.leaseTimeout());
      return request;
    } catch (LeaseTimeoutException e) {
      throw e;
    } catch (OutOfDeviceMemoryException | LeaseConflictException e) {
      // A lease of this thread may keep a window small; where it is really in the way, the host will say so.
      return null;
    }
  }

  private PlacedWindow window(CoherentDevice device, Slice slice) {
    CoherentRange range = memory.own(slice);
    range.lock().lock();
    try {
      return range.windows().containing(device, slice.offsetBytes(), slice.endBytes());
    } finally {
      range.lock().unlock();
    }
  }

  /** Brings what a held request needs. */
  Fence bring(CoherentDevice device, LeaseRequest request, String name) {
    return enqueue(device, request, arrivals -> arrivals.isEmpty() ? null : Submission.uploads(device, name, request, arrivals));
  }

  /** Brings what a held request needs, and enqueues what is to be done with it; null if that is nothing. */
  private Fence enqueue(CoherentDevice device, LeaseRequest request, Function<Arrivals, InFlightLaunch> work) {
    InFlightLaunch launch;
    try {
      Arrivals arrivals = new Preparation(request, memory.coherentDevices()).bringToDevice(device);
      launch = device.whileOpen(() -> work.apply(arrivals));
    } catch (RuntimeException | Error e) {
      memory.leases().giveUp(request);
      throw e;
    }
    if (launch == null) {
      memory.leases().release(request);
      return PassedFence.INSTANCE;
    }
    updates.after(request, launch);
    return launch;
  }

  private Fence onHost(List<LeaseRequest.Use> uses, Consumer<LeaseRequest> work) {
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.HOST_LEASE, Layout.HOST_NODE, "host", Thread.currentThread(), uses);
    memory.leases().hold(request, memory.leaseTimeout(), () -> true);
    boolean isBrought = false;
    try {
      new Preparation(request, memory.coherentDevices()).bringToHost();
      isBrought = true;
      work.accept(request);
    } catch (RuntimeException | Error e) {
      if (isBrought) {
        memory.leases().giveUp(request);
      } else {
        memory.leases().release(request);
      }
      throw e;
    }
    memory.leases().endOnHost(request);
    updates.after(request);
    return PassedFence.INSTANCE;
  }

  private void fillOnHost(Slice slice, byte value) {
    MemorySegment segment = onHost(slice);
    for (long at = 0; at < slice.sizeBytes(); at += PIECE_BYTES) {
      segment.asSlice(at, Math.min(PIECE_BYTES, slice.sizeBytes() - at)).fill(value);
    }
  }

  private void copyOnHost(Slice source, Slice target) {
    MemorySegment from = onHost(source);
    MemorySegment to = onHost(target);
    for (long at = 0; at < source.sizeBytes(); at += PIECE_BYTES) {
      MemorySegment.copy(from, at, to, at, Math.min(PIECE_BYTES, source.sizeBytes() - at));
    }
  }

  /** The bytes in the manager view, good as long as they are claimed. */
  private MemorySegment onHost(Slice slice) {
    return MemorySegment.ofAddress(memory.own(slice).address() + slice.offsetBytes()).reinterpret(slice.sizeBytes());
  }
}

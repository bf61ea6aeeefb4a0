package io.samepage.coherence.access;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.hostside.Watching;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.Uses;
import io.samepage.node.DeviceNode;
import io.samepage.node.Window;
import java.util.List;

/**
 * Makes memory that the program allocated itself the window of a slice. For all others it is a lease of the device that overwrites the
 * slice, and is over at once.
 */
public final class Adoption {
  private final CoherentDevice device;
  private final Slice slice;
  private final CoherentRange range;
  private final LeaseRequest request;

  private Adoption(CoherentDevice device, Slice slice) {
    this.device = device;
    this.slice = slice;
    List<LeaseRequest.Use> uses = Uses.of(device.owner(), Access.WRITE, List.of(slice));
    range = device.owner().own(slice);
    request = new LeaseRequest(LeaseRequest.Kind.DEVICE_LEASE, device.node(), device.name(), Thread.currentThread(), uses);
  }

  /**
   * Makes memory the window of a slice.
   *
   * @param device whose memory it is
   * @param slice whole pages, which have no window on the device yet
   * @param handle the memory
   */
  public static void adopt(CoherentDevice device, Slice slice, long handle) {
    new Adoption(device, slice).run(handle);
  }

  private void run(long handle) {
    Watching.checkReaches(device, request);
    checkHasOwnPages();
    PageRuns pages = wholePages();
    Leases leases = device.owner().leases();
    leases.hold(request, leases.patience(), () -> true);
    try {
      place(pages.bounds(), handle);
      withdraw();
      enter();
    } finally {
      leases.release(request);
    }
  }

  private void checkHasOwnPages() {
    if (range.isSharedWith(device)) {
      throw new UnsupportedOperationException("The device uses the host's pages of this range, so there is nothing that memory could be "
          + "adopted for: range=" + range + ", device=" + device + ", memoryKind=" + device.memoryKind()
          + ". Open the memory with the kind DISCRETE for this device.");
    }
  }

  /** The slice's pages, which it must cover all, in the units that windows are made of. */
  private PageRuns wholePages() {
    Claim<LeaseRequest> claim = request.claim(range);
    PageRuns inUnits = range.hostSide().inWindowUnits(claim.pages());
    if (claim.overwrittenPages().pages() != inUnits.pages()) {
      throw new IllegalArgumentException("Memory is adopted for whole pages, in arenas for whole units of 64 KiB: offsetBytes="
          + slice.offsetBytes() + ", sizeBytes=" + slice.sizeBytes() + ", range=" + range + ", pageSizeBytes=" + range.pageSizeBytes()
          + ". Begin the slice at a multiple of that; end it at one, or with its range.");
    }
    return inUnits;
  }

  private void place(long[] bounds, long handle) {
    long firstByte = bounds[0] * range.pageSizeBytes();
    long endByte = bounds[1] * range.pageSizeBytes();
    device.placement().lock();
    try {
      checkFree(firstByte, endByte);
      PlacedWindow placed = adopted(firstByte, endByte, handle);
      range.hostSide().placed(placed);
      underLock(() -> range.windows().add(placed));
      device.books().add(placed);
    } finally {
      device.placement().unlock();
    }
  }

  private PlacedWindow adopted(long firstByte, long endByte, long handle) {
    Window window = device.deviceNode().adopt(handle, endByte - firstByte);
    try {
      return PlacedWindow.of(device, range, firstByte, endByte, window);
    } catch (RuntimeException | Error e) {
      device.freeNow(window);
      throw e;
    }
  }

  private void checkFree(long firstByte, long endByte) {
    underLock(() -> {
      List<PlacedWindow> there = range.windows().overlapping(device, firstByte, endByte);
      if (!there.isEmpty()) {
        throw new IllegalStateException("The device has memory for some of the slice already: slice=" + slice + ", device=" + device
            + ", windows=" + there + ". Adopt memory before the range is first used on the device.");
      }
    });
  }

  private void withdraw() {
    if (range.hostSide().withdraw(request.claim(range), device)) {
      device.submit(DeviceNode::noteForeignCopies).awaitUninterruptibly();
    }
  }

  private void enter() {
    underLock(() -> request.claim(range).writtenPages().forEach((first, end) -> range.directory().wrote(device.node(), first, end)));
  }

  private void underLock(Runnable action) {
    range.lock().lock();
    try {
      action.run();
    } finally {
      range.lock().unlock();
    }
  }
}

package io.samepage.coherence.placement;

import io.samepage.DeviceException;
import io.samepage.LeaseConflictException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.coherence.placement.Eviction.Attempt;
import io.samepage.coherence.placement.Eviction.Obstacle;
import io.samepage.coherence.placement.WindowNeeds.Need;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.DeviceBooks;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The windows of one device: made where a claim needs one, merged where slices grow together, evicted where room is needed. The room
 * for all of a request's windows is charged at once, or not at all.
 */
public final class DeviceMemory {
  private static final int HOLDERS_NAMED = 8;

  private final CoherentDevice device;
  private final DeviceBooks books;
  /** What the driver said when it had no more and nobody gave way, though there was room by the budget; else null. */
  private DeviceException shortage;

  /**
   * The windows of a device; what is known of them lies with the device.
   *
   * @param device the device
   */
  public DeviceMemory(CoherentDevice device) {
    this.device = device;
    books = device.books();
  }

  /**
   * Makes the windows that a held request still needs. Called with the placement lock.
   *
   * @param request a request that is held
   * @return false if somebody is on his way to what would have to go, so the request should let go and come again
   * @throws OutOfDeviceMemoryException if there is no room for all of them
   */
  public boolean place(LeaseRequest request) {
    assert device.placement().isHeldByCurrentThread();
    AddressSpaces spaces = new AddressSpaces(device);
    spaces.reserve(request);
    return spaces.giveUpWhereTooMuch(request) && placeWindows(request);
  }

  private boolean placeWindows(LeaseRequest request) {
    List<Need> merged = WindowNeeds.merged(request, device);
    List<PlacedWindow> replaced = merged.stream().flatMap(need -> need.replaced().stream()).toList();
    Room[] room = {Room.CONTENDED};
    withClaimed(replaced, request, () -> room[0] = makeOrEvict(request, merged, replaced));
    // Bare windows are where no other is any more: not where the old ones are still there.
    boolean done = room[0] == Room.MADE || room[0] == Room.NONE && placeBare(request);
    assert books.windows().size() > 1000 || books.balances() : device.name() + ": bytes charged are not bytes held";
    return done;
  }

  /**
   * The leases that use windows which a request needs larger.
   *
   * @param request the request
   * @return what messages call them
   */
  public List<String> keepers(LeaseRequest request) {
    return WindowNeeds.merged(request, device).stream().flatMap(need -> need.replaced().stream())
        .flatMap(window -> Eviction.leases(window).stream()).map(LeaseRequest::describe).distinct().toList();
  }

  /**
   * Makes the merged windows if there is room for old and new at a time; else what the old ones hold goes by way of the host, and there
   * is none of them any more. By the budget there may be room that the driver hasn't got.
   */
  private Room makeOrEvict(LeaseRequest request, List<Need> merged, List<PlacedWindow> replaced) {
    if (fits(merged) && books.tryCharge(WindowNeeds.totalBytes(merged))) {
      Room room = make(merged, request);
      if (room != Room.NONE) {
        return room;
      }
    }
    checkWorkingSet(request);
    replaced.stream().filter(DeviceMemory::isThere).forEach(Eviction::evict);
    return Room.NONE;
  }

  /** Makes windows as small as can be, evicting others, and in the end those of the request itself that hold more than it needs. */
  private boolean placeBare(LeaseRequest request) {
    Room room = makeEvicting(request);
    if (room == Room.NONE) {
      List<PlacedWindow> oversized = WindowNeeds.oversized(request, device).stream()
          .filter(window -> !window.isShared() && !window.isAdopted() && !isLeasedElsewhere(window)).toList();
      boolean claimed = withClaimed(oversized, request, () -> oversized.forEach(Eviction::evict));
      room = claimed ? makeEvicting(request) : Room.CONTENDED;
    }
    if (room == Room.NONE) {
      OutOfDeviceMemoryException refusal = outOfMemory(WindowNeeds.totalBytes(WindowNeeds.bare(request, device)), request);
      if (shortage != null) {
        refusal.initCause(shortage);
        throw refusal;
      }
      if (!hasBecomeFree(refusal)) {
        throw refusal;
      }
    }
    return room == Room.MADE;
  }

  /** Whether enough of those who kept the memory have gone since: then the request comes again. */
  private static boolean hasBecomeFree(OutOfDeviceMemoryException refusal) {
    return refusal.neededBytes() <= refusal.freeBytes();
  }

  private static boolean isLeasedElsewhere(PlacedWindow window) {
    return Eviction.leases(window).stream().anyMatch(lease -> lease.thread() != Thread.currentThread());
  }

  private static boolean isThere(PlacedWindow window) {
    window.range().lock().lock();
    try {
      return window.range().windows().all().contains(window);
    } finally {
      window.range().lock().unlock();
    }
  }

  private Room makeEvicting(LeaseRequest request) {
    shortage = null;
    List<Need> needs = WindowNeeds.bare(request, device);
    RoomMaking making = new RoomMaking(device, request);
    Room room = Room.MADE;
    while (room == Room.MADE && !books.tryCharge(WindowNeeds.totalBytes(needs))) {
      room = making.step();
    }
    return room == Room.MADE ? make(needs, request) : room;
  }

  private boolean fits(List<Need> needs) {
    return needs.stream().allMatch(need -> need.sizeBytes() <= device.maxWindowBytes());
  }

  /** Refuses what could never be placed, before anything is evicted for it. */
  private void checkWorkingSet(LeaseRequest request) {
    List<Need> needs = WindowNeeds.bare(request, device);
    if (WindowNeeds.workingSetBytes(request, device) > books.budgetBytes() || !fits(needs)) {
      throw outOfMemory(WindowNeeds.totalBytes(needs), request);
    }
  }

  /** Does something with windows that nobody else starts on meanwhile; false, and nothing, if somebody has one or is on his way to it. */
  private boolean withClaimed(List<PlacedWindow> windows, LeaseRequest request, Runnable action) {
    List<LeaseRequest> claimed = new ArrayList<>();
    try {
      for (PlacedWindow window : windows) {
        LeaseRequest claim = claim(window, request);
        if (claim == null) {
          return false;
        }
        claimed.add(claim);
      }
      action.run();
      return true;
    } finally {
      for (int i = 0; i < claimed.size(); i++) {
        Eviction.unclaim(windows.get(i), claimed.get(i));
      }
    }
  }

  private LeaseRequest claim(PlacedWindow window, LeaseRequest request) {
    Predicate<LeaseRequest> own = other -> other == request || request.isJoinedBy(other);
    Attempt attempt = Eviction.tryClaim(window, own);
    while (attempt.obstacle() == Obstacle.LAUNCHED) {
      attempt.launch().retire();
      attempt = Eviction.tryClaim(window, own);
    }
    if (attempt.holder() != null && attempt.holder().thread() == Thread.currentThread()) {
      throw new LeaseConflictException("Another window is needed than the one that this thread's lease uses: asked=" + request
          + ". Close the lease, or open it on a slice that spans both.", List.of(attempt.holder().describe()));
    }
    return attempt.claimed();
  }

  /** Makes windows out of what is charged for all of them; or some of them, if the driver has no room for all. */
  private Room make(List<Need> needs, LeaseRequest request) {
    long left = WindowNeeds.totalBytes(needs);
    try {
      for (Need need : needs) {
        // One that came before may have got a window of the whole range.
        if (!isPlaced(need)) {
          if (!make(need, request)) {
            return shortage == null ? Room.CONTENDED : Room.NONE;
          }
          left -= need.chargedBytes();
        }
      }
      return Room.MADE;
    } finally {
      books.refund(left);
    }
  }

  private boolean isPlaced(Need need) {
    need.range().lock().lock();
    try {
      return need.range().windows().offered(device, need.firstByte(), need.endByte()) != null;
    } finally {
      need.range().lock().unlock();
    }
  }

  /** Makes one window out of what is charged for it, or a larger one; false if the driver has no room for it. */
  private boolean make(Need need, LeaseRequest request) {
    PlacedWindow placed = need.sparse() != null ? piece(need, request) : wholeRange(need);
    if (placed == null && need.sparse() == null) {
      placed = filled(need, request);
    }
    if (placed == null) {
      return false;
    }
    // Before anybody can find it and launch there: what is written is fetched from where the fault handler knows it to be.
    need.range().hostSide().placed(placed);
    need.range().lock().lock();
    try {
      need.replaced().forEach(need.range().windows()::remove);
      need.range().windows().add(placed);
    } finally {
      need.range().lock().unlock();
    }
    if (!placed.isShared()) {
      books.add(placed);
    }
    need.replaced().forEach(device::discard);
    return true;
  }

  /** A window of the whole range, if that is more, it has none yet and there is room; charges what that takes more. Else null. */
  private PlacedWindow wholeRange(Need need) {
    long page = need.range().pageSizeBytes();
    long wholeBytes = Math.ceilDiv(need.range().sizeBytes(), page) * page;
    long chargedBytes = need.isShared() ? 0 : wholeBytes - need.sizeBytes();
    if (wholeBytes == need.sizeBytes() || !hasNoWindow(need.range()) || wholeBytes > device.maxWindowBytes()
        || !books.tryCharge(chargedBytes)) {
      return null;
    }
    try {
      return PlacedWindow.of(device, need.range(), 0, wholeBytes,
          need.isShared() ? device.wrapNow(need.range(), 0, wholeBytes) : device.allocateNow(wholeBytes));
    } catch (DeviceException e) {
      // The driver has less than the budget says; nobody is evicted for more than is needed.
      books.refund(chargedBytes);
      return null;
    }
  }

  /** A piece of address space, with memory out of what is charged for it; null if the driver has no room for it. */
  private PlacedWindow piece(Need need, LeaseRequest request) {
    Window backed = withRoom(request, () -> {
      device.deviceNode().back(need.sparse(), need.firstByte(), need.chargedBytes());
      return need.sparse();
    });
    if (backed == null) {
      return null;
    }
    try {
      return PlacedWindow.of(device, need.range(), need.firstByte(), need.endByte(), need.sparse());
    } catch (RuntimeException | Error e) {
      device.deviceNode().unback(need.sparse(), need.firstByte(), need.chargedBytes());
      throw e;
    }
  }

  /** A window with what those hold that it replaces; null if the driver has no room for it. */
  private PlacedWindow filled(Need need, LeaseRequest request) {
    if (need.isShared()) {
      return PlacedWindow.of(device, need.range(), need.firstByte(), need.endByte(),
          device.wrapNow(need.range(), need.firstByte(), need.sizeBytes()));
    }
    Window window = withRoom(request, () -> device.allocateNow(need.sizeBytes()));
    if (window == null) {
      return null;
    }
    PlacedWindow placed = PlacedWindow.of(device, need.range(), need.firstByte(), need.endByte(), window);
    try {
      copyReplaced(placed, need.replaced());
      return placed;
    } catch (RuntimeException e) {
      placed.forget();
      device.freeNow(window);
      throw e;
    }
  }

  private boolean hasNoWindow(CoherentRange range) {
    range.lock().lock();
    try {
      return range.windows().isEmpty(device);
    } finally {
      range.lock().unlock();
    }
  }

  /**
   * Device memory of a size that was charged; where the driver has less than the budget says, others are evicted for it. Null, and why it
   * has no more is known, if nobody gives way; null if somebody is on his way to what would have to go.
   */
  private Window withRoom(LeaseRequest request, Supplier<Window> allocation) {
    RoomMaking making = new RoomMaking(device, request);
    while (true) {
      try {
        return allocation.get();
      } catch (DeviceException e) {
        if (device.deviceNode().isLost()) {
          throw e;
        }
        Room room = making.step();
        if (room != Room.MADE) {
          shortage = room == Room.NONE ? e : null;
          return null;
        }
      }
    }
  }

  private void copyReplaced(PlacedWindow target, List<PlacedWindow> replaced) {
    List<PeerRun> runs = new ArrayList<>();
    for (PlacedWindow old : replaced) {
      CoherentRange range = old.range();
      long page = range.pageSizeBytes();
      range.lock().lock();
      try {
        range.directory().heldBy(device.node(), old.firstByte() / page, old.endByte() / page).forEach((first, end) ->
            runs.add(new PeerRun(old.window(), old.offsetOf(first * page), target.window(), target.offsetOf(first * page),
                (end - first) * page)));
      } finally {
        range.lock().unlock();
      }
    }
    if (!runs.isEmpty()) {
      device.submit(node -> node.copyFrom(node, runs)).awaitUninterruptibly();
    }
  }

  private OutOfDeviceMemoryException outOfMemory(long neededBytes, LeaseRequest request) {
    List<String> holders = new ArrayList<>();
    long freeBytes = books.freeBytes();
    for (PlacedWindow window : books.windows()) {
      LeaseRequest holder = Eviction.holder(window, request);
      if (holder == null) {
        freeBytes += window.chargedBytes();
      } else {
        holders.add(window + " for " + holder.describe());
      }
    }
    return new OutOfDeviceMemoryException(device.name(), neededBytes, freeBytes, device.maxWindowBytes(), books.budgetBytes(),
        holders.stream().limit(HOLDERS_NAMED).toList());
  }
}

package io.samepage.coherence;

import io.samepage.DeviceException;
import io.samepage.LeaseConflictException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.coherence.Eviction.Attempt;
import io.samepage.coherence.Eviction.Obstacle;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The windows of one device: made where a claim needs one, merged where slices grow together, evicted where room is needed. The room
 * for all of a request's windows is charged at once, or not at all.
 */
final class DeviceMemory {
  private final CoherentDevice device;
  private final OrderedLock placement;
  private final DeviceBooks books;

  /** A window to be made: what it must span, and the windows it replaces. */
  private record Need(CoherentRange range, long firstByte, long endByte, List<PlacedWindow> replaced) {
    long sizeBytes() {
      return endByte - firstByte;
    }
  }

  DeviceMemory(CoherentDevice device, int number, long budgetBytes) {
    this.device = device;
    placement = new OrderedLock(OrderedLock.Rank.PLACEMENT, number);
    books = new DeviceBooks(number, budgetBytes);
  }

  DeviceBooks books() {
    return books;
  }

  OrderedLock placement() {
    return placement;
  }

  /** Whether each run of a request's pages lies in one window. Called under the locks of its ranges. */
  boolean isPlaced(LeaseRequest request) {
    for (CoherentRange range : request.ranges()) {
      if (!needs(range, request.claim(range)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** The claimed pages' windows were used. Called under the locks of the request's ranges. */
  void used(LeaseRequest request) {
    request.claims().forEach((range, claim) -> claim.spans().forEach(span -> {
      PlacedWindow window = range.windows().containing(device, span.firstByte(), span.endByte());
      books.used(window);
    }));
  }

  /**
   * Makes the windows that a held request still needs. Called with the placement lock.
   *
   * @return false if somebody is on his way to what would have to go, so the request should let go and come again
   * @throws OutOfDeviceMemoryException if there is no room for all of them
   */
  boolean place(LeaseRequest request) {
    assert placement.isHeldByCurrentThread();
    List<Need> needs = new ArrayList<>();
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> needs.addAll(needs(range, claim)));
    } finally {
      request.unlockRanges();
    }
    for (Need need : needs) {
      if (need.sizeBytes() > device.maxWindowBytes()) {
        throw outOfMemory(need.sizeBytes(), device.maxWindowBytes());
      }
    }
    List<LeaseRequest> claimed = new ArrayList<>();
    List<PlacedWindow> replaced = needs.stream().flatMap(need -> need.replaced.stream()).toList();
    try {
      return claimReplaced(replaced, request, claimed) && makeAll(needs, replaced);
    } finally {
      for (int i = 0; i < claimed.size(); i++) {
        Eviction.unclaim(replaced.get(i), claimed.get(i));
      }
      assert books.windows().size() > 1000 || books.balances() : device.name() + ": bytes charged are not bytes held";
    }
  }

  /** Takes a window out of the books and frees it. Its range has forgotten it, and no command in flight uses it. */
  void discard(PlacedWindow window) {
    device.freeNow(window.window());
    books.remove(window);
  }

  private List<Need> needs(CoherentRange range, Claim<LeaseRequest> claim) {
    long page = range.pageSizeBytes();
    PageRuns missing = new PageRuns();
    claim.pages().forEach((first, end) -> {
      if (range.windows().containing(device, first * page, end * page) == null) {
        // What a new window would cut in two belongs into it as a whole.
        List<PlacedWindow> cut = range.windows().overlapping(device, first * page, end * page);
        long start = cut.isEmpty() ? first : Math.min(first, cut.getFirst().firstByte() / page);
        long stop = cut.isEmpty() ? end : Math.max(end, cut.getLast().endByte() / page);
        missing.add(start, stop);
      }
    });
    List<Need> needs = new ArrayList<>(missing.count());
    missing.forEach((first, end) ->
        needs.add(new Need(range, first * page, end * page, range.windows().overlapping(device, first * page, end * page))));
    return needs;
  }

  private boolean claimReplaced(List<PlacedWindow> replaced, LeaseRequest request, List<LeaseRequest> claimed) {
    for (PlacedWindow window : replaced) {
      Attempt attempt = Eviction.tryClaim(window, request);
      while (attempt.obstacle() == Obstacle.LAUNCHED) {
        attempt.launch().retire();
        attempt = Eviction.tryClaim(window, request);
      }
      if (attempt.holder() != null && attempt.holder().thread() == Thread.currentThread()) {
        throw new LeaseConflictException("A larger window is needed than the one that this thread's lease uses: asked=" + request
            + ". Close the lease, or open it on the larger slice.", List.of(attempt.holder().describe()));
      }
      if (attempt.obstacle() != null) {
        return false;
      }
      claimed.add(attempt.claimed());
    }
    return true;
  }

  private boolean makeAll(List<Need> needs, List<PlacedWindow> replaced) {
    long total = needs.stream().mapToLong(Need::sizeBytes).sum();
    boolean keepsReplaced = books.tryCharge(total);
    if (!keepsReplaced) {
      // No room for both: what the old windows hold goes by way of the host.
      replaced.forEach(Eviction::evict);
      if (!chargeEvicting(total)) {
        return false;
      }
    }
    long charged = total;
    try {
      for (Need need : needs) {
        // One that came before may have got a window of the whole range.
        if (!isPlaced(need)) {
          make(keepsReplaced ? need : new Need(need.range, need.firstByte, need.endByte, List.of()));
          charged -= need.sizeBytes();
        }
      }
    } finally {
      books.refund(charged);
    }
    return true;
  }

  private boolean isPlaced(Need need) {
    need.range.lock().lock();
    try {
      return need.range.windows().containing(device, need.firstByte, need.endByte) != null;
    } finally {
      need.range.lock().unlock();
    }
  }

  /** Makes one window out of what is charged for it. */
  private void make(Need need) {
    Need sized = whole(need);
    PlacedWindow placed;
    try {
      placed = filled(sized);
    } catch (RuntimeException e) {
      books.refund(sized.sizeBytes() - need.sizeBytes());
      throw e;
    }
    need.range.lock().lock();
    try {
      need.replaced.forEach(need.range.windows()::remove);
      need.range.windows().add(placed);
    } finally {
      need.range.lock().unlock();
    }
    books.add(placed);
    need.replaced.forEach(this::discard);
  }

  private PlacedWindow filled(Need need) {
    Window window = allocate(need.sizeBytes());
    PlacedWindow placed = new PlacedWindow(device, need.range, need.firstByte, need.endByte, window);
    try {
      copyReplaced(placed, need.replaced);
      return placed;
    } catch (RuntimeException e) {
      device.freeNow(window);
      throw e;
    }
  }

  /** The whole range, if it has no window yet and there is room to spare; charges what that takes more. */
  private Need whole(Need need) {
    long page = need.range.pageSizeBytes();
    long wholeBytes = Math.ceilDiv(need.range.sizeBytes(), page) * page;
    if (hasNoWindow(need.range) && wholeBytes <= device.maxWindowBytes() && books.tryCharge(wholeBytes - need.sizeBytes())) {
      return new Need(need.range, 0, wholeBytes, need.replaced);
    }
    return need;
  }

  private boolean hasNoWindow(CoherentRange range) {
    range.lock().lock();
    try {
      return range.windows().isEmpty(device);
    } finally {
      range.lock().unlock();
    }
  }

  /** Makes room until so many bytes are charged; false if somebody is on his way to what would have to go. */
  private boolean chargeEvicting(long bytes) {
    if (bytes > books.budgetBytes()) {
      throw outOfMemory(bytes, books.freeBytes());
    }
    Set<PlacedWindow> tried = new HashSet<>();
    InFlightLaunch oldest = null;
    boolean someonePrepares = false;
    while (!books.tryCharge(bytes)) {
      PlacedWindow window = books.longestUnused(tried);
      if (window != null) {
        tried.add(window);
        Attempt attempt = evictIfFree(window);
        oldest = oldest == null ? attempt.launch() : oldest;
        someonePrepares |= attempt.obstacle() == Obstacle.PREPARING || attempt.obstacle() == Obstacle.CLOSED;
      } else if (oldest != null) {
        oldest.retire();
        oldest = null;
        tried.clear();
      } else if (someonePrepares) {
        return false;
      } else {
        throw outOfMemory(bytes, books.freeBytes());
      }
    }
    return true;
  }

  private Attempt evictIfFree(PlacedWindow window) {
    Attempt attempt = Eviction.tryClaim(window, null);
    if (attempt.claimed() != null) {
      try {
        Eviction.evict(window);
        device.countEvicted(window.sizeBytes());
      } finally {
        Eviction.unclaim(window, attempt.claimed());
      }
    }
    return attempt;
  }

  /** Device memory of a size that was charged; where the driver has less than the budget says, others are evicted for it. */
  private Window allocate(long sizeBytes) {
    Set<PlacedWindow> tried = new HashSet<>();
    while (true) {
      try {
        return device.allocateNow(sizeBytes);
      } catch (DeviceException e) {
        PlacedWindow window = books.longestUnused(tried);
        while (window != null && evictIfFree(window).claimed() == null) {
          tried.add(window);
          window = books.longestUnused(tried);
        }
        if (window == null) {
          OutOfDeviceMemoryException refused = outOfMemory(sizeBytes, books.freeBytes());
          refused.initCause(e);
          throw refused;
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
      Fences.complete(device.submit(node -> node.copyFrom(node, runs)));
    }
  }

  private OutOfDeviceMemoryException outOfMemory(long neededBytes, long freeBytes) {
    List<String> holders = books.windows().stream().map(PlacedWindow::toString).limit(8).toList();
    return new OutOfDeviceMemoryException(device.name(), neededBytes, freeBytes, books.budgetBytes(), holders);
  }
}

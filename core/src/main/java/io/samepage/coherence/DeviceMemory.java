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
  private static final int HOLDERS_NAMED = 8;

  private final CoherentDevice device;
  private final OrderedLock placement;
  private final DeviceBooks books;

  /** A window to be made: what it must span, and the windows it replaces, which it spans too. */
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
      if (!unplaced(range, request.claim(range)).isEmpty()) {
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
    List<Need> merged = needs(request, true);
    List<PlacedWindow> replaced = merged.stream().flatMap(need -> need.replaced.stream()).toList();
    List<LeaseRequest> claimed = new ArrayList<>();
    try {
      return claimReplaced(replaced, request, claimed) && makeAll(request, merged, replaced);
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

  /** The windows that a request needs and hasn't got; merged with those they would cut in two, or bare. */
  private List<Need> needs(LeaseRequest request, boolean isMerging) {
    List<Need> needs = new ArrayList<>();
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> {
        PageRuns missing = unplaced(range, claim);
        needs.addAll(isMerging ? merged(range, missing) : bare(range, missing));
      });
    } finally {
      request.unlockRanges();
    }
    return needs;
  }

  private PageRuns unplaced(CoherentRange range, Claim<LeaseRequest> claim) {
    long page = range.pageSizeBytes();
    PageRuns missing = new PageRuns();
    claim.pages().forEach((first, end) -> {
      if (range.windows().containing(device, first * page, end * page) == null) {
        missing.add(first, end);
      }
    });
    return missing;
  }

  private List<Need> merged(CoherentRange range, PageRuns missing) {
    long page = range.pageSizeBytes();
    PageRuns grown = new PageRuns();
    missing.forEach((first, end) -> {
      List<PlacedWindow> cut = range.windows().overlapping(device, first * page, end * page);
      long start = cut.isEmpty() ? first : Math.min(first, cut.getFirst().firstByte() / page);
      long stop = cut.isEmpty() ? end : Math.max(end, cut.getLast().endByte() / page);
      grown.add(start, stop);
    });
    List<Need> needs = new ArrayList<>(grown.count());
    grown.forEach((first, end) ->
        needs.add(new Need(range, first * page, end * page, range.windows().overlapping(device, first * page, end * page))));
    return needs;
  }

  private static List<Need> bare(CoherentRange range, PageRuns missing) {
    long page = range.pageSizeBytes();
    List<Need> needs = new ArrayList<>(missing.count());
    missing.forEach((first, end) -> needs.add(new Need(range, first * page, end * page, List.of())));
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

  private boolean makeAll(LeaseRequest request, List<Need> merged, List<PlacedWindow> replaced) {
    long total = totalBytes(merged);
    boolean fits = merged.stream().allMatch(need -> need.sizeBytes() <= device.maxWindowBytes());
    if (fits && books.tryCharge(total)) {
      make(merged, total);
      return true;
    }
    if (replaced.isEmpty()) {
      return makeEvicting(merged);
    }
    // No room for old and new at a time: what the old windows hold goes by way of the host, and the new ones are as small as can be.
    replaced.forEach(Eviction::evict);
    return makeEvicting(needs(request, false));
  }

  private boolean makeEvicting(List<Need> needs) {
    for (Need need : needs) {
      if (need.sizeBytes() > device.maxWindowBytes()) {
        throw outOfMemory(need.sizeBytes());
      }
    }
    long total = totalBytes(needs);
    if (!chargeEvicting(total)) {
      return false;
    }
    make(needs, total);
    return true;
  }

  private static long totalBytes(List<Need> needs) {
    return needs.stream().mapToLong(Need::sizeBytes).sum();
  }

  /** Makes windows out of what is charged for all of them. */
  private void make(List<Need> needs, long chargedBytes) {
    long left = chargedBytes;
    try {
      for (Need need : needs) {
        // One that came before may have got a window of the whole range.
        if (!isPlaced(need)) {
          make(need);
          left -= need.sizeBytes();
        }
      }
    } finally {
      books.refund(left);
    }
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
      throw outOfMemory(bytes);
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
        throw outOfMemory(bytes);
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
          OutOfDeviceMemoryException refused = outOfMemory(sizeBytes);
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

  private OutOfDeviceMemoryException outOfMemory(long neededBytes) {
    List<String> holders = new ArrayList<>();
    long freeBytes = books.freeBytes();
    for (PlacedWindow window : books.windows()) {
      LeaseRequest holder = Eviction.holder(window);
      if (holder == null) {
        freeBytes += window.sizeBytes();
      } else {
        holders.add(window + " for " + holder.describe());
      }
    }
    return new OutOfDeviceMemoryException(device.name(), neededBytes, Math.min(freeBytes, device.maxWindowBytes()), books.budgetBytes(),
        holders.stream().limit(HOLDERS_NAMED).toList());
  }
}

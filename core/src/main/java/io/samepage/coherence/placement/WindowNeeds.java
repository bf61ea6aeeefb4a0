package io.samepage.coherence.placement;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import java.util.ArrayList;
import java.util.List;

/** Which windows a request needs on a device and hasn't got. Looks at the ranges under their locks, changes nothing. */
public final class WindowNeeds {
  /**
   * A window to be made: what it must span, and the windows it replaces, which it spans too. One that {@code isShared} is of the host's
   * pages.
   */
  record Need(CoherentRange range, long firstByte, long endByte, List<PlacedWindow> replaced, boolean isShared) {
    long sizeBytes() {
      return endByte - firstByte;
    }

    /** What it takes of the device's memory. */
    long chargedBytes() {
      return isShared ? 0 : sizeBytes();
    }
  }

  private WindowNeeds() {}

  /**
   * Whether each run of a request's pages lies in one window. Called under the locks of its ranges.
   *
   * @param request the request
   * @param device its device
   * @return whether it does
   */
  public static boolean isPlaced(LeaseRequest request, CoherentDevice device) {
    for (int i = 0; i < request.claims().size(); i++) {
      CoherentRange range = request.ranges().get(i);
      if (!isPlaced(range, device, inUnits(range, request.claims().claim(i)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlaced(CoherentRange range, CoherentDevice device, PageRuns runs) {
    for (int i = 0; i < runs.count(); i++) {
      if (!isPlaced(range, device, runs.firstPage(i), runs.endPage(i))) {
        return false;
      }
    }
    return true;
  }

  /** Windows as small as can be. */
  static List<Need> bare(LeaseRequest request, CoherentDevice device) {
    List<Need> needs = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> unplaced(range, claim, device).forEach((first, end) ->
        needs.add(new Need(range, first * range.pageSizeBytes(), end * range.pageSizeBytes(), List.of(), range.isSharedWith(device))))));
    return needs;
  }

  /** Windows that take in those which they would cut in two. */
  static List<Need> merged(LeaseRequest request, CoherentDevice device) {
    List<Need> needs = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> addMerged(range, unplaced(range, claim, device), device, needs)));
    return needs;
  }

  /** The windows that a request uses and that hold more than it needs. */
  static List<PlacedWindow> oversized(LeaseRequest request, CoherentDevice device) {
    List<PlacedWindow> windows = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> inUnits(range, claim).forEach((first, end) -> {
      long page = range.pageSizeBytes();
      PlacedWindow window = range.windows().containing(device, first * page, end * page);
      if (window != null && window.sizeBytes() > (end - first) * page && !windows.contains(window)) {
        windows.add(window);
      }
    })));
    return windows;
  }

  static long totalBytes(List<Need> needs) {
    return needs.stream().mapToLong(Need::chargedBytes).sum();
  }

  /** The bytes of all the pages that a request claims on a device with copies of them, in whole units of windows. */
  static long workingSetBytes(LeaseRequest request, CoherentDevice device) {
    long[] bytes = {0};
    underLocks(request, () -> request.claims().forEach((range, claim) -> inUnits(range, claim).forEach((first, end) -> {
      long page = range.pageSizeBytes();
      PlacedWindow window = range.windows().containing(device, first * page, end * page);
      bytes[0] += range.isSharedWith(device) || window != null && window.isAdopted() ? 0 : (end - first) * page;
    })));
    return bytes[0];
  }

  private static PageRuns inUnits(CoherentRange range, Claim<LeaseRequest> claim) {
    return range.hostSide().inWindowUnits(claim.pages());
  }

  private static PageRuns unplaced(CoherentRange range, Claim<LeaseRequest> claim, CoherentDevice device) {
    PageRuns missing = new PageRuns();
    inUnits(range, claim).forEach((first, end) -> {
      if (!isPlaced(range, device, first, end)) {
        missing.add(first, end);
      }
    });
    return missing;
  }

  private static boolean isPlaced(CoherentRange range, CoherentDevice device, long firstPage, long endPage) {
    long page = range.pageSizeBytes();
    return range.windows().containing(device, firstPage * page, endPage * page) != null;
  }

  private static void addMerged(CoherentRange range, PageRuns missing, CoherentDevice device, List<Need> needs) {
    long page = range.pageSizeBytes();
    PageRuns grown = new PageRuns();
    missing.forEach((first, end) -> {
      List<PlacedWindow> cut = range.windows().overlapping(device, first * page, end * page);
      long start = cut.isEmpty() ? first : Math.min(first, cut.getFirst().firstByte() / page);
      long stop = cut.isEmpty() ? end : Math.max(end, cut.getLast().endByte() / page);
      grown.add(start, stop);
    });
    grown.forEach((first, end) ->
        needs.add(new Need(range, first * page, end * page, range.windows().overlapping(device, first * page, end * page),
            range.isSharedWith(device))));
  }

  private static void underLocks(LeaseRequest request, Runnable action) {
    request.lockRanges();
    try {
      action.run();
    } finally {
      request.unlockRanges();
    }
  }
}

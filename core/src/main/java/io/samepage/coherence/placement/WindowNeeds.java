package io.samepage.coherence.placement;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.Reservation;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Which windows a request needs on a device and hasn't got. Looks at the ranges under their locks, changes nothing. */
public final class WindowNeeds {
  /**
   * A window to be made: what it must span, and the windows it replaces, which it spans too. One that {@code isShared} is of the host's
   * pages. Where there is a {@code sparse} window, it is a piece of that, and replaces none.
   */
  record Need(CoherentRange range, long firstByte, long endByte, List<PlacedWindow> replaced, boolean isShared, Window sparse) {
    long sizeBytes() {
      return endByte - firstByte;
    }

    /** What it takes of the device's memory. */
    long chargedBytes() {
      if (isShared) {
        return 0;
      }
      return sparse == null ? sizeBytes() : PlacedWindow.chargedBytes(sparse, sizeBytes());
    }
  }

  private WindowNeeds() {}

  /**
   * Whether each run of a request's pages lies in one window, or in neighbouring pieces of address space that is in use. Called under the
   * locks of its ranges.
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

  /** Whether some of what a claim uses lies in several neighbouring pieces of address space. Called under the range's lock. */
  static boolean spansPieces(CoherentRange range, Claim<LeaseRequest> claim, CoherentDevice device) {
    boolean[] spans = {false};
    long page = range.pageSizeBytes();
    inUnits(range, claim).forEach((first, end) -> {
      PlacedWindow window = range.windows().containing(device, first * page, end * page);
      spans[0] |= window != null && window.endByte() < end * page;
    });
    return spans[0];
  }

  /** Windows as small as can be. */
  static List<Need> bare(LeaseRequest request, CoherentDevice device) {
    List<Need> needs = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> {
      if (range.windows().reservation(device) != null) {
        addPieces(range, claim, device, needs);
      } else {
        unplaced(range, claim, device).forEach((first, end) -> needs.add(new Need(range, first * range.pageSizeBytes(),
            end * range.pageSizeBytes(), List.of(), range.isSharedWith(device), null)));
      }
    }));
    return needs;
  }

  /** The pieces of address space that lack memory. */
  private static void addPieces(CoherentRange range, Claim<LeaseRequest> claim, CoherentDevice device, List<Need> needs) {
    Reservation reservation = range.windows().reservation(device);
    inPieces(range, claim, reservation).forEach((first, end) -> {
      for (long page = first; page < end; page += reservation.piecePages(range)) {
        long firstByte = page * range.pageSizeBytes();
        if (range.windows().containing(device, firstByte, firstByte + 1) == null) {
          long endByte = Math.min(end, page + reservation.piecePages(range)) * range.pageSizeBytes();
          needs.add(new Need(range, firstByte, endByte, List.of(), false, reservation.window()));
        }
      }
    });
  }

  private static PageRuns inPieces(CoherentRange range, Claim<LeaseRequest> claim, Reservation reservation) {
    return claim.pages().inUnits(reservation.piecePages(range), range.pages());
  }

  /** Windows that take in those which they would cut in two. */
  static List<Need> merged(LeaseRequest request, CoherentDevice device) {
    List<Need> needs = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> {
      if (range.windows().reservation(device) != null) {
        addPieces(range, claim, device, needs);
      } else {
        addMerged(range, unplaced(range, claim, device), device, needs);
      }
    }));
    return needs;
  }

  /** The windows that a request uses and that hold more than it needs, but for pieces of address space that is still in use. */
  static List<PlacedWindow> oversized(LeaseRequest request, CoherentDevice device) {
    List<PlacedWindow> windows = new ArrayList<>();
    underLocks(request, () -> request.claims().forEach((range, claim) -> inUnits(range, claim).forEach((first, end) -> {
      long page = range.pageSizeBytes();
      if (range.windows().reservation(device) == null && range.windows().offered(device, first * page, end * page) != null) {
        List<PlacedWindow> under = range.windows().overlapping(device, first * page, end * page);
        if (under.stream().mapToLong(PlacedWindow::sizeBytes).sum() > (end - first) * page) {
          under.stream().filter(window -> !windows.contains(window)).forEach(windows::add);
        }
      }
    })));
    return windows;
  }

  static long totalBytes(List<Need> needs) {
    return needs.stream().mapToLong(Need::chargedBytes).sum();
  }

  /** What all that a request claims on a device with copies takes of its memory: whole units of windows, or pieces of address space. */
  static long workingSetBytes(LeaseRequest request, CoherentDevice device) {
    return bytes(request, device, range -> range.windows().reservation(device));
  }

  /** The same if there were no address space. */
  static long workingSetBytesInPages(LeaseRequest request, CoherentDevice device) {
    return bytes(request, device, range -> null);
  }

  private static long bytes(LeaseRequest request, CoherentDevice device, Function<CoherentRange, Reservation> reservations) {
    long[] bytes = {0};
    underLocks(request, () -> request.claims().forEach((range, claim) -> {
      Reservation reservation = reservations.apply(range);
      PageRuns needed = reservation == null ? inUnits(range, claim) : inPieces(range, claim, reservation);
      needed.forEach((first, end) -> bytes[0] += chargedBytes(range, device, reservation, first, end));
    }));
    return bytes[0];
  }

  private static long chargedBytes(CoherentRange range, CoherentDevice device, Reservation reservation, long firstPage, long endPage) {
    long page = range.pageSizeBytes();
    if (reservation != null) {
      return PlacedWindow.chargedBytes(reservation.window(), (endPage - firstPage) * page);
    }
    PlacedWindow window = range.windows().offered(device, firstPage * page, endPage * page);
    return range.isSharedWith(device) || window != null && window.isAdopted() ? 0 : (endPage - firstPage) * page;
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
    return range.windows().offered(device, firstPage * page, endPage * page) != null;
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
            range.isSharedWith(device), null)));
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

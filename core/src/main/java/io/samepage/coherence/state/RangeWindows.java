package io.samepage.coherence.state;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.node.CopyRun;
import io.samepage.node.PeerRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The windows of one range, by device and first byte; those of one device don't overlap. Parts of a sparse window are a window each, and
 * where they are neighbours they hold what spans them too. Guarded by the range's lock.
 */
public final class RangeWindows {
  private Map<CoherentDevice, List<PlacedWindow>> byDevice = Map.of();
  private Map<CoherentDevice, Reservation> reservations = Map.of();
  private long revision;

  /**
   * From now on what the device needs of the range gets memory in this address space.
   *
   * @param device the device
   * @param reservation its address space
   */
  public void reserved(CoherentDevice device, Reservation reservation) {
    if (reservations.isEmpty()) {
      reservations = new HashMap<>(2);
    }
    reservations.put(device, reservation);
  }

  /**
   * What a device needs from now on gets windows of its own.
   *
   * @param device the device
   */
  public void giveUpReservation(CoherentDevice device) {
    if (isReserved(device)) {
      reservations.computeIfPresent(device, (key, reservation) -> reservation.givenUp());
    }
  }

  /**
   * The address space in which a device needs the range.
   *
   * @param device the device
   * @return the address space; null where it needs windows of their own
   */
  public Reservation reservation(CoherentDevice device) {
    Reservation reservation = reservations.get(device);
    if (reservation == null || reservation.isGivenUp()) {
      return null;
    }
    // Memory that was adopted lies elsewhere: what spans it can't lie in the address space.
    boolean liesAllThere = byDevice.getOrDefault(device, List.of()).stream().allMatch(window -> window.window().isSparse());
    return liesAllThere ? reservation : null;
  }

  /**
   * Whether there is address space for a device, be it in use or not.
   *
   * @param device the device
   * @return whether there is
   */
  public boolean isReserved(CoherentDevice device) {
    return reservations.containsKey(device);
  }

  /**
   * Forgets all address space.
   *
   * @return what there was
   */
  public Map<CoherentDevice, Reservation> takeReservations() {
    Map<CoherentDevice, Reservation> taken = reservations;
    reservations = Map.of();
    return taken;
  }

  /** No window yet. */
  RangeWindows() {}

  /**
   * A window is there.
   *
   * @param window a window that overlaps none of its device
   */
  public void add(PlacedWindow window) {
    if (byDevice.isEmpty()) {
      byDevice = new HashMap<>(2);
    }
    List<PlacedWindow> windows = byDevice.computeIfAbsent(window.device(), device -> new ArrayList<>(1));
    windows.add(behind(windows, window.firstByte()), window);
    revision++;
  }

  /**
   * A window goes.
   *
   * @param window one that is there
   */
  public void remove(PlacedWindow window) {
    byDevice.get(window.device()).remove(window);
    revision++;
  }

  /** {@return a number that is another one after each change of the windows} */
  public long revision() {
    return revision;
  }

  /** {@return the windows of all devices} */
  public List<PlacedWindow> all() {
    return byDevice.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Whether a device has none.
   *
   * @param device the device
   * @return whether it has none
   */
  public boolean isEmpty(CoherentDevice device) {
    return !byDevice.containsKey(device) || byDevice.get(device).isEmpty();
  }

  /**
   * The window that holds all of a run of bytes, or the first of neighbours that do.
   *
   * @param device whose
   * @param firstByte the first byte
   * @param endByte behind the last
   * @return the window, or null
   */
  public PlacedWindow containing(CoherentDevice device, long firstByte, long endByte) {
    List<PlacedWindow> windows = byDevice.getOrDefault(device, List.of());
    int index = behind(windows, firstByte) - 1;
    if (index < 0) {
      return null;
    }
    PlacedWindow window = windows.get(index);
    boolean holds = window.contains(firstByte, endByte) || window.endByte() > firstByte && reach(windows, index, endByte) >= endByte;
    return holds ? window : null;
  }

  /**
   * The window that a new request is given for a run of bytes: as {@link #containing}, but neighbours only until the address space that
   * they lie in is given up. From then on they are windows as all others, and merged. Memory that was adopted elsewhere in the range is in
   * nobody's way.
   *
   * @param device whose
   * @param firstByte the first byte
   * @param endByte behind the last
   * @return the window, or null
   */
  public PlacedWindow offered(CoherentDevice device, long firstByte, long endByte) {
    PlacedWindow window = containing(device, firstByte, endByte);
    Reservation reservation = reservations.get(device);
    boolean areJoined = reservation != null && !reservation.isGivenUp();
    return window == null || window.contains(firstByte, endByte) || areJoined ? window : null;
  }

  /** Where what a window and its neighbours behind it hold ends; a look as far as is asked. */
  private static long reach(List<PlacedWindow> windows, int first, long endByte) {
    int last = first;
    while (windows.get(last).endByte() < endByte && last + 1 < windows.size() && windows.get(last + 1).continues(windows.get(last))) {
      last++;
    }
    return windows.get(last).endByte();
  }

  /**
   * The windows under a run of bytes that all have: one, or neighbours.
   *
   * @param device whose
   * @param firstByte the first byte
   * @param endByte behind the last
   * @param visitor gets each
   */
  public void forEachUnder(CoherentDevice device, long firstByte, long endByte, Consumer<PlacedWindow> visitor) {
    List<PlacedWindow> windows = byDevice.getOrDefault(device, List.of());
    for (int i = Math.max(0, behind(windows, firstByte) - 1); i < windows.size() && windows.get(i).overlaps(firstByte, endByte); i++) {
      visitor.accept(windows.get(i));
    }
  }

  /** The index behind the windows that begin at a byte or before it. */
  private static int behind(List<PlacedWindow> windows, long firstByte) {
    int low = 0;
    int high = windows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (windows.get(middle).firstByte() <= firstByte) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The windows that hold some of a run of bytes.
   *
   * @param device whose
   * @param firstByte the first byte
   * @param endByte behind the last
   * @return the windows, ascending
   */
  public List<PlacedWindow> overlapping(CoherentDevice device, long firstByte, long endByte) {
    List<PlacedWindow> windows = byDevice.getOrDefault(device, List.of());
    return windows.subList(Math.max(0, behind(windows, firstByte) - 1), behind(windows, endByte)).stream()
        .filter(window -> window.overlaps(firstByte, endByte)).toList();
  }

  /**
   * The parts of runs of pages as copies between the host and a device's windows, which hold all of them.
   *
   * @param range the range
   * @param device the device
   * @param runs the pages
   * @return the copies
   */
  public List<CopyRun> copies(CoherentRange range, CoherentDevice device, PageRuns runs) {
    List<CopyRun> copies = new ArrayList<>(runs.count());
    addCopies(range, device, runs, copies);
    return copies;
  }

  /** As {@link #copies(CoherentRange, CoherentDevice, PageRuns)}, to others. By loops, as a kernel may be kept waiting. */
  void addCopies(CoherentRange range, CoherentDevice device, PageRuns runs, List<CopyRun> copies) {
    Walk walk = new Walk(device);
    long page = range.pageSizeBytes();
    for (int i = 0; i < runs.count(); i++) {
      walk.addCopies(range.address(), runs.firstPage(i) * page, runs.endPage(i) * page, copies);
    }
  }

  /**
   * Runs of bytes, by first and end, as copies between the host and a device's windows, which hold all of them.
   *
   * @param range the range
   * @param device the device
   * @param bounds first byte and end of each run
   * @param count how many runs
   * @return the copies
   */
  public List<CopyRun> copies(CoherentRange range, CoherentDevice device, long[] bounds, int count) {
    List<CopyRun> copies = new ArrayList<>(count);
    Walk walk = new Walk(device);
    for (int i = 0; i < count; i++) {
      walk.addCopies(range.address(), bounds[2 * i], bounds[2 * i + 1], copies);
    }
    return copies;
  }

  /**
   * The parts of runs of pages as copies from one device's windows to another's, which both hold all of them.
   *
   * @param range the range
   * @param source the device that has them
   * @param target the device that gets them
   * @param runs the pages
   * @return the copies
   */
  public List<PeerRun> copies(CoherentRange range, CoherentDevice source, CoherentDevice target, PageRuns runs) {
    List<PeerRun> copies = new ArrayList<>(runs.count());
    Walk sources = new Walk(source);
    Walk targets = new Walk(target);
    long page = range.pageSizeBytes();
    runs.forEach((first, end) -> sources.forEachPart(first * page, end * page, (from, begin, middle) ->
        targets.forEachPart(begin, middle, (to, start, stop) ->
            copies.add(new PeerRun(from.window(), from.offsetOf(start), to.window(), to.offsetOf(start), stop - start)))));
    return copies;
  }

  /** The parts of a run of bytes, each of which one window holds, or neighbours. */
  void forEachPart(CoherentDevice device, long firstByte, long endByte, PartVisitor visitor) {
    new Walk(device).forEachPart(firstByte, endByte, visitor);
  }

  /** What is done with the part of a run of bytes that one window holds, or neighbours, of which it is told one. */
  @FunctionalInterface
  interface PartVisitor {
    void visit(PlacedWindow window, long firstByte, long endByte);
  }

  /** Takes runs apart by windows. Remembers the last window, as thousands of short runs mostly lie in one. */
  private final class Walk {
    private final List<PlacedWindow> windows;
    private PlacedWindow last;
    private long lastReach;

    Walk(CoherentDevice device) {
      windows = byDevice.getOrDefault(device, List.of());
    }

    void forEachPart(long firstByte, long endByte, PartVisitor visitor) {
      for (long start = firstByte; start < endByte; start = lastReach) {
        find(start);
        visitor.visit(last, start, Math.min(endByte, lastReach));
      }
    }

    void addCopies(long rangeAddress, long firstByte, long endByte, List<CopyRun> copies) {
      for (long start = firstByte; start < endByte; start = lastReach) {
        find(start);
        copies.add(new CopyRun(rangeAddress + start, last.window(), last.offsetOf(start), Math.min(endByte, lastReach) - start));
      }
    }

    private void find(long start) {
      if (last != null && start >= last.firstByte() && start < lastReach) {
        return;
      }
      int index = behind(windows, start) - 1;
      if (index < 0 || windows.get(index).endByte() <= start) {
        throw new AssertionError("No window holds a byte that was to be copied: offsetBytes=" + start + ", windows=" + windows);
      }
      last = windows.get(index);
      lastReach = reach(windows, index, Long.MAX_VALUE);
    }
  }
}

package io.samepage.coherence.state;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.node.CopyRun;
import io.samepage.node.PeerRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The windows of one range, by device and first byte; those of one device don't overlap. Guarded by the range's lock. */
public final class RangeWindows {
  private Map<CoherentDevice, List<PlacedWindow>> byDevice = Map.of();

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
  }

  /**
   * A window goes.
   *
   * @param window one that is there
   */
  public void remove(PlacedWindow window) {
    byDevice.get(window.device()).remove(window);
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
   * The window that holds all of a run of bytes.
   *
   * @param device whose
   * @param firstByte the first byte
   * @param endByte behind the last
   * @return the window, or null
   */
  public PlacedWindow containing(CoherentDevice device, long firstByte, long endByte) {
    List<PlacedWindow> windows = byDevice.getOrDefault(device, List.of());
    int behind = behind(windows, firstByte);
    return behind > 0 && windows.get(behind - 1).contains(firstByte, endByte) ? windows.get(behind - 1) : null;
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
    Walk walk = new Walk(device);
    long page = range.pageSizeBytes();
    runs.forEach((first, end) -> walk.forEachPart(first * page, end * page, (window, start, stop) ->
        copies.add(new CopyRun(range.address() + start, window.window(), window.offsetOf(start), stop - start))));
    return copies;
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
      walk.forEachPart(bounds[2 * i], bounds[2 * i + 1], (window, start, stop) ->
          copies.add(new CopyRun(range.address() + start, window.window(), window.offsetOf(start), stop - start)));
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

  /** What is done with the part of a run of bytes that one window holds. */
  @FunctionalInterface
  private interface PartVisitor {
    void visit(PlacedWindow window, long firstByte, long endByte);
  }

  /** Takes runs apart by windows. Remembers the last window, as thousands of short runs mostly lie in one. */
  private final class Walk {
    private final CoherentDevice device;
    private PlacedWindow last;

    Walk(CoherentDevice device) {
      this.device = device;
    }

    void forEachPart(long firstByte, long endByte, PartVisitor visitor) {
      for (long start = firstByte; start < endByte; ) {
        if (last == null || !last.contains(start, start + 1)) {
          last = containing(device, start, start + 1);
        }
        long stop = Math.min(endByte, last.endByte());
        visitor.visit(last, start, stop);
        start = stop;
      }
    }
  }
}

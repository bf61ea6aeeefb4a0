package io.samepage.coherence;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.node.CopyRun;
import io.samepage.node.PeerRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The windows of one range, by device and first byte; those of one device don't overlap. Guarded by the range's lock. */
final class RangeWindows {
  private Map<CoherentDevice, NavigableMap<Long, PlacedWindow>> byDevice = Map.of();

  void add(PlacedWindow window) {
    if (byDevice.isEmpty()) {
      byDevice = new HashMap<>(2);
    }
    byDevice.computeIfAbsent(window.device(), device -> new TreeMap<>()).put(window.firstByte(), window);
  }

  void remove(PlacedWindow window) {
    byDevice.get(window.device()).remove(window.firstByte(), window);
  }

  List<PlacedWindow> all() {
    return byDevice.values().stream().flatMap(windows -> windows.values().stream()).toList();
  }

  boolean isEmpty(CoherentDevice device) {
    return !byDevice.containsKey(device) || byDevice.get(device).isEmpty();
  }

  /** The window that holds all of a run of bytes, or null. */
  PlacedWindow containing(CoherentDevice device, long firstByte, long endByte) {
    NavigableMap<Long, PlacedWindow> windows = byDevice.get(device);
    Map.Entry<Long, PlacedWindow> entry = windows == null ? null : windows.floorEntry(firstByte);
    return entry != null && entry.getValue().contains(firstByte, endByte) ? entry.getValue() : null;
  }

  /** The windows that hold some of a run of bytes, ascending. */
  List<PlacedWindow> overlapping(CoherentDevice device, long firstByte, long endByte) {
    NavigableMap<Long, PlacedWindow> windows = byDevice.get(device);
    if (windows == null) {
      return List.of();
    }
    Long from = windows.floorKey(firstByte);
    return windows.subMap(from == null ? firstByte : from, endByte).values().stream()
        .filter(window -> window.overlaps(firstByte, endByte)).toList();
  }

  /** The parts of runs of pages as copies between the host and a device's windows, which hold all of them. */
  List<CopyRun> copies(CoherentRange range, CoherentDevice device, PageRuns runs) {
    List<CopyRun> copies = new ArrayList<>(runs.count());
    long page = range.pageSizeBytes();
    runs.forEach((first, end) -> {
      for (PlacedWindow window : overlapping(device, first * page, end * page)) {
        long start = Math.max(first * page, window.firstByte());
        long stop = Math.min(end * page, window.endByte());
        copies.add(new CopyRun(range.address() + start, window.window(), window.offsetOf(start), stop - start));
      }
    });
    return copies;
  }

  /** The parts of runs of pages as copies from one device's windows to another's, which both hold all of them. */
  List<PeerRun> copies(CoherentRange range, CoherentDevice source, CoherentDevice target, PageRuns runs) {
    List<PeerRun> copies = new ArrayList<>(runs.count());
    long page = range.pageSizeBytes();
    runs.forEach((first, end) -> {
      for (PlacedWindow from : overlapping(source, first * page, end * page)) {
        for (PlacedWindow to : overlapping(target, Math.max(first * page, from.firstByte()), Math.min(end * page, from.endByte()))) {
          long start = Math.max(Math.max(first * page, from.firstByte()), to.firstByte());
          long stop = Math.min(Math.min(end * page, from.endByte()), to.endByte());
          copies.add(new PeerRun(from.window(), from.offsetOf(start), to.window(), to.offsetOf(start), stop - start));
        }
      }
    });
    return copies;
  }
}

package io.samepage.host;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which parts of a reservation are free: best fit, neighbours joined again. Not safe for use by several threads at once. */
final class FreeList {
  private record Hole(long offset, long size) {}

  private final TreeMap<Long, Long> byOffset = new TreeMap<>();
  private final TreeSet<Hole> bySize = new TreeSet<>(Comparator.comparingLong(Hole::size).thenComparingLong(Hole::offset));
  private final long capacity;
  /** Where offset 0 lies, for those who want addresses aligned. */
  private final long base;

  FreeList(long capacity) {
    this(capacity, 0);
  }

  FreeList(long capacity, long base) {
    this.capacity = capacity;
    this.base = base;
    insert(0, capacity);
  }

  /** Takes a run; its offset from the base is a multiple of {@code alignment}. Returns −1 if none is long enough. */
  long take(long size, long alignment) {
    // A hole of size + alignment always has an aligned run inside; smaller ones may.
    for (Hole hole : bySize.tailSet(new Hole(0, size))) {
      long start = Math.ceilDiv(base + hole.offset, alignment) * alignment - base;
      long slack = start - hole.offset;
      if (slack <= hole.size - size) {
        remove(hole.offset, hole.size);
        insert(hole.offset, slack);
        insert(start + size, hole.size - size - slack);
        return start;
      }
    }
    return -1;
  }

  void give(long offset, long size) {
    long start = offset;
    long end = offset + size;
    Map.Entry<Long, Long> before = byOffset.lowerEntry(offset);
    if (before != null && before.getKey() + before.getValue() == start) {
      remove(before.getKey(), before.getValue());
      start = before.getKey();
    }
    Long after = byOffset.get(end);
    if (after != null) {
      remove(end, after);
      end += after;
    }
    insert(start, end - start);
  }

  boolean isUnused() {
    return byOffset.size() == 1 && byOffset.firstEntry().getValue() == capacity;
  }

  private void insert(long offset, long size) {
    if (size > 0) {
      byOffset.put(offset, size);
      bySize.add(new Hole(offset, size));
    }
  }

  private void remove(long offset, long size) {
    byOffset.remove(offset);
    bySize.remove(new Hole(offset, size));
  }
}

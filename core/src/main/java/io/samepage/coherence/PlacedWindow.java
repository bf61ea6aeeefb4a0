package io.samepage.coherence;

import io.samepage.node.Window;

/** A window and the page-aligned run of bytes of a range that it backs; {@code watched} is null where the host uses leases alone. */
record PlacedWindow(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window, WatchedWindow watched) {
  static PlacedWindow of(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window) {
    return new PlacedWindow(device, range, firstByte, endByte, window, range.hostSide().watch(device, firstByte, window));
  }

  long sizeBytes() {
    return endByte - firstByte;
  }

  boolean contains(long first, long end) {
    return firstByte <= first && end <= endByte;
  }

  boolean overlaps(long first, long end) {
    return firstByte < end && first < endByte;
  }

  /** Where a byte of the range lies in the window. */
  long offsetOf(long rangeByte) {
    return rangeByte - firstByte;
  }

  /** The fault handler has done with it. Answers how many pages it has fetched from here. */
  long forget() {
    if (watched == null) {
      return 0;
    }
    long fetchedPages = watched.fetchedPages();
    watched.forget();
    return fetchedPages;
  }

  // Windows are things, not values: two are the same only if they are one.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "window of " + range.name() + "[" + firstByte + ", " + endByte + ") on " + device.name();
  }
}

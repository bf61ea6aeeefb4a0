package io.samepage.coherence;

import io.samepage.node.Window;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A window and the page-aligned run of bytes of a range that it backs; where it is sparse, one of the parts of it that have memory.
 * {@code watched} is null where the host uses leases alone. {@code wasRead} tells that it was used since the books were last asked for
 * it, without their being told.
 */
record PlacedWindow(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window, WatchedWindow watched,
    AtomicBoolean wasRead) {
  static PlacedWindow of(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window) {
    long handle = window.handle() + (window.isSparse() ? firstByte : 0);
    return new PlacedWindow(device, range, firstByte, endByte, window,
        range.hostSide().watch(device, firstByte, endByte - firstByte, handle), new AtomicBoolean());
  }

  long sizeBytes() {
    return endByte - firstByte;
  }

  /** What of the device's memory it takes: the last part of a sparse window goes beyond its range's pages. */
  long chargedBytes() {
    return isPart() ? chargedBytes(window, sizeBytes()) : sizeBytes();
  }

  /** What a part of a sparse window takes of the device's memory. */
  static long chargedBytes(Window sparse, long sizeBytes) {
    return Math.ceilDiv(sizeBytes, sparse.sparseUnitBytes()) * sparse.sparseUnitBytes();
  }

  /** Whether it is a part of a sparse window. */
  private boolean isPart() {
    return window != null && window.isSparse();
  }

  /** Whether one command can use what is before and this at a time. */
  boolean continues(PlacedWindow before) {
    return isPart() && before.window == window && before.endByte == firstByte;
  }

  /** Whether it is of the host's pages, rather than of the device's own memory. */
  boolean isShared() {
    return range.isSharedWith(device);
  }

  /** Whether the program has made it: it isn't charged, and nothing is won where it goes. */
  boolean isAdopted() {
    return window.isAdopted();
  }

  boolean contains(long first, long end) {
    return firstByte <= first && end <= endByte;
  }

  boolean overlaps(long first, long end) {
    return firstByte < end && first < endByte;
  }

  /** Where a byte of the range lies in the window. */
  long offsetOf(long rangeByte) {
    return isPart() ? rangeByte : rangeByte - firstByte;
  }

  /** The device is lost, and so is what it alone held here. Called under the range's lock. */
  void enterLoss() {
    long page = range.pageSizeBytes();
    range.claims().revoke(read -> read.node() == device.node());
    range.directory().lost(device.node(), firstByte / page, endByte / page);
  }

  /** Gives its memory back. No command in flight uses it. */
  void free() {
    if (isPart()) {
      device.deviceNode().unback(window, firstByte, chargedBytes());
    } else {
      device.deviceNode().free(window);
    }
  }

  /** It is used. Written once for many reads, so that the threads that read don't take it from each other. */
  void read() {
    if (!wasRead.get()) {
      wasRead.set(true);
    }
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

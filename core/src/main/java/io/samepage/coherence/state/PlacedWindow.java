package io.samepage.coherence.state;

import io.samepage.node.Window;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A window and the page-aligned run of bytes of a range that it backs; {@code watched} is null where the host uses leases alone.
 * {@code wasRead} tells that it was used since the books were last asked for it, without their being told.
 */
public record PlacedWindow(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window, WatchedWindow watched,
    AtomicBoolean wasRead) {
  public static PlacedWindow of(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window) {
    return new PlacedWindow(device, range, firstByte, endByte, window, range.hostSide().watch(device, firstByte, window),
        new AtomicBoolean());
  }

  public long sizeBytes() {
    return endByte - firstByte;
  }

  /** Whether it is of the host's pages, rather than of the device's own memory. */
  public boolean isShared() {
    return range.isSharedWith(device);
  }

  /** Whether the program has made it: it isn't charged, and nothing is won where it goes. */
  public boolean isAdopted() {
    return window.isAdopted();
  }

  boolean contains(long first, long end) {
    return firstByte <= first && end <= endByte;
  }

  public boolean overlaps(long first, long end) {
    return firstByte < end && first < endByte;
  }

  /** Where a byte of the range lies in the window. */
  public long offsetOf(long rangeByte) {
    return rangeByte - firstByte;
  }

  /** The device is lost, and so is what it alone held here. Called under the range's lock. */
  public void enterLoss() {
    long page = range.pageSizeBytes();
    range.claims().revoke(read -> read.node() == device.node());
    range.directory().lost(device.node(), firstByte / page, endByte / page);
  }

  /** It is used. Written once for many reads, so that the threads that read don't take it from each other. */
  void read() {
    if (!wasRead.get()) {
      wasRead.set(true);
    }
  }

  /** The fault handler has done with it. Answers how many pages it has fetched from here. */
  public long forget() {
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

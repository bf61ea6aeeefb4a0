package io.samepage.coherence.state;

import io.samepage.node.Window;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A window and the page-aligned run of bytes of a range that it backs; where it is sparse, one of the parts of it that have memory.
 * {@code watched} is null where the host uses leases alone. {@code wasRead} tells that it was used since the books were last asked for
 * it, without their being told.
 *
 * @param device which device has it
 * @param range of which range it has pages
 * @param firstByte the first byte of the range that it backs
 * @param endByte behind the last one
 * @param window the device's memory, or the address space that this is a part of
 * @param watched the fault handler's side of it, or null
 * @param wasRead whether it was used since
 */
public record PlacedWindow(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window, WatchedWindow watched,
    AtomicBoolean wasRead) {
  /**
   * A new window, which the fault handler is told of where it has to be.
   *
   * @param device which device has it
   * @param range of which range it has pages
   * @param firstByte the first byte of the range that it backs
   * @param endByte behind the last one
   * @param window the device's memory, or the address space that this is a part of
   * @return the window
   */
  public static PlacedWindow of(CoherentDevice device, CoherentRange range, long firstByte, long endByte, Window window) {
    long handle = window.handle() + (window.isSparse() ? firstByte : 0);
    return new PlacedWindow(device, range, firstByte, endByte, window,
        range.hostSide().watch(device, firstByte, endByte - firstByte, handle), new AtomicBoolean());
  }

  /** {@return its size} */
  public long sizeBytes() {
    return endByte - firstByte;
  }

  /**
   * What of the device's memory it takes: the last part of a sparse window goes beyond its range's pages.
   *
   * @return the bytes
   */
  public long chargedBytes() {
    return isPart() ? chargedBytes(window, sizeBytes()) : sizeBytes();
  }

  /**
   * What a part of a sparse window takes of the device's memory.
   *
   * @param sparse the window
   * @param sizeBytes the size of the part
   * @return the bytes
   */
  public static long chargedBytes(Window sparse, long sizeBytes) {
    return Math.ceilDiv(sizeBytes, sparse.sparseUnitBytes()) * sparse.sparseUnitBytes();
  }

  /** Whether it is a part of a sparse window. */
  private boolean isPart() {
    return window != null && window.isSparse();
  }

  /**
   * Whether one command can use what is before and this at a time.
   *
   * @param before another window
   * @return whether it can
   */
  public boolean continues(PlacedWindow before) {
    return isPart() && before.window == window && before.endByte == firstByte;
  }

  /** {@return whether it is of the host's pages, rather than of the device's own memory} */
  public boolean isShared() {
    return range.isSharedWith(device);
  }

  /**
   * Whether the program has made it: it isn't charged, and nothing is won where it goes.
   *
   * @return whether it has
   */
  public boolean isAdopted() {
    return window.isAdopted();
  }

  boolean contains(long first, long end) {
    return firstByte <= first && end <= endByte;
  }

  /**
   * Whether it backs some of a run of bytes.
   *
   * @param first the first byte
   * @param end behind the last
   * @return whether it does
   */
  public boolean overlaps(long first, long end) {
    return firstByte < end && first < endByte;
  }

  /**
   * Where a byte of the range lies in the window.
   *
   * @param rangeByte a byte that it backs
   * @return the offset in bytes
   */
  public long offsetOf(long rangeByte) {
    return isPart() ? rangeByte : rangeByte - firstByte;
  }

  /** The device is lost, and so is what it alone held here. Called under the range's lock. */
  public void enterLoss() {
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

  /**
   * The fault handler has done with it.
   *
   * @return how many pages it has fetched from here
   */
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

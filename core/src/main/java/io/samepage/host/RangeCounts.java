package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/** What the fault handler counts for one range, from when it is opened until it is closed. */
final class RangeCounts {
  // struct sp_range_counts
  static final long SIZE_BYTES = Long.BYTES + WatchedCounts.SIZE_BYTES;

  private final WatchedMemory memory;
  private final WatchedReservation reservation;
  private final long firstPage;
  private final MemorySegment struct;

  RangeCounts(WatchedMemory memory, WatchedReservation reservation, long firstPage, long pages) {
    this.memory = memory;
    this.reservation = reservation;
    this.firstPage = firstPage;
    struct = memory.rangeCounts().take();
    struct.set(JAVA_LONG, 0, pages / FaultWords.UNIT_PAGES);
    set(struct.address());
  }

  private void set(long address) {
    memory.checked("sp_count_range", FaultNative.countRange(reservation.handle(), firstPage, address));
  }

  WatchedCounts now() {
    return WatchedCounts.of(struct.asSlice(Long.BYTES));
  }

  void close() {
    set(0);
    memory.rangeCounts().give(struct);
  }
}

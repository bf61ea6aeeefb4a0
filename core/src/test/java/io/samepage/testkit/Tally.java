package io.samepage.testkit;

/**
 * How often what happened in random operations.
 *
 * @param leases leases that were opened
 * @param launches kernels that were launched
 * @param splits launches that were split over devices, at least two of which have a part
 * @param transfers prefetches, fills and copies
 * @param onDevices fills and copies that a device did
 * @param conflicts operations that were refused as a lease is in the way
 * @param overlaps operations that were refused as their slices share bytes
 * @param outOfMemory operations that a device has no room for
 * @param evictedBytes the windows that were evicted
 */
record Tally(long leases, long launches, long splits, long transfers, long onDevices, long conflicts, long overlaps, long outOfMemory,
    long evictedBytes) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally LEASE = new Tally(1, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally LAUNCH = new Tally(0, 1, 0, 0, 0, 0, 0, 0, 0);
  static final Tally SPLIT = new Tally(0, 1, 1, 0, 0, 0, 0, 0, 0);
  static final Tally TRANSFER = new Tally(0, 0, 0, 1, 0, 0, 0, 0, 0);
  static final Tally ON_DEVICE = new Tally(0, 0, 0, 0, 1, 0, 0, 0, 0);
  static final Tally CONFLICT = new Tally(0, 0, 0, 0, 0, 1, 0, 0, 0);
  static final Tally OVERLAP = new Tally(0, 0, 0, 0, 0, 0, 1, 0, 0);
  static final Tally OUT_OF_MEMORY = new Tally(0, 0, 0, 0, 0, 0, 0, 1, 0);

  static Tally evicted(long bytes) {
    return new Tally(0, 0, 0, 0, 0, 0, 0, 0, bytes);
  }

  Tally plus(Tally other) {
    return new Tally(leases + other.leases, launches + other.launches, splits + other.splits, transfers + other.transfers,
        onDevices + other.onDevices, conflicts + other.conflicts, overlaps + other.overlaps, outOfMemory + other.outOfMemory,
        evictedBytes + other.evictedBytes);
  }
}

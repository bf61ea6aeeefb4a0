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
 * @param left leases of those that were opened whose closing was left to the memory
 * @param adoptions pieces of the program's memory that were adopted
 */
record Tally(long leases, long launches, long splits, long transfers, long onDevices, long conflicts, long overlaps, long outOfMemory,
    long evictedBytes, long left, long adoptions) {
  static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally LEASE = new Tally(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally LAUNCH = new Tally(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally SPLIT = new Tally(0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  static final Tally TRANSFER = new Tally(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0);
  static final Tally ON_DEVICE = new Tally(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0);
  static final Tally CONFLICT = new Tally(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  static final Tally OVERLAP = new Tally(0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
  static final Tally OUT_OF_MEMORY = new Tally(0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
  static final Tally LEFT = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0);
  static final Tally ADOPTION = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

  static Tally evicted(long bytes) {
    return new Tally(0, 0, 0, 0, 0, 0, 0, 0, bytes, 0, 0);
  }

  Tally plus(Tally other) {
    return new Tally(leases + other.leases, launches + other.launches, splits + other.splits, transfers + other.transfers,
        onDevices + other.onDevices, conflicts + other.conflicts, overlaps + other.overlaps, outOfMemory + other.outOfMemory,
        evictedBytes + other.evictedBytes, left + other.left, adoptions + other.adoptions);
  }
}

package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What the fault handler has counted since it was started.
 *
 * @param faults touches that were served
 * @param fetches how often something was fetched
 * @param fetchedPages pages that came from devices
 * @param fetchNanos how long that took
 * @param neighbourPages of these, brought because another page of their 64 KiB was touched
 * @param neighbourUsedPages of these, in units that were touched once more
 * @param grownPages of these, brought because their part of the block was in use
 * @param grownUsedPages of these, in parts that were touched afterwards
 * @param aheadPages of the fetched pages, brought by read-ahead
 * @param aheadUsedPages of these, in parts that were touched afterwards
 * @param withdrawnPages pages that were unmapped in favour of a device
 * @param edgeBytes bytes around slices that were sent behind kernels
 * @param scanNanos how long looking for written pages took
 * @param writtenPages pages that were found written
 * @param poisonedPages pages whose only valid copy was lost
 * @param errors answers of the system or a driver that should not be
 */
public record WatchedCounts(long faults, long fetches, long fetchedPages, long fetchNanos, long neighbourPages, long neighbourUsedPages,
    long grownPages, long grownUsedPages, long aheadPages, long aheadUsedPages, long withdrawnPages, long edgeBytes, long scanNanos,
    long writtenPages, long poisonedPages, long errors) {
  // struct sp_statistics
  static final long SIZE_BYTES = 25 * Long.BYTES;

  static WatchedCounts of(MemorySegment struct) {
    long[] n = struct.toArray(JAVA_LONG);
    return new WatchedCounts(n[0], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[15], n[16], n[18], n[19], n[20],
        n[24]);
  }
}

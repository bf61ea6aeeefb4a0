package io.samepage.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Counters of the fault handler since it was started; {@code samepage.h} says what each counts. */
record FaultStatistics(long faults, long dropped, long fetches, long fetchedPages, long fetchNanos, long aroundPages, long aroundUsedPages,
    long grownPages, long grownUsedPages, long aheadPages, long aheadUsedPages, long wakes, long alreadyMapped, long interruptedMaps,
    long newFrames, long withdrawnPages, long edgeBytes, long scans, long scanNanos, long writtenPages, long poisonedPages,
    long poisonTouches, long closedTouches, long pendingReads, long errors) {
  static FaultStatistics of(MemorySegment values) {
    long[] v = values.toArray(ValueLayout.JAVA_LONG);
    return new FaultStatistics(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16],
        v[17], v[18], v[19], v[20], v[21], v[22], v[23], v[24]);
  }
}

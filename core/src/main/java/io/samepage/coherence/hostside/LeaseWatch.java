package io.samepage.coherence.hostside;

import io.samepage.LeaseBrokenException;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out whether the host has written into a range while a device lease that writes was open on it: pages of the slice that were
 * written; and, of pages that belong to the slice in part, bytes that have changed.
 */
public final class LeaseWatch {
  /** Bytes of the range as they were when the lease was opened. */
  private record Before(long firstByte, byte[] bytes) {}

  private final CoherentRange range;
  private final WatchedHost host;
  /** Whether the device uses the host's pages. */
  private final boolean isShared;
  private final PageRuns wholePages = new PageRuns();
  private final List<Before> parts = new ArrayList<>();

  private LeaseWatch(CoherentRange range, WatchedHost host, boolean isShared) {
    this.range = range;
    this.host = host;
    this.isShared = isShared;
  }

  /**
   * Begins to watch a claim whose pages are prepared.
   *
   * @param range the range
   * @param claim a device lease's claim on it
   * @return what watches; null if there is nothing to watch
   */
  public static LeaseWatch begin(CoherentRange range, Claim<LeaseRequest> claim) {
    if (!claim.hasWholePages() || !(range.hostSide() instanceof WatchedHost host)) {
      return null;
    }
    LeaseWatch watch = new LeaseWatch(range, host, range.isAtHome(claim.node()));
    claim.spans().stream().filter(span -> span.access().writes()).forEach(watch::add);
    return watch;
  }

  private void add(Span span) {
    long page = range.pageSizeBytes();
    long end = span.endByte() == range.sizeBytes() ? range.pages() * page : span.endByte();
    long firstWhole = Math.ceilDiv(span.firstByte(), page);
    long endWhole = end / page;
    if (firstWhole > endWhole) {
      addPart(span.firstByte(), end);
      return;
    }
    if (firstWhole < endWhole) {
      wholePages.add(firstWhole, endWhole);
    }
    addPart(span.firstByte(), firstWhole * page);
    addPart(endWhole * page, end);
  }

  private void addPart(long firstByte, long endByte) {
    // What the device itself writes beside the host, in the same frame, can't be told from it.
    if (firstByte < endByte && !isShared) {
      PageRuns page = new PageRuns();
      page.add(firstByte / range.pageSizeBytes(), firstByte / range.pageSizeBytes() + 1);
      host.bringHome(List.of(page));
      parts.add(new Before(firstByte, bytes(firstByte, endByte - firstByte)));
    }
  }

  private byte[] bytes(long firstByte, long size) {
    return MemorySegment.ofAddress(host.address() + firstByte).reinterpret(size).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
  }

  /**
   * Ends to watch. Called before anything is withdrawn.
   *
   * @param lease for messages
   * @return what the lease's close is to throw; null if the host has kept out
   */
  public LeaseBrokenException end(LeaseRequest lease) {
    long first = Long.MAX_VALUE;
    long pages = 0;
    for (Before part : parts) {
      if (!java.util.Arrays.equals(part.bytes, bytes(part.firstByte, part.bytes.length))) {
        first = Math.min(first, part.firstByte / range.pageSizeBytes());
        pages++;
      }
    }
    PageRuns written = new PageRuns();
    wholePages.forEach((from, to) -> host.written(from, to).forEach(written::add));
    if (!written.isEmpty()) {
      first = Math.min(first, written.bounds()[0]);
      pages += written.pages();
    }
    return pages == 0 ? null : new LeaseBrokenException(range, first * range.pageSizeBytes(), pages, lease.describe());
  }
}

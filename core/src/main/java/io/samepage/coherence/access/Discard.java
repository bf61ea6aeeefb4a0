package io.samepage.coherence.access;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import java.util.BitSet;
import java.util.List;

/**
 * Makes the pages that a slice covers as a whole what they were at first: written by nobody. A claim of the host that writes keeps
 * everybody else off them meanwhile.
 */
public final class Discard {
  /** A part of a range that is looked at as a whole: 2 MiB where pages have 4 KiB. */
  private static final int CHUNK_PAGES = 512;

  private final CoherentRange range;
  private final long firstPage;
  private final long endPage;

  /**
   * A discard of the pages that a slice covers as a whole.
   *
   * @param range the range
   * @param slice a slice of it
   */
  public Discard(CoherentRange range, Slice slice) {
    this.range = range;
    long page = range.pageSizeBytes();
    firstPage = Math.ceilDiv(slice.offsetBytes(), page);
    // Bytes behind the end of the range belong to nobody.
    endPage = slice.endBytes() == range.sizeBytes() ? range.pages() : slice.endBytes() / page;
  }

  /** Does it, waiting for what is in the way. */
  public void run() {
    if (firstPage >= endPage) {
      return;
    }
    Leases leases = range.coherentMemory().leases();
    LeaseRequest request = request();
    leases.hold(request, leases.patience(), () -> true);
    try {
      discard(request.claim(range));
    } finally {
      leases.release(request);
    }
  }

  private LeaseRequest request() {
    long page = range.pageSizeBytes();
    Span span = new Span(firstPage * page, Math.min(endPage * page, range.sizeBytes()), Access.WRITE);
    return new LeaseRequest(LeaseRequest.Kind.DISCARD, Layout.HOST_NODE, "host", Thread.currentThread(),
        List.of(new LeaseRequest.Use(range, span)));
  }

  /** The frames first: what the directory calls untouched reads as zero. */
  private void discard(Claim<LeaseRequest> claim) {
    range.hostSide().entrust(claim);
    if (range.isHeld()) {
      maybeWritten().forEach(range.hostSide()::zero);
    } else {
      range.leaveHost(firstPage, endPage);
      range.hostSide().discard(firstPage, endPage);
      range.useHost();
    }
    underLock(() -> range.directory().discarded(firstPage, endPage));
  }

  /** What nobody has written is zero, and may have no frames yet: it is left as it is. What was touched the directory may not know. */
  private PageRuns maybeWritten() {
    PageRuns pages = new PageRuns();
    for (long first = firstPage; first < endPage; first += CHUNK_PAGES) {
      long end = Math.min(endPage, first + CHUNK_PAGES);
      if (mayBeTouched(first, end)) {
        pages.add(first, end);
      } else {
        addWritten(first, end, pages);
      }
    }
    return pages;
  }

  private boolean mayBeTouched(long first, long end) {
    long page = range.pageSizeBytes();
    return range.hostSide().mayBeTouched(List.of(new Span(first * page, Math.min(end * page, range.sizeBytes()), Access.WRITE)));
  }

  private void addWritten(long first, long end, PageRuns pages) {
    int count = (int) (end - first);
    BitSet untouched = new BitSet(count);
    underLock(() -> untouched.or(range.directory().untouched(first, end)));
    for (int page = untouched.nextClearBit(0); page < count; page = untouched.nextClearBit(page + 1)) {
      pages.add(first + page, first + page + 1);
    }
  }

  private void underLock(Runnable action) {
    range.lock().lock();
    try {
      action.run();
    } finally {
      range.lock().unlock();
    }
  }
}

package io.samepage.coherence.transfer;

import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.node.CopyRun;
import java.util.List;

/**
 * A host lease that reads little of many pages, at even distances, as the diagonal of a matrix: its bytes are brought, and no page. They
 * are good as long as the lease is open, as nobody writes them meanwhile, and whoever brings their pages brings the same bytes. The
 * directory isn't told: the pages stay where they are.
 */
final class SparseRead {
  /** A device can copy evenly spread bytes by one command; below it, pages cost no more, and can be read again. */
  static final int FEWEST_SPANS = 16;
  /** A page is brought where at least one byte in so many of it is read. */
  private static final int SHARE = 8;

  private SparseRead() {}

  /** Whether a claim of the host is of that kind. */
  static boolean is(Claim<LeaseRequest> claim, int pageSizeBytes) {
    List<Span> spans = claim.spans();
    if (spans.size() < FEWEST_SPANS) {
      return false;
    }
    long sizeBytes = spans.getFirst().endByte() - spans.getFirst().firstByte();
    long strideBytes = spans.get(1).firstByte() - spans.getFirst().firstByte();
    if (strideBytes < SHARE * sizeBytes || sizeBytes > pageSizeBytes / SHARE) {
      return false;
    }
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      if (span.access().writes() || span.endByte() - span.firstByte() != sizeBytes
          || span.firstByte() != spans.getFirst().firstByte() + i * strideBytes) {
        return false;
      }
    }
    return true;
  }

  /** The claimed bytes of some pages, as copies from a device that holds these. Called under the range's lock. */
  static List<CopyRun> copies(CoherentRange range, CoherentDevice source, Claim<LeaseRequest> claim, PageRuns pages) {
    long page = range.pageSizeBytes();
    Parts parts = new Parts(pages.bounds(), page, claim.spans().size());
    for (Span span : claim.spans()) {
      // No longer than a page, so it has a part in two pages at most.
      long middle = Math.min(span.endByte(), (span.firstByte() / page + 1) * page);
      parts.addIfThere(span.firstByte(), middle);
      parts.addIfThere(middle, span.endByte());
    }
    return range.windows().copies(range, source, parts.bounds, parts.count);
  }

  /** Ascending runs of bytes, none longer than a page, as far as they lie in some pages. */
  private static final class Parts {
    private final long[] pages;
    private final long pageSizeBytes;
    private final long[] bounds;
    private int count;
    private int run;

    Parts(long[] pages, long pageSizeBytes, int spans) {
      this.pages = pages;
      this.pageSizeBytes = pageSizeBytes;
      bounds = new long[4 * spans];
    }

    void addIfThere(long firstByte, long endByte) {
      long page = firstByte / pageSizeBytes;
      while (run < pages.length && pages[run + 1] <= page) {
        run += 2;
      }
      if (firstByte < endByte && run < pages.length && pages[run] <= page) {
        bounds[2 * count] = firstByte;
        bounds[2 * count + 1] = endByte;
        count++;
      }
    }
  }
}

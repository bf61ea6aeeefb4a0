package io.samepage.coherence.lease;

import io.samepage.Access;
import io.samepage.coherence.directory.PageRuns;
import java.util.List;

/**
 * What one lease, launch or eviction takes of one range: the spans on a node. While it is being prepared, its pages are on their way
 * and nobody else may start on them.
 *
 * @param <O> who claims
 */
public final class Claim<O> {
  /** Who else may have the same pages. */
  public enum Kind {
    /** The rules of leases say who. */
    PLAIN,
    /** Nobody may have a part of its pages, on the same node neither. */
    WHOLE_PAGES,
    /** A launch: once it is in a queue of its node, later launches of that node may follow it there, as the device keeps the order. */
    LAUNCH
  }

  private final O owner;
  private final int node;
  private final List<Span> spans;
  private final long rangeSizeBytes;
  private final int pageSizeBytes;
  private final Kind kind;
  private final long firstPage;
  private final long endPage;
  private boolean preparing = true;

  /**
   * Makes a claim; it counts once it is in a {@link LeaseTable}.
   *
   * @param owner who claims
   * @param node where
   * @param spans what, in any order; none that writes shares a byte with another
   * @param rangeSizeBytes the size of the range
   * @param pageSizeBytes the size of a page
   */
  public Claim(O owner, int node, List<Span> spans, long rangeSizeBytes, int pageSizeBytes) {
    this(owner, node, spans, rangeSizeBytes, pageSizeBytes, Kind.PLAIN);
  }

  /**
   * Makes a claim of a kind.
   *
   * @param owner who claims
   * @param node where
   * @param spans what, in any order; none that writes shares a byte with another
   * @param rangeSizeBytes the size of the range
   * @param pageSizeBytes the size of a page
   * @param kind who else may have the same pages
   */
  public Claim(O owner, int node, List<Span> spans, long rangeSizeBytes, int pageSizeBytes, Kind kind) {
    this.kind = kind;
    this.owner = owner;
    this.node = node;
    this.spans = Span.ascending(spans, rangeSizeBytes);
    this.rangeSizeBytes = rangeSizeBytes;
    this.pageSizeBytes = pageSizeBytes;
    firstPage = this.spans.isEmpty() ? 0 : this.spans.getFirst().firstPage(pageSizeBytes);
    endPage = endPage(this.spans, pageSizeBytes);
  }

  private static long endPage(List<Span> spans, int pageSizeBytes) {
    long end = 0;
    for (Span span : spans) {
      end = Math.max(end, span.endPage(pageSizeBytes));
    }
    return end;
  }

  /** The first page that it touches. */
  long firstPage() {
    return firstPage;
  }

  /** Behind the last page that it touches. */
  long endPage() {
    return endPage;
  }

  /** {@return who claims} */
  public O owner() {
    return owner;
  }

  /** {@return where} */
  public int node() {
    return node;
  }

  /** {@return what, ascending} */
  public List<Span> spans() {
    return spans;
  }

  /** {@return whether nobody else may have a part of its pages} */
  public boolean hasWholePages() {
    return kind == Kind.WHOLE_PAGES;
  }

  /** {@return whether it is a launch's} */
  boolean isLaunch() {
    return kind == Kind.LAUNCH;
  }

  /** {@return whether it writes anything} */
  boolean writes() {
    for (Span span : spans) {
      if (span.access().writes()) {
        return true;
      }
    }
    return false;
  }

  /** Whether it reads all that another claim reads, and writes all that it writes: reading may be writing. */
  boolean doesAllOf(Claim<O> other) {
    for (Span theirs : other.spans) {
      boolean does = false;
      for (Span span : spans) {
        does |= span.firstByte() <= theirs.firstByte() && theirs.endByte() <= span.endByte()
            && (span.access().writes() || !theirs.access().writes());
      }
      if (!does) {
        return false;
      }
    }
    return true;
  }

  /** {@return whether its pages are on their way} */
  public boolean isPreparing() {
    return preparing;
  }

  /** Its pages are there. */
  public void prepared() {
    preparing = false;
  }

  /** {@return the pages it touches} */
  public PageRuns pages() {
    PageRuns runs = new PageRuns();
    spans.forEach(span -> runs.add(span.firstPage(pageSizeBytes), span.endPage(pageSizeBytes)));
    return runs;
  }

  /** {@return the pages that it writes} */
  public PageRuns writtenPages() {
    PageRuns runs = new PageRuns();
    spans.stream().filter(span -> span.access().writes())
        .forEach(span -> runs.add(span.firstPage(pageSizeBytes), span.endPage(pageSizeBytes)));
    return runs;
  }

  /** {@return the pages whose bytes it needs: those it reads, and those it overwrites only in part} */
  public PageRuns neededPages() {
    PageRuns runs = new PageRuns();
    for (Span span : spans) {
      addNeeded(span, runs);
    }
    return runs;
  }

  /**
   * Whether the last span that begins no later than pages covers every byte of them, so that nobody else on this node may write there.
   *
   * @param firstPage the first page
   * @param endPage behind the last page
   * @return whether it does
   */
  public boolean coversWhole(long firstPage, long endPage) {
    int low = 0;
    int high = spans.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (spans.get(middle).firstByte() <= firstPage * pageSizeBytes) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && spans.get(low - 1).endByte() >= endPage * pageSizeBytes;
  }

  /** {@return the pages whose every byte it overwrites} */
  public PageRuns overwrittenPages() {
    PageRuns runs = new PageRuns();
    for (Span span : spans) {
      if (span.access() == Access.WRITE && firstWhole(span) < endWhole(span)) {
        runs.add(firstWhole(span), endWhole(span));
      }
    }
    return runs;
  }

  /**
   * Whether a span touches one of some pages.
   *
   * @param firstPage the first page
   * @param endPage behind the last page
   * @return whether one does
   */
  public boolean touches(long firstPage, long endPage) {
    return spans.stream().anyMatch(span -> span.firstPage(pageSizeBytes) < endPage && span.endPage(pageSizeBytes) > firstPage);
  }

  private void addNeeded(Span span, PageRuns runs) {
    long first = span.firstPage(pageSizeBytes);
    long end = span.endPage(pageSizeBytes);
    if (span.access() != Access.WRITE || firstWhole(span) >= endWhole(span)) {
      runs.add(first, end);
      return;
    }
    if (first < firstWhole(span)) {
      runs.add(first, firstWhole(span));
    }
    if (endWhole(span) < end) {
      runs.add(endWhole(span), end);
    }
  }

  private long firstWhole(Span span) {
    return Math.ceilDiv(span.firstByte(), pageSizeBytes);
  }

  /** Bytes behind the end of the range belong to nobody, so its last page counts as whole when all of the range's bytes in it are. */
  private long endWhole(Span span) {
    return span.endByte() == rangeSizeBytes ? span.endPage(pageSizeBytes) : span.endByte() / pageSizeBytes;
  }

  boolean conflictsWith(Claim<O> other) {
    if (hasWholePages() || other.hasWholePages()) {
      return sharesPage(other);
    }
    for (Span span : spans) {
      for (Span theirs : other.spans) {
        if (LeaseRules.conflict(node, span, other.node, theirs, pageSizeBytes)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whether two claims touch a common page.
   *
   * @param other a claim on the same range
   * @return whether they do
   */
  public boolean sharesPage(Claim<O> other) {
    if (firstPage >= other.endPage || other.firstPage >= endPage) {
      return false;
    }
    for (Span span : spans) {
      for (Span theirs : other.spans) {
        if (span.sharesPage(theirs, pageSizeBytes)) {
          return true;
        }
      }
    }
    return false;
  }
}

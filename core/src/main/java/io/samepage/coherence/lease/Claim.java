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
    LAUNCH,
    /** A launch that copies to the host what it reads: nobody elsewhere may have a part of these pages until it has ended. */
    COPY,
    /** A host that reads, and doesn't wait for launches which are in the queue of a device that uses the host's pages. */
    RELAXED
  }

  private final O owner;
  private final int node;
  private final List<Span> spans;
  private final long rangeSizeBytes;
  private final int pageSizeBytes;
  private final Kind kind;
  private final long firstPage;
  private final long endPage;
  private final PageRuns pages;
  /** How many spans write, and how many of them write without reading. */
  private final int writers;
  private final int overwriters;
  private boolean preparing = true;
  private boolean givenUp;

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
    pages = new PageRuns();
    long end = 0;
    int writing = 0;
    int overwriting = 0;
    for (int i = 0; i < this.spans.size(); i++) {
      Span span = this.spans.get(i);
      pages.add(span.firstPage(pageSizeBytes), span.endPage(pageSizeBytes));
      end = Math.max(end, span.endPage(pageSizeBytes));
      writing += span.access().writes() ? 1 : 0;
      overwriting += span.access() == Access.WRITE ? 1 : 0;
    }
    endPage = end;
    writers = writing;
    overwriters = overwriting;
  }

  private Claim(O owner, Claim<O> like) {
    this.owner = owner;
    node = like.node;
    spans = like.spans;
    rangeSizeBytes = like.rangeSizeBytes;
    pageSizeBytes = like.pageSizeBytes;
    kind = like.kind;
    firstPage = like.firstPage;
    endPage = like.endPage;
    pages = like.pages;
    writers = like.writers;
    overwriters = like.overwriters;
  }

  /**
   * The same claim of somebody else's, being prepared.
   *
   * @param other who claims
   * @return the claim
   */
  public Claim<O> again(O other) {
    return new Claim<>(other, this);
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

  /** {@return whether it doesn't wait for kernels that write the host's pages} */
  public boolean isRelaxed() {
    return kind == Kind.RELAXED;
  }

  /** {@return whether it is a launch's} */
  boolean isLaunch() {
    return kind == Kind.LAUNCH || kind == Kind.COPY;
  }

  /** {@return whether it writes anything} */
  public boolean writes() {
    return writers > 0;
  }

  /** Whether it reads all that another claim reads, and writes all that it writes: reading may be writing. */
  boolean doesAllOf(Claim<O> other) {
    for (int i = 0; i < other.spans.size(); i++) {
      if (!does(other.spans.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean does(Span wanted) {
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      if (span.firstByte() <= wanted.firstByte() && wanted.endByte() <= span.endByte()
          && (span.access().writes() || !wanted.access().writes())) {
        return true;
      }
    }
    return false;
  }

  /** {@return whether its pages are on their way} */
  public boolean isPreparing() {
    return preparing;
  }

  /** Its pages are there. */
  public void prepared() {
    preparing = false;
  }

  /** {@return whether nothing comes of it, though it is still held} */
  public boolean isGivenUp() {
    return givenUp;
  }

  /** Nothing comes of it. */
  public void giveUp() {
    givenUp = true;
  }

  /** It may be held once more. */
  public void renew() {
    givenUp = false;
  }

  /**
   * Whether other claims write all of its pages, as a whole: then who is kept off its pages would have to wait for these anyhow.
   *
   * @param others the other claims
   * @return whether they do
   */
  public boolean isWithinPagesOf(List<Claim<O>> others) {
    PageRuns left = pages;
    for (int i = 0; i < others.size() && !left.isEmpty(); i++) {
      left = left.minus(others.get(i).pagesWrittenWhole());
    }
    return left.isEmpty();
  }

  /** The pages that it writes as a whole, or reads and writes. */
  private PageRuns pagesWrittenWhole() {
    PageRuns written = new PageRuns();
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      long first = Math.ceilDiv(span.firstByte(), pageSizeBytes);
      long end = span.endByte() == rangeSizeBytes ? span.endPage(pageSizeBytes) : span.endByte() / pageSizeBytes;
      if (span.access().writes() && first < end) {
        written.add(first, end);
      }
    }
    return written;
  }

  /** {@return the pages it touches, not to be changed} */
  public PageRuns pages() {
    return pages;
  }

  /** {@return the pages that it writes, not to be changed} */
  public PageRuns writtenPages() {
    if (writers == spans.size()) {
      return pages;
    }
    PageRuns runs = new PageRuns();
    for (Span span : spans) {
      if (span.access().writes()) {
        runs.add(span.firstPage(pageSizeBytes), span.endPage(pageSizeBytes));
      }
    }
    return runs;
  }

  /** {@return the pages whose bytes it needs: those it reads, and those it overwrites only in part; not to be changed} */
  public PageRuns neededPages() {
    if (overwriters == 0) {
      return pages;
    }
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
    boolean isCopied = node != other.node && (kind == Kind.COPY || other.kind == Kind.COPY);
    if (isCopied || hasWholePages() || other.hasWholePages()) {
      return sharesPage(other);
    }
    if (firstPage >= other.endPage || other.firstPage >= endPage) {
      return false;
    }
    for (int i = 0; i < spans.size(); i++) {
      for (int j = 0; j < other.spans.size(); j++) {
        if (LeaseRules.conflict(node, spans.get(i), other.node, other.spans.get(j), pageSizeBytes)) {
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
    for (int i = 0; i < spans.size(); i++) {
      for (int j = 0; j < other.spans.size(); j++) {
        if (spans.get(i).sharesPage(other.spans.get(j), pageSizeBytes)) {
          return true;
        }
      }
    }
    return false;
  }
}

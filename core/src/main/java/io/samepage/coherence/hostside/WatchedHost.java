package io.samepage.coherence.hostside;

import io.samepage.HostStatistics;
import io.samepage.PoisonedPageException;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageDirectory;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.HostSide;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.WatchedWindow;
import io.samepage.coherence.sync.Fences;
import io.samepage.host.WatchedExtent;
import io.samepage.node.NodeFence;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range that the host touches. What the host has stands in the words of the fault table, which threads that touch pages change at any
 * time: it is entered in the directory when somebody needs to know. The directory may believe that the host lacks a page which it has;
 * never the other way round, but for pages that were lost.
 */
public final class WatchedHost extends HostSide {
  /** What the words said of pages at one moment. */
  private record States(PageRuns valid, PageRuns poisoned) {}

  private static final Logger LOG = LoggerFactory.getLogger(WatchedHost.class);

  private final CoherentRange range;
  private final WatchedExtent extent;
  private final Watching watching;
  private final Entrusting entrusting;
  /** The devices that may still have uploads in their queues that nobody waited for. */
  private final Set<CoherentDevice> sentEdges = ConcurrentHashMap.newKeySet(0);

  /**
   * The host side of a range of an arena.
   *
   * @param range the range
   * @param extent its pages
   * @param watching the memory's fault handler
   */
  public WatchedHost(CoherentRange range, WatchedExtent extent, Watching watching) {
    this.range = range;
    this.extent = extent;
    this.watching = watching;
    entrusting = new Entrusting(this, range, extent);
  }

  @Override
  public long address() {
    return extent.address();
  }

  @Override
  public long userAddress() {
    return extent.userAddress();
  }

  @Override
  public boolean isWatched() {
    return true;
  }

  @Override
  public PageRuns inWindowUnits(PageRuns pages) {
    return pages.inUnits(windowUnitPages(), range.pages());
  }

  @Override
  public int windowUnitPages() {
    return watching.memory().unitPages();
  }

  @Override
  public void reconcile(Claim<LeaseRequest> claim) {
    // Who uses the host's pages has what was written; but that a lease begins is noted, as its end asks what was written meanwhile.
    boolean scans = !range.isAtHome(claim.node()) || claim.hasWholePages();
    PageRuns pages = claim.hasWholePages() || isShared(claim) ? claim.pages() : claim.neededPages();
    if (scans && !mayBeMapped(pages)) {
      return;
    }
    PageRuns written = new PageRuns();
    PageRuns changed = scans ? scanRevoking(pages, written) : pages;
    if (!changed.isEmpty()) {
      States states = look(changed);
      underLock(() -> enter(states, written));
    }
  }

  /** Whether it is of a device that uses the host's pages. */
  boolean isShared(Claim<LeaseRequest> claim) {
    return claim.node() != Layout.HOST_NODE && range.isAtHome(claim.node());
  }

  /** As {@link #scan}. What it takes away, the mark that a page was touched, no thread that repeats a read on a device finds any more. */
  private PageRuns scanRevoking(PageRuns pages, PageRuns written) {
    underLock(() -> range.claims().revoke(read -> read.node() != Layout.HOST_NODE));
    return scan(pages, written);
  }

  private boolean mayBeMapped(PageRuns pages) {
    for (int i = 0; i < pages.count(); i++) {
      if (extent.mayBeMapped(pages.firstPage(i), pages.endPage(i))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean mayBeTouched(List<Span> spans) {
    int page = range.pageSizeBytes();
    for (Span span : spans) {
      if (extent.mayBeMapped(span.firstPage(page), span.endPage(page))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void refresh(long firstPage, long endPage) {
    PageRuns pages = new PageRuns();
    pages.add(firstPage, endPage);
    PageRuns written = new PageRuns();
    // Who has begun on pages, or has a lease that can be broken, is told what was written there; nobody else may take it away from him.
    List<Claim<LeaseRequest>> atWork = range.claims().held(claim ->
        (claim.isPreparing() || claim.hasWholePages()) && claim.touches(firstPage, endPage));
    if (atWork.isEmpty()) {
      scan(pages, written);
    }
    States states = look(pages);
    // What somebody is about to overwrite in the host's frames is not the host's before he has begun.
    PageRuns valid = states.valid;
    for (Claim<LeaseRequest> claim : atWork) {
      valid = claim.isPreparing() ? valid.minus(claim.overwrittenPages()) : valid;
    }
    enter(new States(valid, states.poisoned), written);
  }

  /** Answers the pages whose states may have changed: those of blocks in which something was mapped. */
  private PageRuns scan(PageRuns pages, PageRuns written) {
    PageRuns scanned = new PageRuns();
    pages.forEach((first, end) -> extent.scan(first, end, scanned::add, written::add));
    return scanned;
  }

  private States look(PageRuns pages) {
    States states = new States(new PageRuns(), new PageRuns());
    pages.forEach((first, end) -> extent.look(first, end, (groupPage, valid, poisoned) -> {
      states.valid.addMask(groupPage, valid);
      states.poisoned.addMask(groupPage, poisoned);
    }));
    return states;
  }

  private void enter(States states, PageRuns written) {
    PageDirectory directory = range.directory();
    if (!states.poisoned.isEmpty()) {
      range.claims().revoke(read -> true);
    }
    states.poisoned.forEach((first, end) -> {
      if (directory.poisoned(first, end).cardinality() < end - first) {
        LOG.warn("Pages are poisoned, as they could not be brought to the host: range={}, firstPage={}, endPage={}. Overwrite them as a "
            + "whole to use them again.", range, first, end);
      }
      directory.poison(first, end);
    });
    states.valid.forEach((first, end) -> {
      if (!directory.holdsAll(Layout.HOST_NODE, first, end)) {
        directory.fetched(Layout.HOST_NODE, first, end);
      }
    });
    written.forEach((first, end) -> directory.wroteInPart(Layout.HOST_NODE, first, end));
  }

  void underLock(Runnable action) {
    range.lock().lock();
    try {
      action.run();
    } finally {
      range.lock().unlock();
    }
  }

  @Override
  public void bringHome(List<PageRuns> pages) {
    PageRuns poisoned = new PageRuns();
    pages.forEach(runs -> fetch(runs).forEach(poisoned::add));
    if (!poisoned.isEmpty()) {
      throw new PoisonedPageException(range, poisoned.bounds()[0] * range.pageSizeBytes());
    }
  }

  /** Brings pages home, and answers those that can't be had. */
  PageRuns fetch(PageRuns runs) {
    settle(runs);
    extent.bringHome(runs.bounds());
    States states = look(runs);
    underLock(() -> enter(states, new PageRuns()));
    return states.poisoned;
  }

  /** Waits for what writes to the windows that the host is to have pages from: the handler would give up some time. */
  private void settle(PageRuns runs) {
    List<PlacedWindow> windows = new ArrayList<>();
    underLock(() -> range.windows().all().forEach(windows::add));
    for (PlacedWindow window : windows) {
      PageRuns lacking = new PageRuns();
      runs.forEach((first, end) -> {
        long from = Math.max(first, firstPage(window));
        long to = Math.min(end, endPage(window));
        if (from < to) {
          extent.lookForPagesOf(window.device().number(), from, to, lacking::add);
        }
      });
      if (!lacking.isEmpty()) {
        window.watched().settle();
      }
    }
  }

  @Override
  public void map(Claim<LeaseRequest> claim) {
    settle(claim.pages());
    extent.mapHome(claim.pages().bounds());
  }

  /** Enters what touches have given up: they have told nobody else. By who holds a claim on the pages. */
  void enterGivenUp(PageRuns pages) {
    if (mayBeMapped(pages)) {
      underLock(() -> enter(look(pages), new PageRuns()));
    }
  }

  @Override
  public void entrust(Claim<LeaseRequest> claim) {
    entrusting.entrust(claim);
  }

  @Override
  public void takeBack(Claim<LeaseRequest> claim) {
    entrusting.takeBack(claim);
  }

  @Override
  public void discard(long firstPage, long endPage) {
    long page = range.pageSizeBytes();
    extent.discard(firstPage * page, (endPage - firstPage) * page);
  }

  @Override
  public void zero(long firstPage, long endPage) {
    long page = range.pageSizeBytes();
    extent.zero(firstPage * page, (endPage - firstPage) * page);
  }

  @Override
  public WatchedWindow watch(CoherentDevice device, long firstByte, long sizeBytes, long handle) {
    long first = firstByte / range.pageSizeBytes();
    return new WatchedWindow(device.deviceNode(),
        extent.window(first, sizeBytes, range.number(), handle, watching.functions(device), device.usesHostPages()));
  }

  @Override
  public void placed(PlacedWindow window) {
    setWindow(window, window.watched());
    // Who had begun to fetch from one that it replaces is done with it then.
    extent.awaitFetches(firstPage(window), endPage(window));
  }

  @Override
  public void evacuate(PlacedWindow window) {
    PageRuns lacking = new PageRuns();
    extent.lookForPagesOf(window.device().number(), firstPage(window), endPage(window), lacking::add);
    if (!lacking.isEmpty()) {
      window.watched().settle();
      extent.bringHome(lacking.bounds());
    }
    PageRuns pages = new PageRuns();
    pages.add(firstPage(window), endPage(window));
    // Looked at under the lock: a device may get pages that others hold no claims on, and enters that under it.
    underLock(() -> enter(look(pages), new PageRuns()));
    setWindow(window, null);
  }

  private void setWindow(PlacedWindow window, WatchedWindow watched) {
    extent.setWindow(window.device().number(), firstPage(window), endPage(window), watched == null ? null : watched.window());
  }

  private long firstPage(PlacedWindow window) {
    return window.firstByte() / range.pageSizeBytes();
  }

  private long endPage(PlacedWindow window) {
    return window.endByte() / range.pageSizeBytes();
  }

  @Override
  public void publish(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {
    int launches = device.launches().count() + 1;
    writtenWindows(claim, device).forEach(window -> window.publish(queue, done, launches));
  }

  /** Each once: spans are ascending, and those in one window are neighbours. */
  private List<WatchedWindow> writtenWindows(Claim<LeaseRequest> claim, CoherentDevice device) {
    List<WatchedWindow> windows = new ArrayList<>(1);
    range.lock().lock();
    try {
      for (int i = 0; i < claim.spans().size(); i++) {
        Span span = claim.spans().get(i);
        if (span.access().writes()) {
          range.windows().forEachUnder(device, span.firstByte(), span.endByte(), window -> {
            if (windows.isEmpty() || windows.getLast() != window.watched()) {
              windows.add(window.watched());
            }
          });
        }
      }
    } finally {
      range.lock().unlock();
    }
    return windows;
  }

  @Override
  public boolean withdraw(Claim<LeaseRequest> claim, CoherentDevice device) {
    PageRuns written = claim.writtenPages();
    if (isWithdrawn(written, device)) {
      return false;
    }
    boolean hasSent = extent.withdraw(device.number(), slices(claim)).sentEdges();
    if (hasSent) {
      sentEdges.add(device);
      // Who reads a sent byte on the device without asking would not wait for it. Revoked before the flag that would tell him is cleared.
      underLock(() -> range.claims().revoke(read -> read.node() == device.node()));
    }
    written.forEach((first, end) -> extent.clearFlags(device.number(), first, end));
    return hasSent;
  }

  private boolean isWithdrawn(PageRuns pages, CoherentDevice device) {
    for (int i = 0; i < pages.count(); i++) {
      if (!extent.isWithdrawn(device.number(), pages.firstPage(i), pages.endPage(i))) {
        return false;
      }
    }
    return true;
  }

  private long[] slices(Claim<LeaseRequest> claim) {
    List<Span> spans = claim.spans().stream().filter(span -> span.access().writes()).toList();
    long[] bounds = new long[2 * spans.size()];
    for (int i = 0; i < spans.size(); i++) {
      long end = spans.get(i).endByte();
      bounds[2 * i] = spans.get(i).firstByte();
      bounds[2 * i + 1] = end == range.sizeBytes() ? range.pages() * range.pageSizeBytes() : end;
    }
    return bounds;
  }

  @Override
  public void lost(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {
    lost(claim);
    device.submission().lock();
    try {
      writtenWindows(claim, device).forEach(window -> window.forgive(queue, done));
    } finally {
      device.submission().unlock();
    }
  }

  @Override
  public void lost(Claim<LeaseRequest> claim) {
    PageRuns lost = new PageRuns();
    underLock(() -> withoutOverwritten(claim, poisoned(claim.pages())).forEach(lost::add));
    lost.forEach((first, end) -> extent.lost(claim.node() - 1, first, end));
  }

  /** By the directory. Called under the lock. */
  PageRuns poisoned(PageRuns pages) {
    PageRuns poisoned = new PageRuns();
    pages.forEach((first, end) -> range.directory().poisonedRuns(first, end).forEach(poisoned::add));
    return poisoned;
  }

  /**
   * In the host's pages a touch fills what is marked, and who has begun to overwrite it would lose his results. He marks it himself if
   * nothing comes of it, see {@link #takeBack} and {@link #lost}. Elsewhere he withdraws it once more. Called under the lock.
   */
  private PageRuns withoutOverwritten(Claim<LeaseRequest> claim, PageRuns pages) {
    PageRuns left = pages;
    if (!isShared(claim)) {
      return left;
    }
    for (Claim<LeaseRequest> other : range.claims().held(each -> each != claim && each.isPreparing() && !each.isGivenUp())) {
      left = left.minus(other.overwrittenPages());
    }
    return left;
  }

  /** Those of pages that touches know to be lost. */
  PageRuns marked(PageRuns pages) {
    return look(pages).poisoned;
  }

  @Override
  public void lost(PlacedWindow window) {
    PageRuns pages = new PageRuns();
    pages.add(firstPage(window), endPage(window));
    PageRuns lost = new PageRuns();
    underLock(() -> {
      enter(look(pages), new PageRuns());
      window.enterLoss();
      poisoned(pages).forEach(lost::add);
    });
    // Without the lock, as it waits for touches: what another device has written meanwhile is none of this one's.
    lost.forEach((first, end) -> extent.lost(window.device().number(), first, end));
  }

  /** Answers the pages that the host has written since they were last scanned. */
  PageRuns written(long firstPage, long endPage) {
    PageRuns written = new PageRuns();
    extent.scan(firstPage, endPage, (first, end) -> { }, written::add);
    return written;
  }

  @Override
  public HostStatistics statistics() {
    return Watching.statistics(extent.counts());
  }

  @Override
  public void close() {
    extent.closePages();
    for (CoherentDevice device : sentEdges) {
      Fences.settle(device.submit(node -> node.noteForeignCopies()));
    }
  }

  @Override
  public void free() {
    extent.free();
  }
}

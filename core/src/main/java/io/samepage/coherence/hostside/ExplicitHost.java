package io.samepage.coherence.hostside;

import io.samepage.HostStatistics;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.HostSide;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.coherence.state.WatchedWindow;
import io.samepage.host.HostExtent;
import io.samepage.node.NodeFence;
import java.util.List;

/** A range that the host uses through leases alone. */
public final class ExplicitHost extends HostSide {
  private final HostExtent extent;
  private final int pageSizeBytes;

  /**
   * The host side of a range over pages of its own.
   *
   * @param extent the pages
   * @param pageSizeBytes the size of a page
   */
  public ExplicitHost(HostExtent extent, int pageSizeBytes) {
    this.extent = extent;
    this.pageSizeBytes = pageSizeBytes;
  }

  @Override
  public long address() {
    return extent.address();
  }

  @Override
  public long userAddress() {
    return 0;
  }

  @Override
  public boolean isWatched() {
    return false;
  }

  @Override
  public boolean mayBeTouched(List<Span> spans) {
    return false;
  }

  @Override
  public PageRuns inWindowUnits(PageRuns pages) {
    return pages;
  }

  @Override
  public int windowUnitPages() {
    return 1;
  }

  @Override
  public void reconcile(Claim<LeaseRequest> claim) {}

  @Override
  public void refresh(long firstPage, long endPage) {}

  @Override
  public void bringHome(List<PageRuns> pages) {
    throw new IllegalStateException("Pages that are not watched are brought by the node: pages=" + pages);
  }

  @Override
  public void map(Claim<LeaseRequest> claim) {}

  @Override
  public void entrust(Claim<LeaseRequest> claim) {}

  @Override
  public void takeBack(Claim<LeaseRequest> claim) {}

  @Override
  public void discard(long firstPage, long endPage) {
    extent.discard(firstPage * pageSizeBytes, (endPage - firstPage) * pageSizeBytes);
  }

  @Override
  public void zero(long firstPage, long endPage) {
    extent.zero(firstPage * pageSizeBytes, (endPage - firstPage) * pageSizeBytes);
  }

  @Override
  public void placed(PlacedWindow window) {}

  @Override
  public void evacuate(PlacedWindow window) {}

  @Override
  public WatchedWindow watch(CoherentDevice device, long firstByte, long sizeBytes, long handle) {
    return null;
  }

  @Override
  public void publish(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {}

  @Override
  public boolean withdraw(Claim<LeaseRequest> claim, CoherentDevice device) {
    return false;
  }

  @Override
  public void lost(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {}

  @Override
  public void lost(Claim<LeaseRequest> claim) {}

  @Override
  public void lost(PlacedWindow window) {
    window.range().lock().lock();
    try {
      window.enterLoss();
    } finally {
      window.range().lock().unlock();
    }
  }

  @Override
  public HostStatistics statistics() {
    return HostStatistics.NOTHING;
  }

  @Override
  public void close() {}

  @Override
  public void free() {
    extent.free();
  }
}

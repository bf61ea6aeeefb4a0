package io.samepage.coherence;

import io.samepage.HostStatistics;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.host.HostExtent;
import io.samepage.node.NodeFence;
import io.samepage.node.Window;
import java.util.List;

/** A range that the host uses through leases alone. */
final class ExplicitHost extends HostSide {
  private final HostExtent extent;
  private final int pageSizeBytes;

  ExplicitHost(HostExtent extent, int pageSizeBytes) {
    this.extent = extent;
    this.pageSizeBytes = pageSizeBytes;
  }

  @Override
  long address() {
    return extent.address();
  }

  @Override
  long userAddress() {
    return 0;
  }

  @Override
  boolean isWatched() {
    return false;
  }

  @Override
  PageRuns inWindowUnits(PageRuns pages) {
    return pages;
  }

  @Override
  void reconcile(Claim<LeaseRequest> claim) {}

  @Override
  void refresh(long firstPage, long endPage) {}

  @Override
  void bringHome(List<PageRuns> pages) {
    throw new IllegalStateException("Pages that are not watched are brought by the node: pages=" + pages);
  }

  @Override
  void map(Claim<LeaseRequest> claim) {}

  @Override
  void entrust(Claim<LeaseRequest> claim) {}

  @Override
  void takeBack(Claim<LeaseRequest> claim) {}

  @Override
  void discard(long firstPage, long endPage) {
    extent.discard(firstPage * pageSizeBytes, (endPage - firstPage) * pageSizeBytes);
  }

  @Override
  void zero(long firstPage, long endPage) {
    extent.zero(firstPage * pageSizeBytes, (endPage - firstPage) * pageSizeBytes);
  }

  @Override
  void placed(PlacedWindow window) {}

  @Override
  void evacuate(PlacedWindow window) {}

  @Override
  WatchedWindow watch(CoherentDevice device, long firstByte, Window window) {
    return null;
  }

  @Override
  void publish(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {}

  @Override
  boolean withdraw(Claim<LeaseRequest> claim, CoherentDevice device) {
    return false;
  }

  @Override
  void lost(Claim<LeaseRequest> claim, CoherentDevice device, int queue, NodeFence done) {}

  @Override
  void lost(Claim<LeaseRequest> claim) {}

  @Override
  void lost(PlacedWindow window) {
    window.range().lock().lock();
    try {
      window.enterLoss();
    } finally {
      window.range().lock().unlock();
    }
  }

  @Override
  HostStatistics statistics() {
    return HostStatistics.NOTHING;
  }

  @Override
  void close() {}

  @Override
  void free() {
    extent.free();
  }
}

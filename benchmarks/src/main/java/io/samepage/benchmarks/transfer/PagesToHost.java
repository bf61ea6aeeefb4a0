package io.samepage.benchmarks.transfer;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.benchmarks.base.Scatter;
import java.util.List;

/** Ours: a range of which kernels write some pages, and of which these, or all, are leased to the host, which has touched these pages. */
final class PagesToHost extends UnifiedTransfer {
  private final List<Slice> leased;
  private final PageWriter writer;

  PagesToHost(long rangeBytes, Scatter scatter, int pages, ScatteredToHost.Lease lease) {
    super(0, Scatter.bytes(pages));
    UnifiedRange range = memory().allocate(rangeBytes);
    List<Slice> dirty = scatter.slices(range, pages);
    leased = lease == ScatteredToHost.Lease.RANGE ? List.of(range.all()) : dirty;
    try (var touching = memory().host(Access.WRITE, dirty)) {
      touching.segments().forEach(page -> page.fill((byte) 1));
    }
    acquire(range.all(), Access.READ);
    writer = new PageWriter(device(), dirty);
  }

  @Override
  void write() {
    writer.write();
  }

  @Override
  protected void work() {
    memory().host(Access.READ, leased).close();
  }
}

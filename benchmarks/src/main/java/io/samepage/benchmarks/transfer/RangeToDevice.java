package io.samepage.benchmarks.transfer;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.benchmarks.base.Pages;
import java.util.List;
import java.util.function.Function;

/** Ours: a range that the device acquires, of which the host has written all, or some pages. */
final class RangeToDevice extends UnifiedTransfer {
  private final Slice range;
  private final List<Slice> written;
  private long count;

  /** A range of which a word of each page of these slices, which have that many bytes together, is written before each transfer. */
  RangeToDevice(long rangeBytes, Function<UnifiedRange, List<Slice>> written, long writtenBytes) {
    super(writtenBytes, 0);
    UnifiedRange allocated = memory().allocate(rangeBytes);
    range = allocated.all();
    this.written = written.apply(allocated);
    acquire(range, Access.READ);
  }

  @Override
  void write() {
    count++;
    try (HostLease lease = memory().host(Access.WRITE, written)) {
      lease.segments().forEach(segment -> Pages.touch(segment, count));
    }
  }

  @Override
  protected void work() {
    acquire(range, Access.READ);
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.Access;
import io.samepage.UnifiedRange;

/** Ours: a range that the device declares to have written as a whole, and that is leased to the host, which has touched its pages. */
final class RangeToHost extends UnifiedTransfer {
  private final UnifiedRange range;

  RangeToHost(long sizeBytes) {
    super(0, sizeBytes);
    range = memory().allocate(sizeBytes);
    try (var lease = range.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    acquire(range.all(), Access.READ);
  }

  @Override
  void write() {
    acquire(range.all(), Access.WRITE);
  }

  @Override
  protected void work() {
    range.host(Access.READ).close();
  }
}

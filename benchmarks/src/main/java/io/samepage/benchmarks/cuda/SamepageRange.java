package io.samepage.benchmarks.cuda;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.benchmarks.base.BenchmarkMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/** Ours: under leases of the pages, or by plain stores. */
final class SamepageRange implements ScatteredRange {
  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final DirtyPages pages;
  private final UnifiedArena arena;
  private final MemorySegment plain;
  private final Slice range;
  private final List<Slice> dirty;
  private final UnifiedRange numbers;
  private final UnifiedRange words;
  private final Kernel kernel;
  private long bytesToDevice;

  SamepageRange(long sizeBytes, HostAccess.Mode host) {
    pages = new DirtyPages(sizeBytes);
    boolean isTouched = host == HostAccess.Mode.TRANSPARENT;
    arena = isTouched ? memory.sharedArena() : null;
    plain = isTouched ? arena.allocate(sizeBytes, Long.BYTES) : null;
    range = isTouched ? memory.slice(plain) : memory.allocate(sizeBytes).all();
    dirty = Arrays.stream(pages.offsets()).mapToObj(offset -> range.slice(offset, PageKernels.PAGE_BYTES)).toList();
    numbers = memory.allocate(DirtyPages.NUMBERS_BYTES);
    words = memory.allocate(DirtyPages.WORDS_BYTES);
    try (HostLease lease = numbers.host(Access.WRITE)) {
      pages.putNumbers(lease.segment());
    }
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    kernel = BenchmarkMemory.device(memory).kernel(PageKernels.source(), PageKernels.READ);
  }

  @Override
  public void touch(long value) {
    if (plain != null) {
      pages.touch(plain, value);
    } else {
      try (HostLease lease = memory.host(Access.WRITE, dirty)) {
        lease.segments().forEach(page -> page.set(ValueLayout.JAVA_LONG, 0, value));
      }
    }
    bytesToDevice = memory.statistics().bytesToDevice();
  }

  @Override
  public void use() {
    kernel.launch(Grid.of(PageKernels.blocks(DirtyPages.COUNT) * PageKernels.THREADS).local(PageKernels.THREADS), Argument.in(range),
        Argument.in(numbers.all()), DirtyPages.COUNT, Argument.out(words.all())).await();
  }

  @Override
  public void checkMoved() {
    long moved = memory.statistics().bytesToDevice() - bytesToDevice;
    // Gaps between pages are bridged, by a twentieth more at most.
    if (moved < DirtyPages.TOTAL_BYTES || moved > DirtyPages.TOTAL_BYTES + DirtyPages.TOTAL_BYTES / 20) {
      throw new IllegalStateException("Something else was moved than what is measured: bytesToDevice=" + moved + ", expected="
          + DirtyPages.TOTAL_BYTES);
    }
  }

  @Override
  public void checkWords(long value) {
    try (HostLease lease = words.host(Access.READ)) {
      DirtyPages.check(lease.segment(), value);
    }
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
    }
    memory.close();
  }
}

package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.work.SparsePages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Managed memory of which a kernel has written a word of every page, and the host reads one here and there. */
final class ManagedPages implements AutoCloseable {
  static final long RANGE_BYTES = 256 << 20;
  private static final int COUNT = (int) (RANGE_BYTES / PageKernels.PAGE_BYTES);
  private static final long NUMBERS_BYTES = (long) COUNT * Integer.BYTES;
  /** All that is taken. */
  static final long TOTAL_BYTES = RANGE_BYTES + NUMBERS_BYTES;

  private final RawCuda cuda = new RawCuda();
  private final boolean isHinted;
  private final ManagedMemory range;
  private final CudaFunction write;
  private final long[] offsets = SparsePages.offsets(RANGE_BYTES);
  private int next;
  private long value;

  ManagedPages(boolean isHinted) {
    this.isHinted = isHinted;
    ManagedMemory all = ManagedMemory.allocate(cuda, TOTAL_BYTES, isHinted);
    range = all.slice(0, RANGE_BYTES);
    ManagedMemory numbers = all.slice(RANGE_BYTES, NUMBERS_BYTES);
    for (int i = 0; i < COUNT; i++) {
      numbers.segment().setAtIndex(ValueLayout.JAVA_INT, i, i);
    }
    if (isHinted) {
      range.advisePreferDevice();
      numbers.adviseReadMostly();
    }
    range.segment().fill((byte) 1);
    write = PageKernels.byHand(cuda, PageKernels.WRITE, range.address(), numbers.address(), COUNT, 0);
    write();
  }

  private void write() {
    write.set(PageKernels.VALUE_ARGUMENT, ++value);
    write.launch(PageKernels.blocks(COUNT), 1, PageKernels.THREADS, 1);
    cuda.finish();
    next = 0;
  }

  /** Sees to it that there is a page that the kernel wrote and the host has not touched since. */
  void prepare() {
    if (next == offsets.length) {
      write();
    }
  }

  /** Reads the page's word, the hints first. */
  long touch() {
    long offset = offsets[next++];
    if (isHinted) {
      range.slice(offset, PageKernels.PAGE_BYTES).prefetchToHost();
      cuda.finish();
    }
    MemorySegment memory = range.segment();
    return memory.get(ValueLayout.JAVA_LONG, offset);
  }

  /** Throws if a page has something else than the kernel wrote. */
  void check() {
    for (long offset = 0; offset < RANGE_BYTES; offset += PageKernels.PAGE_BYTES) {
      Expected.same("word at " + offset, range.segment().get(ValueLayout.JAVA_LONG, offset), value);
    }
  }

  @Override
  public void close() {
    cuda.close();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Moved;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.TimedRun;
import java.lang.foreign.MemorySegment;

/** Ours: a segment of an arena that a kernel writes, and that the host sums as it is. The host has touched its pages. */
final class SweptRange extends TimedRun {
  /** At most such a part of the pages may come before anything counts. */
  private static final int EARLY_PART = 16;

  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final UnifiedArena arena = memory.sharedArena();
  private final MemorySegment data;
  private final Slice slice;
  private final Kernel kernel;
  private final Moved moved = new Moved(memory);
  private long fetchedPages;
  /** What the sum before has had read ahead, and came behind this one's kernel, before anything counts. */
  private long earlyPages;
  private long first;
  private long sum;

  SweptRange(long sizeBytes) {
    data = arena.allocate(sizeBytes, Long.BYTES);
    data.fill((byte) 1);
    slice = memory.slice(data);
    kernel = BenchmarkMemory.device(memory).kernel(KernelSource.builder().openClC(SweepKernel.SOURCE).build(), SweepKernel.NAME);
  }

  @Override
  public void prepare() {
    long before = memory.hostStatistics().fetchedPages();
    kernel.launch(Grid.of(data.byteSize() / Long.BYTES), Argument.out(slice), Argument.value(++first)).await();
    moved.start();
    fetchedPages = memory.hostStatistics().fetchedPages();
    earlyPages = fetchedPages - before;
  }

  @Override
  protected void work() {
    sum = Pages.sum(data);
  }

  /** Checks the sum, and that all of the range was brought, once. */
  @Override
  public void finish() {
    SweepKernel.check(sum, first, data.byteSize() / Long.BYTES);
    moved.check(0, data.byteSize() - earlyPages * Pages.SIZE_BYTES);
    Expected.same("fetchedPages", memory.hostStatistics().fetchedPages() - fetchedPages, pages() - earlyPages);
  }

  @Override
  public void checkCounted() {
    Expected.atLeast("pages brought while it counts", pages() - earlyPages, pages() - pages() / EARLY_PART);
  }

  private long pages() {
    return data.byteSize() / Pages.SIZE_BYTES;
  }

  @Override
  public void close() {
    arena.close();
    memory.close();
  }
}

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
import io.samepage.benchmarks.turn.CountedRun;
import java.lang.foreign.MemorySegment;

/** Ours: a segment of an arena that a kernel writes, and that the host sums as it is. The host has touched its pages. */
final class SweptRange implements CountedRun {
  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final UnifiedArena arena = memory.sharedArena();
  private final MemorySegment data;
  private final Slice slice;
  private final Kernel kernel;
  private final Moved moved = new Moved(memory);
  private long fetchedPages;
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
    // From here on: where the sum before has read ahead, pages may be brought behind the kernel by themselves.
    moved.start();
    fetchedPages = memory.hostStatistics().fetchedPages();
    kernel.launch(Grid.of(data.byteSize() / Long.BYTES), Argument.out(slice), Argument.value(++first)).await();
  }

  @Override
  public long run() {
    long start = System.nanoTime();
    sum = Pages.sum(data);
    return System.nanoTime() - start;
  }

  /** Checks the sum, and that all of the range was brought, once. */
  @Override
  public void finish() {
    SweepKernel.check(sum, first, data.byteSize() / Long.BYTES);
    moved.check(0, data.byteSize());
    Expected.same("fetchedPages", memory.hostStatistics().fetchedPages() - fetchedPages, data.byteSize() / Pages.SIZE_BYTES);
  }

  @Override
  public void close() {
    arena.close();
    memory.close();
  }
}

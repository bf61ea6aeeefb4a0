package io.samepage.benchmarks.launch;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Moved;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.TimedRun;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Ours: a range that host and device both have, and of which the host changes a page before the kernel is launched. */
final class ChangedRange extends TimedRun {
  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final PageChanges changes;
  private final Slice slice;
  private final UnifiedRange result;
  private final Kernel kernel;
  private final Moved moved;
  /** Null under leases. */
  private UnifiedArena arena;
  private MemorySegment plain;

  /** Makes the range; the host writes it all and the device gets it. */
  ChangedRange(long sizeBytes, HostAccess.Mode host) {
    changes = new PageChanges(sizeBytes);
    if (host == HostAccess.Mode.TRANSPARENT) {
      arena = memory.sharedArena();
      plain = arena.allocate(sizeBytes, Long.BYTES);
      plain.fill((byte) 1);
      slice = memory.slice(plain);
    } else {
      slice = memory.allocate(sizeBytes).all();
      try (HostLease lease = slice.host(Access.WRITE)) {
        lease.segment().fill((byte) 1);
      }
    }
    result = memory.allocate(Integer.BYTES);
    kernel = BenchmarkMemory.device(memory).kernel(KernelSource.builder().openClC(PageChanges.SOURCE).build(), PageChanges.KERNEL);
    launch();
    moved = new Moved(memory);
  }

  @Override
  public void prepare() {
    changes.next();
    moved.start();
  }

  @Override
  protected void work() {
    change();
    launch();
  }

  private void change() {
    if (plain != null) {
      changes.fill(plain.asSlice(changes.offsetBytes(), Pages.SIZE_BYTES));
      return;
    }
    try (HostLease lease = slice.slice(changes.offsetBytes(), Pages.SIZE_BYTES).host(Access.WRITE)) {
      changes.fill(lease.segment());
    }
  }

  private void launch() {
    Object data = plain == null ? slice : plain;
    kernel.launch(Grid.of(1), data, changes.index(), result).await();
  }

  /** Checks that the page was moved and no other, and that the kernel saw what was written. */
  @Override
  public void finish() {
    moved.check(Pages.SIZE_BYTES, 0);
    try (HostLease lease = result.host(Access.READ)) {
      Expected.same("element", lease.segment().get(ValueLayout.JAVA_INT, 0), changes.value());
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

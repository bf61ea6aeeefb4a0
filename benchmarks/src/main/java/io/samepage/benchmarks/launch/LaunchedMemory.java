package io.samepage.benchmarks.launch;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Pages;
import java.lang.foreign.MemorySegment;

/** A memory, and what of it launches are given: the host has touched each page. */
final class LaunchedMemory implements AutoCloseable {
  private final UnifiedMemory memory = BenchmarkMemory.open();
  /** Null where there are ranges alone. */
  private UnifiedArena arena;

  UnifiedMemory memory() {
    return memory;
  }

  /** A range, written under a lease. */
  Slice range(long sizeBytes) {
    Slice slice = memory.allocate(sizeBytes).all();
    try (HostLease lease = slice.host(Access.WRITE)) {
      Pages.touch(lease.segment(), 1);
    }
    return slice;
  }

  /** A segment of an arena. */
  MemorySegment segment(long sizeBytes) {
    arena = memory.sharedArena();
    MemorySegment segment = arena.allocate(sizeBytes, Long.BYTES);
    Pages.touch(segment, 1);
    return segment;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
    }
    memory.close();
  }
}

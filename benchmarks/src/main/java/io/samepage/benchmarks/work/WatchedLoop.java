package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import java.lang.foreign.MemorySegment;

/** Ours: a segment that the embedded device has read, and the host has touched since, so that nothing of it is brought by the loops. */
final class WatchedLoop extends MemoryLoop {
  private final UnifiedMemory memory = BenchmarkMemory.openEmbedded();
  private final UnifiedArena arena = memory.sharedArena();
  private final MemorySegment data;
  private final long faults;

  WatchedLoop(TransparentLoop.Loop loop, long sizeBytes) {
    super(loop);
    data = allocate(arena, sizeBytes);
    BenchmarkMemory.device(memory).acquire(memory.slice(data), Access.READ).close();
    touch();
    faults = memory.hostStatistics().faults();
  }

  @Override
  MemorySegment data() {
    return data;
  }

  /** Throws if something was not there all the time, too. */
  @Override
  public void check() {
    Expected.same("faults", memory.hostStatistics().faults() - faults, 0);
    super.check();
  }

  @Override
  public void close() {
    arena.close();
    memory.close();
  }
}

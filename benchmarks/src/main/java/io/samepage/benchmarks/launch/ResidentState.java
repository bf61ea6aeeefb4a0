package io.samepage.benchmarks.launch;

import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Pages;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.TearDown;

/** {@link LaunchState} of ours: a memory, and launches of it. */
public abstract class ResidentState extends LaunchState {
  final UnifiedMemory memory = BenchmarkMemory.open();
  private UnifiedArena arena;

  /** Nothing is there yet but the memory. */
  protected ResidentState() {}

  /** A segment of an arena, of which the host has touched each page. */
  MemorySegment segment(long sizeBytes) {
    arena = memory.sharedArena();
    MemorySegment segment = arena.allocate(sizeBytes, Long.BYTES);
    Pages.touch(segment, 1);
    return segment;
  }

  /** Compiles and warms up. */
  void prepare(boolean writes, Slice data, Object[]... arguments) {
    prepare(new SubmittedLaunches(memory, writes, data, arguments));
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    if (arena != null) {
      arena.close();
    }
    memory.close();
  }
}

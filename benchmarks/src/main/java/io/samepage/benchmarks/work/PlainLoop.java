package io.samepage.benchmarks.work;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The baseline: memory that nobody watches. */
final class PlainLoop extends MemoryLoop {
  private final Arena arena = Arena.ofShared();
  private final MemorySegment data;

  PlainLoop(TransparentLoop.Loop loop, long sizeBytes) {
    super(loop);
    data = allocate(arena, sizeBytes);
    touch();
  }

  @Override
  MemorySegment data() {
    return data;
  }

  @Override
  public void close() {
    arena.close();
  }
}

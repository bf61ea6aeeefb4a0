package io.samepage.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Structs of one size that the fault handler looks at: memory that it may still look at is never unmapped, but used again. */
final class StructPool {
  private final Arena arena;
  private final long sizeBytes;
  private final Queue<MemorySegment> unused = new ConcurrentLinkedQueue<>();

  StructPool(Arena arena, long sizeBytes) {
    this.arena = arena;
    this.sizeBytes = sizeBytes;
  }

  /** A struct, zero. */
  MemorySegment take() {
    MemorySegment used = unused.poll();
    return used == null ? arena.allocate(sizeBytes, Long.BYTES) : used.fill((byte) 0);
  }

  void give(MemorySegment struct) {
    unused.add(struct);
  }
}

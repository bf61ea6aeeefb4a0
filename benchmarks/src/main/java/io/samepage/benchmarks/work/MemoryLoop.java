package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.TimedRun;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** A loop over memory that has been touched; the same for both sides, in pages as small. */
abstract class MemoryLoop extends TimedRun {
  private static final long ALIGNMENT_BYTES = 64 << 10;

  private final TransparentLoop.Loop loop;
  private long runs;
  private long result;

  MemoryLoop(TransparentLoop.Loop loop) {
    this.loop = loop;
  }

  static MemorySegment allocate(SegmentAllocator allocator, long sizeBytes) {
    return allocator.allocate(sizeBytes, ALIGNMENT_BYTES).fill((byte) 0);
  }

  /** The memory: floats, all of which are 1 at the beginning. */
  abstract MemorySegment data();

  /** Makes it so; all of it is touched. */
  final void touch() {
    TransparentLoop.Loop.ADD.run(data());
    SmallPages.check(data());
  }

  @Override
  protected final void work() {
    runs++;
    result = loop.run(data());
  }

  @Override
  public void check() {
    float element = loop == TransparentLoop.Loop.ADD ? 1 + runs : 1;
    MemorySegment data = data();
    long count = data.byteSize() / Float.BYTES;
    for (long i = 0; i < count; i++) {
      Expected.same("element", Float.floatToIntBits(data.getAtIndex(ValueLayout.JAVA_FLOAT, i)), Float.floatToIntBits(element));
    }
    Expected.same("result", result, loop == TransparentLoop.Loop.ADD ? count : Pages.sum(data));
  }
}

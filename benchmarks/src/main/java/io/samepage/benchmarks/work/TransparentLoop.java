package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Param;

/**
 * Loops over a segment of an arena that the embedded device has read and the host has touched since, against the same loops over memory
 * in pages as small that nobody watches.
 */
public class TransparentLoop extends TimedState {
  private static final long SIZE_BYTES = 16 << 20;
  private static final long LITTLE_BYTES = 64 << 10;

  /** What is done with the memory. */
  public enum Loop {
    /** Longs are summed. */
    SUM {
      @Override
      long run(MemorySegment memory) {
        return Pages.sum(memory);
      }
    },
    /** One is added to each float. */
    ADD {
      @Override
      long run(MemorySegment memory) {
        int count = (int) (memory.byteSize() / Float.BYTES);
        for (int i = 0; i < count; i++) {
          memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, memory.getAtIndex(ValueLayout.JAVA_FLOAT, i) + 1);
        }
        return count;
      }
    };

    abstract long run(MemorySegment memory);
  }

  /** What is done. */
  @Param
  public Loop loop;

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new WatchedLoop(loop, sizeBytes(isSmall));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new PlainLoop(loop, sizeBytes(isSmall));
  }

  private static long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : SIZE_BYTES;
  }
}

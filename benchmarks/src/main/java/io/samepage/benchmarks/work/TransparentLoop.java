package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Loops over a segment of an arena whose pages are all on the host, against the same loops over plain memory in pages as small. */
@BenchmarkMode(Mode.SampleTime)
public class TransparentLoop {
  /** By which name the loops over plain memory are run in turn: that of their method. */
  public static final String PLAIN = "plain";

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

  /** A segment that the embedded device has read, and the host has touched since. */
  @State(Scope.Thread)
  public static class Resident extends TimedState {
    /** What is done. */
    @Param
    public Loop loop;

    /** Both are much the same. */
    public Resident() {
      super(Order.ALTERNATING, PLAIN);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
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

  /** Memory that nobody watches. */
  @State(Scope.Thread)
  public static class Plain extends Resident {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Runs the loop once.
   *
   * @param state the segment
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Resident state, Counted counted) {
    state.run(counted);
  }

  /**
   * Runs the loop once.
   *
   * @param state the memory
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void plain(Plain state, Counted counted) {
    state.run(counted);
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Loops over a segment of an arena whose pages are all on the host, against the same loops over plain memory in pages as small. */
@BenchmarkMode(Mode.AverageTime)
public class TransparentLoop {
  private static final long SIZE_BYTES = 16 << 20;
  private static final long ALIGNMENT_BYTES = 64 << 10;

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
  public static class Resident {
    /** What is done. */
    @Param
    public Loop loop;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment data;
    private long faults;

    /** Makes the segment. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.openEmbedded();
      arena = memory.sharedArena();
      data = arena.allocate(SIZE_BYTES, ALIGNMENT_BYTES);
      data.fill((byte) 0);
      BenchmarkMemory.device(memory).acquire(memory.slice(data), Access.READ).close();
      Loop.ADD.run(data);
      SmallPages.check(data);
    }

    /** Begins to look for faults. */
    @Setup(Level.Iteration)
    public void start() {
      faults = memory.hostStatistics().faults();
    }

    /** Checks that everything was there all the time. */
    @TearDown(Level.Iteration)
    public void check() {
      Expected.same("faults", memory.hostStatistics().faults() - faults, 0);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      arena.close();
      memory.close();
    }
  }

  /** Memory that nobody watches. */
  @State(Scope.Thread)
  public static class Plain {
    /** What is done. */
    @Param
    public Loop loop;

    private Arena arena;
    private MemorySegment data;

    /** Touches the memory. */
    @Setup
    public void open() {
      arena = Arena.ofShared();
      data = arena.allocate(SIZE_BYTES, ALIGNMENT_BYTES);
      data.fill((byte) 0);
      Loop.ADD.run(data);
      SmallPages.check(data);
    }

    /** Gives it back. */
    @TearDown
    public void close() {
      arena.close();
    }
  }

  /**
   * Runs the loop once.
   *
   * @param state the segment
   * @return what came of it
   */
  @Benchmark
  public long samepage(Resident state) {
    return state.loop.run(state.data);
  }

  /**
   * Runs the loop once.
   *
   * @param state the memory
   * @return what came of it
   */
  @Benchmark
  public long plain(Plain state) {
    return state.loop.run(state.data);
  }
}

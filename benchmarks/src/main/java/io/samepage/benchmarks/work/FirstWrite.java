package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.HostStatistics;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.Scatter;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The host writes eight bytes of a page that it has, the first ones since a device was given the page: the write is noted. Against the
 * same write into pages that count as written already. Each write is timed alone, the clock's own time included on both sides.
 */
@BenchmarkMode(Mode.SampleTime)
public class FirstWrite {
  private static final long SEED = 4;

  /** Random pages, each written once before the embedded device is given the range again. */
  @State(Scope.Thread)
  public static class CleanPages {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment data;
    private long[] offsets;
    private int next;
    private HostStatistics before;

    /** Makes the range; the host has all of it, and has written all of it. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.openEmbedded();
      arena = memory.sharedArena();
      data = arena.allocate((long) rangeMib << 20, Long.BYTES);
      data.fill((byte) 1);
      Random places = new Random(SEED);
      offsets = Scatter.RANDOM.pages(rangeMib << 8).limit(Scatter.PAGES)
          .mapToLong(page -> (long) page * Pages.SIZE_BYTES + Long.BYTES * places.nextLong(Pages.SIZE_BYTES / Long.BYTES)).toArray();
      next = offsets.length;
      before = memory.hostStatistics();
    }

    /** After the last page the first one again. */
    @Setup(Level.Invocation)
    public void prepare() {
      if (next == offsets.length) {
        next = 0;
        renew();
      }
    }

    /** Makes all pages clean, and checks that those and no others had been written. */
    void renew() {
      boolean isFirst = before.writtenPages() == 0;
      BenchmarkMemory.device(memory).acquire(memory.slice(data), Access.READ).close();
      HostStatistics now = memory.hostStatistics();
      Expected.same("writtenPages", now.writtenPages() - before.writtenPages(), isFirst ? data.byteSize() / Pages.SIZE_BYTES
          : offsets.length);
      Expected.same("faults", now.faults() - before.faults(), 0);
      before = now;
    }

    void write() {
      data.set(ValueLayout.JAVA_LONG, offsets[next], next);
      next++;
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      arena.close();
      memory.close();
    }
  }

  /** The same pages, which stay as written as they are. */
  @State(Scope.Thread)
  public static class WrittenPages extends CleanPages {
    @Override
    void renew() {
      // No device is given the pages.
    }
  }

  /**
   * Writes into a clean page.
   *
   * @param state the pages
   */
  @Benchmark
  public void samepage(CleanPages state) {
    state.write();
  }

  /**
   * Writes into a page that was written.
   *
   * @param state the pages
   */
  @Benchmark
  public void again(WrittenPages state) {
    state.write();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Pages that the host has written here and there go to the device, against one blocking write of as many bytes in a run. */
@BenchmarkMode(Mode.SampleTime)
public class ScatteredToDevice {
  private static final int FEW_PAGES = 64;

  /** Before each acquire of the whole range the host writes a word of each of the pages. */
  @State(Scope.Thread)
  public static class Written {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** Which pages. */
    @Param
    public Scatter scatter;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private UnifiedMemory memory;
    private UnifiedRange range;
    private List<Slice> dirty;
    private Moved moved;
    private long count;

    /** Opens the memory; the device has the whole range. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      range = memory.allocate((long) rangeMib << 20);
      dirty = scatter.slices(range);
      BenchmarkMemory.device(memory).acquire(range.all(), Access.READ).close();
      moved = new Moved(memory);
      List<Slice> few = dirty.subList(0, FEW_PAGES);
      WarmUp.run(warmMillis, () -> {
        write(few);
        acquire();
      }, () -> {
        write();
        acquire();
        check();
      });
    }

    private void write(List<Slice> pages) {
      count++;
      try (HostLease lease = memory.host(Access.WRITE, pages)) {
        lease.segments().forEach(page -> Pages.touch(page, count));
      }
    }

    private void acquire() {
      BenchmarkMemory.device(memory).acquire(range.all(), Access.READ).close();
    }

    /** The host writes. */
    @Setup(Level.Invocation)
    public void write() {
      write(dirty);
      moved.start();
    }

    /** Checks that the measured part moved these pages and no others. */
    @TearDown(Level.Invocation)
    public void check() {
      moved.check(Scatter.BYTES, 0);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      memory.close();
    }
  }

  /**
   * Acquires the whole range and closes.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Written state) {
    state.acquire();
  }

  /**
   * Writes the buffer.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(RawPages state) {
    state.device().write();
  }
}

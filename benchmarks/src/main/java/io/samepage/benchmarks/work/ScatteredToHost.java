package io.samepage.benchmarks.work;

import io.samepage.Access;
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

/** Pages that kernels have written here and there go to the host, against one blocking read of as many bytes in a run. */
@BenchmarkMode(Mode.SampleTime)
public class ScatteredToHost {
  /** Over what the host lease is opened. */
  public enum Lease {
    /** The whole range. */
    RANGE,
    /** The written pages, each a slice of its own. */
    SLICES
  }

  /** Before each host lease kernels write a word of each of the pages. */
  @State(Scope.Thread)
  public static class Written {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** Which pages. */
    @Param
    public Scatter scatter;
    /** What is leased. */
    @Param
    public Lease lease;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private UnifiedMemory memory;
    private List<Slice> leased;
    private PageWriter writer;
    private Moved moved;

    /** Opens the memory; the host has touched the pages, and the device has the whole range. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      UnifiedRange range = memory.allocate((long) rangeMib << 20);
      List<Slice> dirty = scatter.slices(range);
      leased = lease == Lease.RANGE ? List.of(range.all()) : dirty;
      try (var touching = memory.host(Access.WRITE, dirty)) {
        touching.segments().forEach(page -> page.fill((byte) 1));
      }
      BenchmarkMemory.device(memory).acquire(range.all(), Access.READ).close();
      writer = new PageWriter(BenchmarkMemory.device(memory), dirty);
      moved = new Moved(memory);
      WarmUp.run(warmMillis, this::bring);
    }

    private void bring() {
      write();
      lease();
      check();
    }

    private void lease() {
      memory.host(Access.READ, leased).close();
    }

    /** Kernels write. */
    @Setup(Level.Invocation)
    public void write() {
      writer.write();
      moved.start();
    }

    /** Checks that the measured part moved these pages and no others. */
    @TearDown(Level.Invocation)
    public void check() {
      moved.check(0, Scatter.BYTES);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      memory.close();
    }
  }

  /**
   * Opens a host lease and closes it.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Written state) {
    state.lease();
  }

  /**
   * Reads the buffer.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(RawPages state) {
    state.device().read();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A range that the host has written goes to the device as a whole, against one blocking write of as many bytes. */
@BenchmarkMode(Mode.SampleTime)
public class BulkToDevice {
  private static final long LITTLE_BYTES = 64 << 10;

  /** Before each acquire the host writes a word of each page of the range. */
  @State(Scope.Thread)
  public static class Written {
    /** How much is moved. */
    @Param({"2", "16", "256"})
    public int sizeMib;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private UnifiedMemory memory;
    private UnifiedRange range;
    private Moved moved;
    private long count;

    /** Opens the memory. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      range = memory.allocate((long) sizeMib << 20);
      moved = new Moved(memory);
      Slice little = memory.allocate(LITTLE_BYTES).all();
      WarmUp.run(warmMillis, () -> {
        write(little);
        acquire(little);
      }, () -> {
        write();
        acquire(range.all());
        check();
      });
    }

    private void acquire(Slice slice) {
      BenchmarkMemory.device(memory).acquire(slice, Access.READ).close();
    }

    private void write(Slice slice) {
      try (HostLease lease = slice.host(Access.WRITE)) {
        Pages.touch(lease.segment(), ++count);
      }
    }

    /** The host writes. */
    @Setup(Level.Invocation)
    public void write() {
      write(range.all());
      moved.start();
    }

    /** Checks what the measured part moved. */
    @TearDown(Level.Invocation)
    public void check() {
      moved.check(range.sizeBytes(), 0);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      memory.close();
    }
  }

  /** Before each copy a word of each page is written. */
  @State(Scope.Thread)
  public static class RawWritten {
    /** How much is moved. */
    @Param({"2", "16", "256"})
    public int sizeMib;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private RawDevice device;
    private long count;

    /** Makes queue and buffer. */
    @Setup
    public void open() {
      device = new RawDevice((long) sizeMib << 20);
      WarmUp.run(warmMillis, this::writeOnce);
    }

    private void writeOnce() {
      write();
      device.write();
    }

    /** The host writes. */
    @Setup(Level.Invocation)
    public void write() {
      Pages.touch(device.host(), ++count);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      device.close();
    }
  }

  /**
   * Acquires and closes.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Written state) {
    state.acquire(state.range.all());
  }

  /**
   * Writes the buffer.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(RawWritten state) {
    state.device.write();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
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

/** A range that the device has written goes to the host as a whole, against one blocking read of as many bytes. */
@BenchmarkMode(Mode.SampleTime)
public class BulkToHost {
  private static final long LITTLE_BYTES = 64 << 10;

  /** Before each lease the device declares that it has written the range. */
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

    /** Opens the memory; the host has touched its pages. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      range = memory.allocate((long) sizeMib << 20);
      try (var lease = range.host(Access.WRITE)) {
        lease.segment().fill((byte) 1);
      }
      BenchmarkMemory.device(memory).acquire(range.all(), Access.READ).close();
      moved = new Moved(memory);
      Slice little = memory.allocate(LITTLE_BYTES).all();
      WarmUp.run(warmMillis, () -> {
        write(little);
        little.host(Access.READ).close();
      }, () -> {
        write();
        range.host(Access.READ).close();
        check();
      });
    }

    private void write(Slice slice) {
      BenchmarkMemory.device(memory).acquire(slice, Access.WRITE).close();
    }

    /** The device writes. */
    @Setup(Level.Invocation)
    public void write() {
      write(range.all());
      moved.start();
    }

    /** Checks what the measured part moved. */
    @TearDown(Level.Invocation)
    public void check() {
      moved.check(0, range.sizeBytes());
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      memory.close();
    }
  }

  /** A buffer to be read. */
  @State(Scope.Thread)
  public static class RawWritten {
    /** How much is moved. */
    @Param({"2", "16", "256"})
    public int sizeMib;
    /** How long it warms up. */
    @Param("3000")
    public int warmMillis;

    private RawDevice device;

    /** Makes queue and buffer. */
    @Setup
    public void open() {
      device = new RawDevice((long) sizeMib << 20);
      WarmUp.run(warmMillis, device::read);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      device.close();
    }
  }

  /**
   * Opens a host lease and closes it.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Written state) {
    state.range.host(Access.READ).close();
  }

  /**
   * Reads the buffer.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(RawWritten state) {
    state.device.read();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Leases that are opened and closed where the pages are there already: the cost of declaring access alone. */
@BenchmarkMode(Mode.AverageTime)
@State(Scope.Thread)
public class ResidentLeases {
  private static final long SIZE_BYTES = 1 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private UnifiedMemory memory;
  private Device device;
  private Slice slice;
  private List<Slice> slices;

  /** Opens the memory; host and device both have the range. */
  @Setup
  public void open() {
    memory = BenchmarkMemory.open();
    device = BenchmarkMemory.device(memory);
    slice = memory.allocate(SIZE_BYTES).all();
    slices = List.of(slice);
    try (var lease = slice.host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
    }
    device.acquire(slice, Access.READ).close();
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    memory.close();
  }

  /** A device lease. */
  @Benchmark
  public void device() {
    device.acquire(slice, Access.READ).close();
  }

  /** A host lease of the thread's own. */
  @Benchmark
  public void hostConfined() {
    slice.host(Access.READ).close();
  }

  /** A host lease that other threads may use. */
  @Benchmark
  public void hostShared() {
    memory.hostShared(Access.READ, slices, TIMEOUT).close();
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Leases that are opened and closed where the pages are there already: the cost of declaring access alone. */
@BenchmarkMode(Mode.AverageTime)
@State(Scope.Benchmark)
public class ResidentLeases {
  private static final int LEASES = 1_000;
  private static final int SHARED_LEASES = 10;
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

  /**
   * Device leases, of which the handle is used.
   *
   * @return the handles, summed up
   */
  @Benchmark
  @OperationsPerInvocation(LEASES)
  public long device() {
    long sum = 0;
    for (int i = 0; i < LEASES; i++) {
      try (DeviceLease lease = device.acquire(slice, Access.READ)) {
        sum += lease.handle();
      }
    }
    return sum;
  }

  /**
   * Device leases that are given away.
   *
   * @param blackhole who gets them
   */
  @Benchmark
  @OperationsPerInvocation(LEASES)
  public void deviceGivenAway(Blackhole blackhole) {
    for (int i = 0; i < LEASES; i++) {
      try (DeviceLease lease = device.acquire(slice, Access.READ)) {
        blackhole.consume(lease);
      }
    }
  }

  /** Host leases of the thread's own. */
  @Benchmark
  @OperationsPerInvocation(LEASES)
  public void hostConfined() {
    for (int i = 0; i < LEASES; i++) {
      slice.host(Access.READ).close();
    }
  }

  /**
   * Host leases of the thread's own, of which the segment is used.
   *
   * @return bytes of it, summed up
   */
  @Benchmark
  @OperationsPerInvocation(LEASES)
  public long hostConfinedUsed() {
    long sum = 0;
    for (int i = 0; i < LEASES; i++) {
      try (HostLease lease = slice.host(Access.READ)) {
        sum += lease.segment().get(ValueLayout.JAVA_BYTE, i);
      }
    }
    return sum;
  }

  /** Host leases that other threads may use. */
  @Benchmark
  @OperationsPerInvocation(SHARED_LEASES)
  public void hostShared() {
    for (int i = 0; i < SHARED_LEASES; i++) {
      memory.hostShared(Access.READ, slices, TIMEOUT).close();
    }
  }
}

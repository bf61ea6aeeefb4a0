package io.samepage.benchmarks.starpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What StarPU's way of declaring access costs where there is nothing to move: acquire and release, again and again, in C. */
@BenchmarkMode(Mode.AverageTime)
@State(Scope.Thread)
public class StarPuLeases {
  private static final int LEASES = 1_000;
  private static final long SIZE_BYTES = 1 << 20;
  private static final String SOURCE = "__kernel void nothing(__global char* data) {}";

  private Arena arena;
  private StarPuNative starPu;
  private MemorySegment data;

  /** Makes the array. */
  @Setup
  public void open() {
    arena = Arena.ofConfined();
    starPu = new StarPuNative(SOURCE);
    data = starPu.register(arena.allocate(SIZE_BYTES, Long.BYTES));
  }

  /** Acquires and releases. */
  @Benchmark
  @OperationsPerInvocation(LEASES)
  public void starPu() {
    starPu.acquireOften(data, LEASES);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    starPu.unregister(data);
    starPu.close();
    arena.close();
  }
}

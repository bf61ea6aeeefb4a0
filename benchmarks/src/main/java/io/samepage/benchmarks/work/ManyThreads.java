package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import java.lang.foreign.ValueLayout;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * How the cost of passing a page from the host to the embedded device depends on how many threads do it, each with a range of its own in
 * one memory. What counts is the time after which one of them has passed one more page.
 */
@BenchmarkMode(Mode.AverageTime)
public class ManyThreads {
  private static final int TURNS = 100;

  /** The memory of all threads. */
  @State(Scope.Benchmark)
  public static class Shared {
    private UnifiedMemory memory;
    private Device device;

    /** Opens it. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.openEmbedded();
      device = BenchmarkMemory.device(memory);
    }

    /** Checks that pages were copied; gives everything back. */
    @TearDown
    public void close() {
      Expected.atLeast("bytesToDevice", memory.statistics().bytesToDevice(), TURNS * Pages.SIZE_BYTES);
      memory.close();
    }
  }

  /** A thread's range. */
  @State(Scope.Thread)
  public static class Own {
    private Slice slice;
    private long count;

    /**
     * Makes it.
     *
     * @param shared in which memory
     */
    @Setup
    public void open(Shared shared) {
      slice = shared.memory.allocate(Pages.SIZE_BYTES).all();
    }

    private void pass(Device device) {
      for (int i = 0; i < TURNS; i++) {
        try (HostLease lease = slice.host(Access.WRITE)) {
          lease.segment().set(ValueLayout.JAVA_LONG, 0, ++count);
        }
        device.acquire(slice, Access.READ).close();
      }
    }
  }

  /**
   * One thread.
   *
   * @param shared the memory
   * @param own the range
   */
  @Benchmark
  @OperationsPerInvocation(TURNS)
  public void one(Shared shared, Own own) {
    own.pass(shared.device);
  }

  /**
   * Two threads.
   *
   * @param shared the memory
   * @param own the thread's range
   */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(2 * TURNS)
  public void two(Shared shared, Own own) {
    own.pass(shared.device);
  }

  /**
   * Four threads.
   *
   * @param shared the memory
   * @param own the thread's range
   */
  @Benchmark
  @Threads(4)
  @OperationsPerInvocation(4 * TURNS)
  public void four(Shared shared, Own own) {
    own.pass(shared.device);
  }

  /**
   * Eight threads.
   *
   * @param shared the memory
   * @param own the thread's range
   */
  @Benchmark
  @Threads(8)
  @OperationsPerInvocation(8 * TURNS)
  public void eight(Shared shared, Own own) {
    own.pass(shared.device);
  }
}

package io.samepage.benchmarks.launch;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.turn.Counted;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An empty kernel is launched again and again on memory that the device has: the time to submit it while the device is busy with another
 * kernel, and what that allocates, against argument, enqueue and release of the event by hand. A figure is the mean of a thousand
 * launches; the table has the middle one of those.
 */
@BenchmarkMode(Mode.SampleTime)
public class LaunchSubmit {
  /** What the kernel is given. */
  public enum Data {
    /** A range. */
    RANGE,
    /** The second half of a range that is twice as large. The baseline has a buffer of its own for it. */
    PART,
    /** A segment of an arena, which the host has not touched since. */
    SEGMENT
  }

  /** Memory that the device has. */
  @State(Scope.Thread)
  public static class Resident extends ResidentState {
    /** What the kernel is given. */
    @Param
    public Data data;
    /** How much that is. */
    @Param("64")
    public int sizeKib;
    /** Whether the kernel may write it, so that each launch depends on the one before. */
    @Param({"false", "true"})
    public boolean writes;

    /** Makes memory and kernels. */
    @Setup
    public void open() {
      Object argument = argument((long) sizeKib << 10);
      Slice slice = argument instanceof MemorySegment segment ? memory.slice(segment) : (Slice) argument;
      prepare(writes, slice, new Object[] {argument});
    }

    private Object argument(long sizeBytes) {
      return switch (data) {
        case RANGE -> written(memory.allocate(sizeBytes).all());
        case PART -> written(memory.allocate(2 * sizeBytes).all()).slice(sizeBytes, sizeBytes);
        case SEGMENT -> segment(sizeBytes);
      };
    }

    private static Slice written(Slice slice) {
      try (HostLease lease = slice.host(Access.WRITE)) {
        Pages.touch(lease.segment(), 1);
      }
      return slice;
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw extends RawLaunchState {
    /** How large it is. */
    @Param("64")
    public int sizeKib;
    /** Whether the kernel may write it. */
    @Param({"false", "true"})
    public boolean writes;

    @Override
    long sizeBytes() {
      return (long) sizeKib << 10;
    }

    @Override
    boolean writes() {
      return writes;
    }
  }

  /**
   * Submits the launches.
   *
   * @param state the memory
   * @param counted where it is entered what that allocates
   */
  @Benchmark
  @OperationsPerInvocation(LaunchState.Launches.COUNT)
  public void samepage(Resident state, Counted counted) {
    counted.start();
    state.submit();
    counted.stop(LaunchState.Launches.COUNT);
  }

  /**
   * Submits the launches.
   *
   * @param state the buffer
   */
  @Benchmark
  @OperationsPerInvocation(LaunchState.Launches.COUNT)
  public void lwjgl(Raw state) {
    state.submit();
  }
}

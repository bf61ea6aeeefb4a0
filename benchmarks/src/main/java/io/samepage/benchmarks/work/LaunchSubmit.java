package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;

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
  public static class Resident {
    /** What the kernel is given. */
    @Param
    public Data data;
    /** How much that is. */
    @Param("64")
    public int sizeKib;
    /** Whether the kernel may write it, so that each launch depends on the one before. */
    @Param({"false", "true"})
    public boolean writes;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private SubmittedLaunches launches;

    /** Makes memory and kernels. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      Object argument = argument((long) sizeKib << 10);
      Slice slice = argument instanceof MemorySegment segment ? memory.slice(segment) : (Slice) argument;
      launches = new SubmittedLaunches(memory, writes, slice, new Object[] {argument});
    }

    private Object argument(long sizeBytes) {
      return switch (data) {
        case RANGE -> written(memory.allocate(sizeBytes).all());
        case PART -> written(memory.allocate(2 * sizeBytes).all()).slice(sizeBytes, sizeBytes);
        case SEGMENT -> {
          arena = memory.sharedArena();
          MemorySegment segment = arena.allocate(sizeBytes, Long.BYTES);
          Pages.touch(segment, 1);
          yield segment;
        }
      };
    }

    private static Slice written(Slice slice) {
      try (HostLease lease = slice.host(Access.WRITE)) {
        Pages.touch(lease.segment(), 1);
      }
      return slice;
    }

    /** Makes the device busy. */
    @Setup(Level.Invocation)
    public void occupy() {
      launches.occupy();
    }

    /**
     * Checks that what was done is what is measured.
     *
     * @param iteration whether it counts
     */
    @TearDown(Level.Invocation)
    public void check(IterationParams iteration) {
      launches.check(iteration);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      if (arena != null) {
        arena.close();
      }
      memory.close();
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw {
    /** How large it is. */
    @Param("64")
    public int sizeKib;
    /** Whether the kernel may write it. */
    @Param({"false", "true"})
    public boolean writes;

    private RawLaunches launches;

    /** Makes buffer and kernels. */
    @Setup
    public void open() {
      launches = new RawLaunches((long) sizeKib << 10, writes);
    }

    /** Makes the device busy. */
    @Setup(Level.Invocation)
    public void occupy() {
      launches.occupy();
    }

    /**
     * Checks that all was submitted while the device was busy.
     *
     * @param iteration whether it counts
     */
    @TearDown(Level.Invocation)
    public void check(IterationParams iteration) {
      launches.check(iteration);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      launches.close();
    }
  }

  /**
   * Submits the launches.
   *
   * @param state the memory
   * @param counted where it is entered what that allocates
   */
  @Benchmark
  @OperationsPerInvocation(SubmittedLaunches.COUNT)
  public void samepage(Resident state, Counted counted) {
    counted.start();
    state.launches.submit();
    counted.stop(SubmittedLaunches.COUNT);
  }

  /**
   * Submits the launches.
   *
   * @param state the buffer
   */
  @Benchmark
  @OperationsPerInvocation(SubmittedLaunches.COUNT)
  public void lwjgl(Raw state) {
    state.launches.submit();
  }
}

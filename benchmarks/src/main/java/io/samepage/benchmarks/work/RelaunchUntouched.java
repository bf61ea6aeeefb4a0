package io.samepage.benchmarks.work;

import io.samepage.Argument;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
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
 * A kernel that does nothing is launched again and again on memory of an arena that the host has not touched since: the time to submit
 * it while the device is busy with another kernel, against argument, enqueue and release of the event by hand.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchUntouched {
  /** What the kernel says that it does with the memory. */
  public enum Use {
    /** It reads the whole range. */
    IN,
    /** It reads and writes the whole range, so that each launch depends on the one before. */
    IN_OUT,
    /** It writes, each launch a part of the range of its own. */
    IN_OUT_PARTS;

    private static final int PARTS = 1_024;

    /** The argument of each launch; there may be fewer, then they are used again from the first one on. */
    List<Argument> arguments(Slice all) {
      if (this != IN_OUT_PARTS) {
        return List.of(this == IN ? Argument.in(all) : Argument.inOut(all));
      }
      long partBytes = all.sizeBytes() / PARTS;
      return LongStream.range(0, PARTS)
          .mapToObj(i -> Argument.inOut(all.range().slice(all.offsetBytes() + i * partBytes, partBytes))).toList();
    }

    boolean writes() {
      return this != IN;
    }
  }

  /** A range that was touched by the host, and launched on until nothing of it was mapped for the host any more. */
  @State(Scope.Thread)
  public static class Untouched {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** What the kernel does. */
    @Param
    public Use use;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private SubmittedLaunches launches;

    /** Makes range and kernels. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      arena = memory.sharedArena();
      MemorySegment data = arena.allocate((long) rangeMib << 20, Long.BYTES);
      Pages.touch(data, 1);
      Object[][] arguments = use.arguments(memory.slice(data)).stream().map(argument -> new Object[] {argument}).toArray(Object[][]::new);
      launches = new SubmittedLaunches(memory, use.writes(), memory.slice(data), arguments);
    }

    /** Makes the device busy. */
    @Setup(Level.Invocation)
    public void occupy() {
      launches.occupy();
    }

    /**
     * Checks that all was submitted while the device was busy, and that nothing was moved or scanned.
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
      arena.close();
      memory.close();
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw {
    /** How large the buffer is. */
    @Param("1024")
    public int rangeMib;
    /** What the kernel does. */
    @Param
    public Use use;

    private RawLaunches launches;

    /** Makes buffer and kernels. */
    @Setup
    public void open() {
      launches = new RawLaunches((long) rangeMib << 20, use.writes());
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
   * @param state the range
   */
  @Benchmark
  @OperationsPerInvocation(SubmittedLaunches.COUNT)
  public void samepage(Untouched state) {
    state.launches.submit();
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

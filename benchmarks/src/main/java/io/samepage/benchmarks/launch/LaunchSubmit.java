package io.samepage.benchmarks.launch;

import io.samepage.Slice;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * An empty kernel is launched again and again on memory that the device has: the time to submit it while the device is busy with another
 * kernel, and what that allocates, against argument, enqueue and release of the event by hand. A figure is the mean of a thousand
 * launches; the table has the middle one of those.
 */
@BenchmarkMode(Mode.SampleTime)
public class LaunchSubmit {
  private static final long LITTLE_BYTES = 64 << 10;

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
  public static class Resident extends TimedState {
    /** What the kernel is given. */
    @Param
    public Data data;
    /** How much that is. */
    @Param("64")
    public int sizeKib;
    /** Whether the kernel may write it, so that each launch depends on the one before. */
    @Param({"false", "true"})
    public boolean writes;

    /** Each of them is behind the other one every other time. */
    public Resident() {
      super(Order.ALTERNATING, RAW);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      LaunchedMemory launched = new LaunchedMemory();
      Object argument = argument(launched, sizeBytes(isSmall));
      Slice slice = argument instanceof MemorySegment segment ? launched.memory().slice(segment) : (Slice) argument;
      return new SubmitRun(new SubmittedLaunches(launched, writes, slice, new Object[] {argument}), isSmall, warmMillis > 0);
    }

    private Object argument(LaunchedMemory launched, long sizeBytes) {
      return switch (data) {
        case RANGE -> launched.range(sizeBytes);
        case PART -> launched.range(2 * sizeBytes).slice(sizeBytes, sizeBytes);
        case SEGMENT -> launched.segment(sizeBytes);
      };
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new SubmitRun(new RawLaunches(sizeBytes(isSmall), writes), isSmall, warmMillis > 0);
    }

    private long sizeBytes(boolean isSmall) {
      return isSmall ? LITTLE_BYTES : (long) sizeKib << 10;
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw extends Resident {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Submits the launches.
   *
   * @param state the memory
   * @param counted where it is entered what that took and allocates
   */
  @Benchmark
  public void samepage(Resident state, Counted counted) {
    state.run(counted);
  }

  /**
   * Submits the launches.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(Raw state, Counted counted) {
    state.run(counted);
  }
}

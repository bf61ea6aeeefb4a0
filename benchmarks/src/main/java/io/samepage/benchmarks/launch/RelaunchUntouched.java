package io.samepage.benchmarks.launch;

import io.samepage.Argument;
import io.samepage.Slice;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import java.util.List;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A kernel that does nothing is launched again and again on memory of an arena that the host has not touched since: the time to submit
 * it while the device is busy with another kernel, against argument, enqueue and release of the event by hand.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchUntouched {
  /** Each part has pages of its own. */
  private static final long LITTLE_BYTES = 8 << 20;

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
  public static class Untouched extends TimedState {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** What the kernel does. */
    @Param
    public Use use;

    /** Each of them is behind the other one every other time. */
    public Untouched() {
      super(Order.ALTERNATING, RAW);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      LaunchedMemory launched = new LaunchedMemory();
      Slice data = launched.memory().slice(launched.segment(sizeBytes(isSmall)));
      Object[][] arguments = use.arguments(data).stream().map(argument -> new Object[] {argument}).toArray(Object[][]::new);
      return new SubmitRun(new SubmittedLaunches(launched, use.writes(), data, arguments), isSmall, warmMillis > 0);
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new SubmitRun(new RawLaunches(sizeBytes(isSmall), use.writes()), isSmall, warmMillis > 0);
    }

    private long sizeBytes(boolean isSmall) {
      return isSmall ? LITTLE_BYTES : (long) rangeMib << 20;
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw extends Untouched {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Submits the launches.
   *
   * @param state the range
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Untouched state, Counted counted) {
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

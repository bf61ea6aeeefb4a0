package io.samepage.benchmarks.work;

import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The host sums all longs that a kernel has just written, in order, against one blocking read into touched memory and the same sum. */
@BenchmarkMode(Mode.SampleTime)
public class Sweep {
  /** Before each sum the kernel writes the whole range. */
  @State(Scope.Thread)
  public static class Written extends TimedState {
    private static final long LITTLE_BYTES = 1 << 20;

    /** How large the range is. */
    @Param("256")
    public int sizeMib;

    /** Each of them is behind the other one every other time. */
    public Written() {
      super(Order.ALTERNATING, RAW);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      return new SweptRange(sizeBytes(isSmall));
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new SweptBuffer(sizeBytes(isSmall));
    }

    private long sizeBytes(boolean isSmall) {
      return isSmall ? LITTLE_BYTES : (long) sizeMib << 20;
    }
  }

  /** Before each read the kernel writes the whole buffer. */
  @State(Scope.Thread)
  public static class RawWritten extends Written {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Sums.
   *
   * @param state the range
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Written state, Counted counted) {
    state.run(counted);
  }

  /**
   * Reads and sums.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(RawWritten state, Counted counted) {
    state.run(counted);
  }
}

package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * An empty kernel is launched on memory that an idle device has, right behind the last launch or after the thread has slept: the time to
 * submit it, against argument, enqueue and release of the event by hand. A program that waits for its kernels pays the second.
 */
@BenchmarkMode(Mode.SampleTime)
public class LaunchAfterPause {
  /** A range that the device has. */
  @State(Scope.Thread)
  public static class Resident extends TimedState {
    /** How long the thread sleeps before each launch. */
    @Param({"0", "20"})
    public int pauseMillis;

    /** Each of them is behind the other one every other time. */
    public Resident() {
      super(Order.ALTERNATING, RAW);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      return new PausedRun.OfRange(pauseMillis(isSmall));
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new PausedRun.OfBuffer(pauseMillis(isSmall));
    }

    /** To warm up, launches follow each other. */
    private int pauseMillis(boolean isSmall) {
      return isSmall ? 0 : pauseMillis;
    }
  }

  /** A buffer. */
  @State(Scope.Thread)
  public static class Raw extends Resident {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Submits a launch.
   *
   * @param state the memory
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Resident state, Counted counted) {
    state.run(counted);
  }

  /**
   * Submits a launch.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(Raw state, Counted counted) {
    state.run(counted);
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A range that the device has written goes to the host as a whole, against one blocking read of as many bytes. */
@BenchmarkMode(Mode.SampleTime)
public class BulkToHost {
  /** Before each lease the device declares that it has written the range. */
  @State(Scope.Thread)
  public static class Written extends BulkState {
    @Override
    protected CountedRun open(boolean isSmall) {
      return new RangeToHost(sizeBytes(isSmall));
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new BufferToHost(sizeBytes(isSmall));
    }
  }

  /** A buffer to be read. */
  @State(Scope.Thread)
  public static class RawWritten extends Written {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Opens a host lease and closes it.
   *
   * @param state the range
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Written state, Counted counted) {
    state.run(counted);
  }

  /**
   * Reads the buffer.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(RawWritten state, Counted counted) {
    state.run(counted);
  }
}

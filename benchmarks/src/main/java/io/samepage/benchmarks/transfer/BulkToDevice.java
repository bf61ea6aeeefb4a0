package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A range that the host has written goes to the device as a whole, against one blocking write of as many bytes. */
@BenchmarkMode(Mode.SampleTime)
public class BulkToDevice {
  /** Before each acquire the host writes a word of each page of the range. */
  @State(Scope.Thread)
  public static class Written extends BulkState {
    @Override
    protected CountedRun open(boolean isSmall) {
      return new RangeToDevice(sizeBytes(isSmall), range -> List.of(range.all()), sizeBytes(isSmall));
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new BufferToDevice(sizeBytes(isSmall));
    }
  }

  /** Before each copy a word of each page is written. */
  @State(Scope.Thread)
  public static class RawWritten extends Written {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Acquires and closes.
   *
   * @param state the range
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Written state, Counted counted) {
    state.run(counted);
  }

  /**
   * Writes the buffer.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(RawWritten state, Counted counted) {
    state.run(counted);
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pages that the host has written here and there go to the device, against one blocking write of as many bytes in a run. */
@BenchmarkMode(Mode.SampleTime)
public class ScatteredToDevice {
  /** Before each acquire of the whole range the host writes a word of each of the pages. */
  @State(Scope.Thread)
  public static class Written extends ScatterState {
    @Override
    protected CountedRun open(boolean isSmall) {
      int pages = pages(isSmall);
      return new RangeToDevice(rangeBytes(isSmall), range -> scatter.slices(range, pages), Scatter.bytes(pages));
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new BufferToDevice(Scatter.bytes(pages(isSmall)));
    }
  }

  /** A buffer to be written. */
  @State(Scope.Thread)
  public static class Raw extends Written {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Acquires the whole range and closes.
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
  public void lwjgl(Raw state, Counted counted) {
    state.run(counted);
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.CountedRun;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pages that kernels have written here and there go to the host, against one blocking read of as many bytes in a run. */
@BenchmarkMode(Mode.SampleTime)
public class ScatteredToHost {
  /** Over what the host lease is opened. */
  public enum Lease {
    /** The whole range. */
    RANGE,
    /** The written pages, each a slice of its own. */
    SLICES
  }

  /** Before each host lease kernels write a word of each of the pages. */
  @State(Scope.Thread)
  public static class Written extends ScatterState {
    /** What is leased. */
    @Param
    public Lease lease;

    @Override
    protected CountedRun open(boolean isSmall) {
      return new PagesToHost(rangeBytes(isSmall), scatter, pages(isSmall), lease);
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new BufferToHost(Scatter.bytes(pages(isSmall)));
    }
  }

  /** A buffer to be read. */
  @State(Scope.Thread)
  public static class Raw extends Written {
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
  public void lwjgl(Raw state, Counted counted) {
    state.run(counted);
  }
}

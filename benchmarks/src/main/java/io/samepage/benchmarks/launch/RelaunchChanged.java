package io.samepage.benchmarks.launch;

import io.samepage.HostAccess;
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
 * The host changes a page of a large range, and a kernel that is given the whole range reads an element of that page: the time until the
 * kernel is done, against the same with the whole range copied before each launch. The write of the page counts on both sides. In turn,
 * each of ours comes behind one that copies, which takes hundreds of times as long: the same each time.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchChanged {
  private static final long SMALL_BYTES = 64 << 10;

  /** A range that host and device both have. */
  @State(Scope.Thread)
  public static class Changed extends TimedState {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How the host gets at it: under a lease of the page, or by plain stores. */
    @Param
    public HostAccess.Mode host;

    /** Launches that copy all come first. */
    public Changed() {
      super(Order.OTHER_FIRST, RAW);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      return new ChangedRange(sizeBytes(isSmall), host);
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new CopiedRange(sizeBytes(isSmall));
    }

    private long sizeBytes(boolean isSmall) {
      return isSmall ? SMALL_BYTES : (long) rangeMib << 20;
    }
  }

  /** A buffer, and host memory of the same size. */
  @State(Scope.Thread)
  public static class Copied extends Changed {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Changes the page and launches.
   *
   * @param state the range
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void samepage(Changed state, Counted counted) {
    state.run(counted);
  }

  /**
   * Changes the page, copies all and launches.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(Copied state, Counted counted) {
    state.run(counted);
  }
}

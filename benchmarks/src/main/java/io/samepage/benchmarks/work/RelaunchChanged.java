package io.samepage.benchmarks.work;

import io.samepage.HostAccess;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The host changes a page of a large range, and a kernel that is given the whole range reads an element of that page: the time until the
 * kernel is done, against the same with the whole range copied before each launch. The write of the page counts on both sides. In turn,
 * each of ours comes behind one that copies, which takes hundreds of times as long: the same each time.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchChanged {
  /** By which name the launches that copy all are run in turn: that of their method. */
  public static final String COPYING = "lwjgl";

  private static final long SMALL_BYTES = 64 << 10;

  /** What both sides have in common. */
  @State(Scope.Thread)
  public abstract static class RelaunchState extends TurnState<CountedRun> {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How long it warms up, together with a small range: so long that the JVM has compiled our side, as its runs that count are few. */
    @Param("3000")
    public int warmMillis;

    RelaunchState() {
      super(Order.OTHER_FIRST, List.of());
    }

    /** Makes the ranges. */
    @Setup
    public void open() {
      begin(warmMillis, 0);
    }

    long sizeBytes(boolean isSmall) {
      return isSmall ? SMALL_BYTES : (long) rangeMib << 20;
    }
  }

  /** A range that host and device both have. */
  @State(Scope.Thread)
  public static class Changed extends RelaunchState {
    /** How the host gets at it: under a lease of the page, or by plain stores. */
    @Param
    public HostAccess.Mode host;

    @Override
    protected CountedRun open(boolean isSmall) {
      return new ChangedRange(sizeBytes(isSmall), host);
    }

    @Override
    protected CountedRun openOther(String who, boolean isSmall) {
      return who.equals(COPYING) ? new CopiedRange(sizeBytes(isSmall)) : super.openOther(who, isSmall);
    }
  }

  /** A buffer, and host memory of the same size. */
  @State(Scope.Thread)
  public static class Copied extends RelaunchState {
    @Override
    protected CountedRun open(boolean isSmall) {
      return new CopiedRange(sizeBytes(isSmall));
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
    state.run(counted, List.of());
  }

  /**
   * Changes the page, copies all and launches.
   *
   * @param state the buffer
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void lwjgl(Copied state, Counted counted) {
    state.run(counted, List.of());
  }
}

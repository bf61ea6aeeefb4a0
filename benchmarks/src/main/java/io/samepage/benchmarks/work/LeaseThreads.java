package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Slice;
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
 * Leases for reading what is there already by two threads at a time, against those of one. What counts as the time of a lease is that after
 * which one of the threads has got one more.
 */
@BenchmarkMode(Mode.SampleTime)
public class LeaseThreads {
  /** By which name those of one thread are run in turn: that of their method. */
  public static final String ONE = "one";

  /** Where the slice is read. */
  public enum Node {
    /** On the device; the handle is used. */
    DEVICE {
      @Override
      long read(Device device, Slice slice, int leases) {
        long handles = 0;
        for (int i = 0; i < leases; i++) {
          try (DeviceLease lease = device.acquire(slice, Access.READ)) {
            handles += lease.handle();
          }
        }
        return handles;
      }
    },
    /** On the host. */
    HOST {
      @Override
      long read(Device device, Slice slice, int leases) {
        for (int i = 0; i < leases; i++) {
          slice.host(Access.READ).close();
        }
        return leases;
      }
    };

    /** Leases it so often; answers the sum of the handles, or how many leases there were. */
    abstract long read(Device device, Slice slice, int leases);
  }

  /** Two threads. */
  @State(Scope.Thread)
  public static class Two extends TimedState {
    /** Whose leases. */
    @Param
    public Node node;

    /** Each of them is behind the other one every other time. */
    public Two() {
      super(Order.ALTERNATING, ONE);
    }

    @Override
    protected CountedRun open(boolean isSmall) {
      return new ReaderThreads(node, 2, isSmall);
    }

    @Override
    protected CountedRun openBaseline(boolean isSmall) {
      return new ReaderThreads(node, 1, isSmall);
    }
  }

  /** One thread. */
  @State(Scope.Thread)
  public static class One extends Two {
    @Override
    protected CountedRun open(boolean isSmall) {
      return openBaseline(isSmall);
    }
  }

  /**
   * Leases of two threads.
   *
   * @param state the threads
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void two(Two state, Counted counted) {
    state.run(counted);
  }

  /**
   * Leases of one thread.
   *
   * @param state the thread
   * @param counted where it is entered what that took
   */
  @Benchmark
  public void one(One state, Counted counted) {
    state.run(counted);
  }
}

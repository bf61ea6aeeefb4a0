package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Slice;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;

/**
 * Leases for reading what is there already by two threads at a time, against those of one. What counts as the time of a lease is that after
 * which one of the threads has got one more.
 */
public class LeaseThreads extends TimedState {
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

  /** Whose leases. */
  @Param
  public Node node;

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new ReaderThreads(node, 2, isSmall);
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new ReaderThreads(node, 1, isSmall);
  }
}

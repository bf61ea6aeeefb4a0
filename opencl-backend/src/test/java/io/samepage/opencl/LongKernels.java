package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.LeaseTimeoutException;
import io.samepage.UnifiedRange;
import java.time.Duration;

/** Tries what is to happen while a kernel runs: on a busy machine one may be over before, and then it is tried with a longer one. */
final class LongKernels {
  /** Something to be seen beside a kernel of so many steps, which is over when this returns. */
  @FunctionalInterface
  interface Sighting {
    boolean isSeen(int steps) throws Exception;
  }

  private LongKernels() {}

  /**
   * Tries it with ever longer kernels until it is seen.
   *
   * @param steps how many steps the first kernel has; 2^28 take about a second
   * @param what what is to be seen
   */
  static void tryUntilSeen(int steps, String what, Sighting sighting) throws Exception {
    boolean isSeen = false;
    for (long longer = steps; !isSeen && longer <= Integer.MAX_VALUE; longer *= 2) {
      isSeen = sighting.isSeen((int) longer);
    }
    assertThat(isSeen).as("%s while a kernel was running", what).isTrue();
  }

  /** {@return whether a kernel is in the way of somebody who doesn't want to wait} */
  static boolean isRefused(UnifiedRange range, Access access) {
    try (HostLease lease = range.all().host(access, Duration.ZERO)) {
      assertThat(lease.isOpen()).isTrue();
      return false;
    } catch (LeaseTimeoutException e) {
      return true;
    }
  }
}

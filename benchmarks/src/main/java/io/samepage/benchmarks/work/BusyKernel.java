package io.samepage.benchmarks.work;

import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/** A kernel that keeps one work item busy for 100 ms: what is submitted meanwhile waits behind it. */
final class BusyKernel {
  static final String NAME = "busy";
  static final String SOURCE = """
      __kernel void busy(__global uint* result, long steps) {
        uint x = 1;
        for (long i = 0; i < steps; i++) {
          x ^= x << 13;
          x ^= x >> 17;
          x ^= x << 5;
        }
        result[0] = x;
      }
      """;
  private static final long NANOS = 100_000_000;
  private static final long TRIAL_STEPS = 10_000_000;

  /** Runs the kernel once and waits for it. */
  @FunctionalInterface
  interface Trial {
    void run(long steps);
  }

  private BusyKernel() {}

  /** How many steps take so long. The first trial compiles. */
  static long steps(Trial trial) {
    trial.run(1);
    long start = System.nanoTime();
    trial.run(TRIAL_STEPS);
    return TRIAL_STEPS * NANOS / (System.nanoTime() - start);
  }

  /** Checks that it was still running when the last launch behind it was submitted. */
  static void checkBusy(boolean wasDone, int launches, IterationParams iteration) {
    // At first everything is slow, and nothing of that counts.
    if (wasDone && iteration.getType() == IterationType.MEASUREMENT) {
      throw new IllegalStateException("The device was no longer busy when the last launch was submitted: launches=" + launches);
    }
  }
}

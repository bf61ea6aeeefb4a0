package io.samepage.benchmarks.launch;

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
}

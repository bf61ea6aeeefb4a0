package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Expected;

/** The kernel that writes what the host sums: ascending longs. */
final class SweepKernel {
  static final String NAME = "count_up";
  static final String SOURCE =
      "__kernel void count_up(__global long* data, long first) { data[get_global_id(0)] = first + get_global_id(0); }";

  private SweepKernel() {}

  /** Throws if so many ascending longs have another sum. */
  static void check(long sum, long first, long count) {
    Expected.same("sum", sum, count * first + count * (count - 1) / 2);
  }
}

package io.samepage.benchmarks.work;

/** Sees to it that a benchmark did what it says, as {@link Moved} does for bytes. */
final class Expected {
  private Expected() {}

  static void same(String name, long found, long expected) {
    if (found != expected) {
      throw new IllegalStateException("Something else was done than what is measured: " + name + "=" + found + ", expected=" + expected);
    }
  }

  static void atLeast(String name, long found, long least) {
    if (found < least) {
      throw new IllegalStateException("Less was done than what is measured: " + name + "=" + found + ", atLeast=" + least);
    }
  }
}

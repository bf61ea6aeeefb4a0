package io.samepage.benchmarks.base;

/** Sees to it that a benchmark did what it says, as {@link Moved} does for bytes. */
public final class Expected {
  private Expected() {}

  /**
   * Throws if something else was done.
   *
   * @param name what is counted
   * @param found how often it was done
   * @param expected how often it was to be done
   */
  public static void same(String name, long found, long expected) {
    if (found != expected) {
      throw new IllegalStateException("Something else was done than what is measured: " + name + "=" + found + ", expected=" + expected);
    }
  }

  /**
   * Throws if less was done.
   *
   * @param name what is counted
   * @param found how often it was done
   * @param least how often it was to be done, at least
   */
  public static void atLeast(String name, long found, long least) {
    if (found < least) {
      throw new IllegalStateException("Less was done than what is measured: " + name + "=" + found + ", atLeast=" + least);
    }
  }
}

package io.samepage.benchmarks.result;

/** The buckets of histograms: eight of one width to a doubling, where there are so many whole numbers. */
public final class Buckets {
  private static final int BITS = 3;

  private Buckets() {}

  /**
   * Where the bucket of a value begins.
   *
   * @param value the value, not negative
   * @return the least whole number of its bucket
   */
  public static long from(double value) {
    long whole = (long) value;
    int shift = Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(whole) - BITS);
    return whole >> shift << shift;
  }
}

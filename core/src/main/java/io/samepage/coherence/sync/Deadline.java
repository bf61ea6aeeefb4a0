package io.samepage.coherence.sync;

import java.time.Duration;

/**
 * A point in time until which something is waited for.
 *
 * @param endNanos when that is, by {@link System#nanoTime()}
 * @param isNever whether it never comes
 */
public record Deadline(long endNanos, boolean isNever) {
  /** 100 years, so that adding it to the clock can't overflow. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * The point in time when a timeout is over that begins now.
   *
   * @param timeout how long
   * @return the deadline
   * @throws IllegalArgumentException if it is negative
   */
  public static Deadline after(Duration timeout) {
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("A timeout is not negative: timeout=" + timeout);
    }
    if (timeout.compareTo(LONGEST) > 0) {
      return new Deadline(0, true);
    }
    return new Deadline(System.nanoTime() + timeout.toNanos(), false);
  }

  /** {@return what is left, at least 0} */
  public long leftNanos() {
    return isNever ? Long.MAX_VALUE : Math.max(0, endNanos - System.nanoTime());
  }

  /** {@return whether nothing is left} */
  public boolean isOver() {
    return leftNanos() == 0;
  }
}

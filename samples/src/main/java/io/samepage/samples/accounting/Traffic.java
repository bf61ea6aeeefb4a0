package io.samepage.samples.accounting;

/**
 * Bytes that go both ways.
 *
 * @param toDevice bytes from the host to devices
 * @param toHost bytes from devices to the host
 */
public record Traffic(long toDevice, long toHost) {
  /** Nothing. */
  public static final Traffic NOTHING = new Traffic(0, 0);

  /**
   * The sum of two.
   *
   * @param other the other
   * @return the sum
   */
  public Traffic plus(Traffic other) {
    return new Traffic(toDevice + other.toDevice, toHost + other.toHost);
  }

  /**
   * This, several times.
   *
   * @param times how often
   * @return the product
   */
  public Traffic times(long times) {
    return new Traffic(toDevice * times, toHost * times);
  }
}

package io.samepage.samples.accounting;

/**
 * What one stage of a run has taken, all its rounds together.
 *
 * @param name the stage's name
 * @param seconds how long it took
 * @param bytesToDevice bytes that went to devices meanwhile
 * @param bytesToHost bytes that went to the host meanwhile
 */
public record Stage(String name, double seconds, long bytesToDevice, long bytesToHost) {
  Stage plus(Stage other) {
    return new Stage(name, seconds + other.seconds, bytesToDevice + other.bytesToDevice, bytesToHost + other.bytesToHost);
  }
}

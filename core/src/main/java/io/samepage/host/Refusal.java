package io.samepage.host;

/**
 * Why host memory can't be watched here.
 *
 * @param reason why, without a full stop
 * @param remedy a sentence on what to change, empty where there is nothing to change
 */
public record Refusal(String reason, String remedy) {
  /** The reason in the first line, the remedy in the second. */
  static Refusal of(String lines) {
    String[] parts = lines.split("\n", 2);
    return new Refusal(parts[0], parts.length == 1 ? "" : parts[1]);
  }
}

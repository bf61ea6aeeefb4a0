package io.samepage.samples.matrixmarket;

import java.util.StringTokenizer;

/** The words of one line, read as numbers. */
final class Tokens {
  private final Lines lines;
  private final String line;
  private final StringTokenizer words;

  Tokens(Lines lines, String line, int expected) throws MatrixMarketException {
    this.lines = lines;
    this.line = line;
    words = new StringTokenizer(line);
    if (words.countTokens() != expected) {
      throw lines.problem("expected " + expected + " numbers, found: " + shortened(line));
    }
  }

  /** A count from the size line. */
  long count(String name, long max) throws MatrixMarketException {
    long value = whole();
    if (value < 0 || value > max) {
      throw lines.problem(name + " out of bounds: " + name + "=" + value + ", max=" + max);
    }
    return value;
  }

  /** An index from 1 on, made one from 0 on. */
  int index(String name, int size) throws MatrixMarketException {
    long value = whole();
    if (value < 1 || value > size) {
      throw lines.problem(name + " index out of bounds: " + name + "=" + value + ", " + name + "s=" + size);
    }
    return (int) (value - 1);
  }

  float real() throws MatrixMarketException {
    String word = words.nextToken();
    try {
      float value = Float.parseFloat(word);
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, as infinite values are.
    }
    throw lines.problem("not a finite number: " + shortened(word));
  }

  private long whole() throws MatrixMarketException {
    try {
      return Long.parseLong(words.nextToken());
    } catch (NumberFormatException e) {
      throw lines.problem("expected whole numbers, found: " + shortened(line));
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}

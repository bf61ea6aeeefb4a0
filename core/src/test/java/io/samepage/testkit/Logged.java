package io.samepage.testkit;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is logged, as the tests' logger writes it to the error stream. */
public final class Logged {
  private Logged() {}

  /**
   * Runs something.
   *
   * @param action what is run
   * @return all that was logged meanwhile, by any thread
   */
  public static String during(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    before.print(text);
    return text;
  }
}

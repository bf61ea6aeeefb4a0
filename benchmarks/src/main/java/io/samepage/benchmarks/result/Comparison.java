package io.samepage.benchmarks.result;

import java.util.Optional;

/**
 * A row of the table before it is measured.
 *
 * @param title what is measured
 * @param ours our side
 * @param baseline the other side, if the goal is not absolute
 * @param goal what is to be reached
 * @param command what measures it
 */
public record Comparison(String title, Side ours, Optional<Side> baseline, Goal goal, String command) {
  /** Checks that a goal that compares has two sides. */
  public Comparison {
    if (goal.needsBaseline() && baseline.isEmpty()) {
      throw new IllegalArgumentException("The goal needs a baseline: title=" + title + ", goal=" + goal.text());
    }
  }

  /**
   * A comparison that is measured when its benchmark is asked for.
   *
   * @param title what is measured
   * @param ours our side
   * @param baseline the other side, if the goal is not absolute
   * @param goal what is to be reached
   */
  public Comparison(String title, Side ours, Optional<Side> baseline, Goal goal) {
    this(title, ours, baseline, goal, "./bench " + ours.benchmark().getSimpleName());
  }

  /**
   * The same, measured by another command.
   *
   * @param other the command
   * @return the comparison
   */
  public Comparison measuredBy(String other) {
    return new Comparison(title, ours, baseline, goal, other);
  }

  /** {@return the benchmark class by the name that {@code ./bench} takes} */
  public String benchmark() {
    return ours.benchmark().getSimpleName();
  }

  /** {@return whether both sides are measured in one JVM, run by run in turn} */
  public boolean isInTurn() {
    return baseline.flatMap(Side::beside).isPresent();
  }
}

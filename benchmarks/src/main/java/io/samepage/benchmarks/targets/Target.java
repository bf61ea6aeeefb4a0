package io.samepage.benchmarks.targets;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Row;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A goal of the design.
 *
 * @param work what is measured
 * @param toBeat the one to beat
 * @param goal the goal in the design's words
 * @param judge the same goal, to judge rows by
 * @param titles the titles of the rows that tell whether it is reached
 * @param command what measures them
 */
public record Target(String work, String toBeat, String goal, Goal judge, Pattern titles, String command) {
  /**
   * Whether a row is one of those that tell.
   *
   * @param title the row's title
   * @return whether it is
   */
  public boolean isToldBy(String title) {
    return titles.matcher(title).matches();
  }

  /**
   * How it stands.
   *
   * @param rows all rows that there are
   * @return what those tell that are about it
   */
  public Standing standing(List<Row> rows) {
    return new Standing(this, rows.stream().filter(row -> isToldBy(row.title())).toList());
  }
}

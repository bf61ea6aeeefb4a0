package io.samepage.benchmarks.targets;

import io.samepage.benchmarks.result.Row;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with a target.
 *
 * @param target the target
 * @param rows the rows that tell; none if nothing was measured
 */
public record Standing(Target target, List<Row> rows) {
  /** {@return whether a row reaches the target; empty if what that takes was not measured} */
  public Optional<Boolean> isMetBy(Row row) {
    return row.meets(target.judge());
  }

  /** {@return in a word or two whether the target is met} */
  public String verdict() {
    List<Boolean> known = rows.stream().map(this::isMetBy).flatMap(Optional::stream).toList();
    long met = known.stream().filter(isMet -> isMet).count();
    if (known.isEmpty()) {
      return "not measured";
    }
    if (met == known.size()) {
      return known.size() == rows.size() ? "yes" : "yes, as far as measured";
    }
    return met == 0 ? "no" : met + " of " + known.size();
  }
}

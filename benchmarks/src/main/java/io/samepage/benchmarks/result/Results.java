package io.samepage.benchmarks.result;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one run found, or several on machines of one kind.
 *
 * @param date of the last run, as 2026-11-21
 * @param rows the figures, each with its run
 * @param runs the runs, the last one last
 */
public record Results(String date, List<Row> rows, List<Run> runs) {
  /** Checks that the results are of some run. */
  public Results {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("Results are of a run at least: date=" + date);
    }
  }

  /** {@return where the last run was} */
  public Machine machine() {
    return runs.getLast().machine();
  }

  /**
   * Puts these results in the place of older ones. Rows that these don't have stay as they were measured; runs stay of which a row is
   * left.
   *
   * @param older the older ones
   * @param order the titles of all rows that there can be, as they are to follow each other; older rows of other titles are dropped
   * @return both
   */
  public Results over(Results older, List<String> order) {
    Map<String, Row> byTitle = new HashMap<>();
    older.rows().stream().filter(row -> order.contains(row.title())).forEach(row -> byTitle.put(row.title(), row));
    rows.forEach(row -> byTitle.put(row.title(), row));
    List<Row> both = new ArrayList<>(order.stream().filter(byTitle::containsKey).map(byTitle::get).toList());
    rows.stream().filter(row -> !order.contains(row.title())).forEach(both::add);
    return new Results(date, both, runsOf(both, older.runs()));
  }

  private List<Run> runsOf(List<Row> both, List<Run> olderRuns) {
    Set<String> named = both.stream().map(Row::measured).collect(Collectors.toSet());
    Map<String, Run> byTime = new LinkedHashMap<>();
    olderRuns.stream().filter(run -> named.contains(run.measured())).forEach(run -> byTime.put(run.measured(), run));
    // Those of these results come last, whenever they were.
    runs.forEach(run -> {
      byTime.remove(run.measured());
      byTime.put(run.measured(), run);
    });
    return List.copyOf(byTime.values());
  }

  /**
   * The latest row of each title in several results.
   *
   * @param all at least one, on machines of one kind
   * @return the rows in the order in which they are come upon
   */
  public static Results latest(List<Results> all) {
    Map<String, Row> byTitle = new LinkedHashMap<>();
    all.stream().flatMap(results -> results.rows().stream())
        .forEach(row -> byTitle.merge(row.title(), row, (one, other) -> one.measured().compareTo(other.measured()) > 0 ? one : other));
    Map<String, Run> runs = new LinkedHashMap<>();
    all.stream().flatMap(results -> results.runs().stream()).sorted((one, other) -> one.measured().compareTo(other.measured()))
        .forEach(run -> runs.putIfAbsent(run.measured(), run));
    String date = all.stream().map(Results::date).max(String::compareTo).orElseThrow();
    return new Results(date, List.copyOf(byTitle.values()), List.copyOf(runs.values()));
  }
}

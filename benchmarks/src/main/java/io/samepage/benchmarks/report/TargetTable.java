package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import io.samepage.benchmarks.targets.Standing;
import io.samepage.benchmarks.targets.Target;
import io.samepage.benchmarks.targets.Targets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How it stands with the targets of the design: all their rows, or in short. */
public final class TargetTable {
  private static final List<String> HEAD = List.of("work", "the one to beat", "goal", "row", "ratio (another run's)", "Samepage",
      "heap bytes", "baseline", "met", "measured", "command");
  private static final List<String> SHORT_HEAD = List.of("work", "the one to beat", "goal", "measured", "met");
  private static final String NO_FIGURE = "no figure";

  private TargetTable() {}

  /**
   * All rows that tell of a target, or one that says that there is none.
   *
   * @param results what was measured, if anything was
   * @return the lines of the table
   */
  public static List<String> lines(Optional<Results> results) {
    List<List<String>> cells = new ArrayList<>();
    for (Standing standing : standings(results)) {
      if (standing.rows().isEmpty()) {
        cells.add(cells(standing.target()));
      }
      standing.rows().forEach(row -> cells.add(cells(standing, row)));
    }
    return Table.lines(HEAD, cells);
  }

  /**
   * A row for each target.
   *
   * @param results what was measured, if anything was
   * @return the lines of the table
   */
  public static List<String> summary(Optional<Results> results) {
    return Table.lines(SHORT_HEAD, standings(results).stream().map(TargetTable::summary).toList());
  }

  private static List<Standing> standings(Optional<Results> results) {
    List<Row> rows = results.map(Results::rows).orElse(List.of());
    return Targets.ALL.stream().map(target -> target.standing(rows)).toList();
  }

  private static List<String> cells(Target target) {
    String none = Figures.NONE;
    return List.of(target.work(), target.toBeat(), target.goal(), none, NO_FIGURE, none, none, none, none, none,
        "`" + target.command() + "`");
  }

  private static List<String> cells(Standing standing, Row row) {
    Target target = standing.target();
    return List.of(target.work(), target.toBeat(), target.goal(), row.title(), Figures.ratio(row),
        Figures.ours(row), Figures.bytes(row), Figures.baseline(row), Figures.met(standing.isMetBy(row)), row.measured(),
        "`" + row.command() + "`");
  }

  private static List<String> summary(Standing standing) {
    Target target = standing.target();
    String measured = standing.rows().isEmpty() ? NO_FIGURE + ", `" + target.command() + "`" : measured(target.judge(), standing.rows());
    return List.of(target.work(), target.toBeat(), target.goal(), measured, standing.verdict());
  }

  private static String measured(Goal judge, List<Row> rows) {
    return switch (judge) {
      case Goal.Rate _ -> range(rows.stream().map(Row::ratio).flatMap(Optional::stream).map(Spread::median).toList(), "× as fast");
      case Goal.Excess _ -> range(rows.stream().map(Row::excess).flatMap(Optional::stream).map(excess -> excess.median() / 1e3).toList(),
          "µs more");
      case Goal.Cost _ -> shown(rows.stream().map(row -> Figures.ours(row) + ", " + Figures.bytes(row) + " bytes").toList());
      case Goal.Time _, Goal.Amount _, Goal.None _ -> shown(rows.stream().map(Figures::ours).toList());
    };
  }

  private static String range(List<Double> values, String unit) {
    if (values.isEmpty()) {
      return NO_FIGURE;
    }
    Spread spread = Spread.of(values);
    String low = Figures.format("%.2f", spread.low());
    String high = Figures.format("%.2f", spread.high());
    return (low.equals(high) ? low : low + " to " + high) + " " + unit;
  }

  private static String shown(List<String> values) {
    return String.join("; ", values.stream().distinct().toList());
  }
}

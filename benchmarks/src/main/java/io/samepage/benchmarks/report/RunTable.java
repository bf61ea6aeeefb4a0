package io.samepage.benchmarks.report;

import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.RunCost;
import io.samepage.benchmarks.result.RunCost.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What runs of the pipeline and of the network take and move, stage by stage, whoever does them. */
public final class RunTable {
  private static final double MIB = 1 << 20;

  private RunTable() {}

  /**
   * The table.
   *
   * @param rows what was measured
   * @return its lines; none if no row has anything of this
   */
  public static List<String> lines(List<Row> rows) {
    List<RunCost> costs = RunCost.of(rows);
    List<String> head = new ArrayList<>(List.of("run", "by", "start to end", "outside kernels", "inside kernels", "moved"));
    Stream.of(Stage.values()).map(Stage::text).forEach(head::add);
    return costs.isEmpty() ? List.of() : Table.lines(head, costs.stream().map(RunTable::cells).toList());
  }

  private static List<String> cells(RunCost cost) {
    List<String> cells = new ArrayList<>(List.of(cost.work(), cost.who(), Figures.nanos(cost.wholeNanos()),
        Figures.nanos(cost.wholeNanos() - cost.kernelNanos()), Figures.nanos(cost.kernelNanos()), mib(cost.movedBytes())));
    Stream.of(Stage.values()).map(stage -> cell(cost, stage)).forEach(cells::add);
    return cells;
  }

  private static String cell(RunCost cost, Stage stage) {
    Optional<Double> bytes = cost.bytes(stage);
    return Figures.orDash(cost.nanos(stage).map(nanos -> Figures.nanos(nanos) + ", " + mib(bytes.orElseThrow())));
  }

  private static String mib(double bytes) {
    return Figures.format("%.2f MiB", bytes / MIB);
  }
}

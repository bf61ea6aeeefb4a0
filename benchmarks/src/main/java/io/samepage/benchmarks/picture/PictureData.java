package io.samepage.benchmarks.picture;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.RunCost;
import io.samepage.benchmarks.result.RunCost.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What pictures show, chosen from the rows of results; empty where no row has it. */
final class PictureData {
  private static final List<String> LABELS = Stream.concat(Stream.of(Stage.values()).map(Stage::text), Stream.of("total")).toList();
  private static final String PIPELINE_TITLE = "pipeline of ";
  private static final String FAULT_TITLE = "fault on ";
  private static final String SIZE_TITLE = "a changed page and a launch on a range of ";
  private static final String RANGE = "rangeMib";
  private static final double MIB = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;

  private PictureData() {}

  /** MiB that each stage of the pipeline moves, whoever runs it, beside the least that all together must and what copying all would. */
  static List<Bars> stageBytes(List<Row> rows) {
    List<Bars> bars = new ArrayList<>(stages(rows, RunCost::bytes, MIB));
    staged(rows).flatMap(cost -> cost.leastBytes().stream()).findFirst().ifPresent(bytes -> bars.add(total("the least", bytes)));
    staged(rows).flatMap(cost -> cost.everyArgumentBytes().stream()).findFirst()
        .ifPresent(bytes -> bars.add(total("every argument at every launch", bytes)));
    return bars;
  }

  /** Milliseconds of each stage of the pipeline, whoever runs it. */
  static List<Bars> stageTimes(List<Row> rows) {
    return stages(rows, RunCost::nanos, NANOS_PER_MILLI);
  }

  /** What was measured of the first pipeline: of others the sizes differ. */
  private static Stream<RunCost> staged(List<Row> rows) {
    List<RunCost> staged = RunCost.of(rows).stream().filter(cost -> cost.nanos(Stage.FILL).isPresent()).toList();
    return staged.stream().filter(cost -> cost.work().equals(staged.getFirst().work()));
  }

  private static List<Bars> stages(List<Row> rows, BiFunction<RunCost, Stage, Optional<Double>> value, double unit) {
    return staged(rows).map(cost -> {
      List<Double> values = new ArrayList<>(Stream.of(Stage.values()).map(stage -> value.apply(cost, stage).orElseThrow() / unit).toList());
      values.add(values.stream().mapToDouble(Double::doubleValue).sum());
      return new Bars(cost.who(), LABELS, values);
    }).toList();
  }

  private static Bars total(String name, double bytes) {
    List<Double> values = new ArrayList<>(Stream.of(Stage.values()).map(stage -> 0.0).toList());
    values.add(bytes / MIB);
    return new Bars(name, LABELS, values);
  }

  /** Milliseconds of the pipeline beside those of the others, a pair for each of them. */
  static List<Bars> peers(List<Row> rows) {
    List<Row> pairs = rows.stream().filter(row -> row.title().startsWith(PIPELINE_TITLE) && row.baseline().isPresent()
        && row.unit().equals(Goal.NANOS)).toList();
    if (pairs.isEmpty()) {
      return List.of();
    }
    List<String> labels = pairs.stream().map(row -> row.title().substring(PIPELINE_TITLE.length())).toList();
    return List.of(bars("Samepage", labels, pairs, row -> row.ours().median()),
        bars("the other side", labels, pairs, row -> row.baseline().orElseThrow().median()));
  }

  private static Bars bars(String name, List<String> labels, List<Row> rows, ToDoubleFunction<Row> nanos) {
    return new Bars(name, labels, rows.stream().map(row -> nanos.applyAsDouble(row) / NANOS_PER_MILLI).toList());
  }

  /** Percent of the touches by how many microseconds they took, and of the blocking reads beside them. */
  static List<Curve> faults(List<Row> rows) {
    List<Curve> curves = new ArrayList<>();
    for (Row row : rows) {
      if (row.title().startsWith(FAULT_TITLE)) {
        histogram(row.title(), row.histogram()).ifPresent(curves::add);
      }
    }
    // The other side does the same for all rows.
    rows.stream().filter(row -> row.title().startsWith(FAULT_TITLE) && !row.baselineHistogram().isEmpty()).findFirst()
        .flatMap(row -> histogram("a blocking read of a page by OpenCL", row.baselineHistogram())).ifPresent(curves::add);
    return curves;
  }

  private static Optional<Curve> histogram(String name, Map<Long, Long> histogram) {
    double all = histogram.values().stream().mapToLong(Long::longValue).sum();
    if (all == 0) {
      return Optional.empty();
    }
    return Optional.of(new Curve(name, histogram.keySet().stream().map(nanos -> nanos / NANOS_PER_MICRO).toList(),
        histogram.values().stream().map(count -> 100 * count / all).toList()));
  }

  /** Microseconds by the MiB of the range. */
  static List<Curve> sizes(List<Row> rows) {
    List<Row> bySize = rows.stream().filter(row -> row.title().startsWith(SIZE_TITLE) && row.baseline().isPresent())
        .sorted(Comparator.comparingDouble(PictureData::sizeMib)).toList();
    if (bySize.size() < 2) {
      return List.of();
    }
    List<Double> x = bySize.stream().map(PictureData::sizeMib).toList();
    return List.of(new Curve("Samepage", x, bySize.stream().map(row -> row.ours().median() / NANOS_PER_MICRO).toList()),
        new Curve("copying every argument", x,
            bySize.stream().map(row -> row.baseline().orElseThrow().median() / NANOS_PER_MICRO).toList()));
  }

  private static double sizeMib(Row row) {
    return Double.parseDouble(row.parameters().get(RANGE));
  }
}

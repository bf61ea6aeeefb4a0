package io.samepage.benchmarks.picture;

import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What pictures show, chosen from the rows of results; empty where no row has it. */
final class PictureData {
  /** The stages of the pipeline as rows name them, and in words. */
  private static final Map<String, String> STAGES = Map.of("fill", "fill", "changeRow", "change row", "multiply", "multiply", "scale",
      "scale", "gram", "gram", "diagonal", "diagonal");
  private static final List<String> STAGE_ORDER = List.of("fill", "changeRow", "multiply", "scale", "gram", "diagonal");
  private static final String BYTES = "Bytes";
  private static final String NANOS = "Nanos";
  private static final String TOTAL = "total";
  private static final String STAGE_TITLE = "stages of the pipeline of ";
  private static final String PIPELINE_TITLE = "pipeline of ";
  private static final String FAULT_TITLE = "fault on ";
  private static final String SIZE_TITLE = "a changed page and a launch on a range of ";
  private static final String RANGE = "rangeMib";
  private static final double MIB = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;

  private PictureData() {}

  /** MiB that each stage of the pipeline moves, beside the least that all together must and what copying every argument would. */
  static List<Bars> stageBytes(List<Row> rows) {
    List<Bars> bars = new ArrayList<>(stages(rows, BYTES, MIB));
    staged(rows).findFirst().ifPresent(row -> {
      bars.add(total("the least", row.counts().get("least" + BYTES) / MIB));
      bars.add(total("every argument at every launch", row.counts().get("everyArgument" + BYTES) / MIB));
    });
    return bars;
  }

  /** Milliseconds of each stage of the pipeline. */
  static List<Bars> stageTimes(List<Row> rows) {
    return stages(rows, NANOS, NANOS_PER_MILLI);
  }

  private static Stream<Row> staged(List<Row> rows) {
    return rows.stream().filter(row -> row.title().startsWith(STAGE_TITLE) && !row.counts().isEmpty());
  }

  private static List<Bars> stages(List<Row> rows, String what, double unit) {
    return staged(rows).map(row -> {
      List<Double> values = new ArrayList<>(STAGE_ORDER.stream().map(stage -> row.counts().get(stage + what) / unit).toList());
      values.add(values.stream().mapToDouble(Double::doubleValue).sum());
      return new Bars(row.title().substring(STAGE_TITLE.length()), stageLabels(), values);
    }).toList();
  }

  private static List<String> stageLabels() {
    return Stream.concat(STAGE_ORDER.stream().map(STAGES::get), Stream.of(TOTAL)).toList();
  }

  private static Bars total(String name, double value) {
    List<Double> values = new ArrayList<>(STAGE_ORDER.stream().map(stage -> 0.0).toList());
    values.add(value);
    return new Bars(name, stageLabels(), values);
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

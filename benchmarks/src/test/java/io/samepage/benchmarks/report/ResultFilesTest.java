package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.alone;
import static io.samepage.benchmarks.result.Rows.pair;
import static io.samepage.benchmarks.result.Rows.results;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Noise;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Rows;
import io.samepage.benchmarks.result.Run;
import io.samepage.benchmarks.result.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
  private static final String TIME = "2026-11-21T17:03Z";
  private static final Results RESULTS = results(TIME, pair("bulk", TIME, new Spread(0.9, 0.957, 1.01), 5), alone("lease", 3400, 2852));
  private static final String FIRST_FORMAT = """
      {"date": "2026-11-21", "rows": [{"title": "bulk", "command": "./bench Bulk", "ratio": {"low": 0.9, "median": 1.0, "high": 1.1},
        "goal": "≥ 0.95", "met": true, "oursNanos": {"low": 1.0, "median": 2.0, "high": 3.0},
        "baselineNanos": {"low": 4.0, "median": 5.0, "high": 6.0}, "rounds": 3},
        {"title": "lease", "command": "./bench Leases", "goal": "–", "oursNanos": {"low": 7.0, "median": 8.0, "high": 9.0}, "rounds": 2}],
      "machine": {"cpu": "A processor", "cores": 2, "memoryGib": 24, "system": "Linux 6.18 amd64", "jdk": "A Java 25",
        "device": "A device", "driver": "A driver 1.0", "kind": "opencl-cpu-amd64-2-cores"},
      "effort": "3 rounds", "loadBefore": 1.5}
      """;

  @TempDir
  private Path folder;

  @Test
  void theTableHasARowForEachComparison() {
    List<String> lines = MarkdownTable.lines(RESULTS.rows());

    assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).hasSameSizeAs(lines.getFirst()));
    assertThat(lines.get(2)).containsSubsequence("| bulk", "| 0.96 (0.84 to 1.07)", "| ≥ 0.95", "| yes", "| 62.0 µs", "| 60.0 µs", "| –",
        "| 5 ", "| " + TIME, "| `./bench Some`");
    assertThat(lines.get(3)).containsSubsequence("| lease", "| –", "| ≤ 100 ns, 0 bytes", "| no", "| 3400 ns", "| –", "| 2,852");
  }

  @Test
  void aRowOfOneRoundShowsWhereAnotherIsToBeExpectedIfOthersOfItsRunTell() {
    Row row = pair("bulk", TIME, new Spread(0.9, 0.9, 0.9), 1);

    assertThat(MarkdownTable.lines(List.of(row)).getLast()).contains("| 0.90 (of 1) ");
    assertThat(MarkdownTable.lines(List.of(row.with(Optional.of(new Noise(0.06))))).getLast()).contains("| 0.90 (0.61 to 1.33) ");
  }

  @Test
  void amountsAreShownWithTheirUnit() {
    assertThat(MarkdownTable.lines(List.of(Rows.amount("metadata", new Spread(0.4, 0.5, 0.6), "bytes a page"))).getLast())
        .contains("| 0.50 bytes a page ");
  }

  @Test
  void runsHaveTheirTimesAndBytesStageByStageWhoeverRunsThem() {
    Map<String, Double> pipeline = Map.ofEntries(Map.entry("wholeNanos", 11e6), Map.entry("kernelNanos", 5e6),
        Map.entry("movedBytes", 3145728.0), Map.entry("fillNanos", 1e6), Map.entry("fillBytes", 0.0), Map.entry("changeRowNanos", 2e6),
        Map.entry("changeRowBytes", 0.0), Map.entry("multiplyScaleNanos", 3e6), Map.entry("multiplyScaleBytes", 2097152.0),
        Map.entry("gramDiagonalNanos", 5e6), Map.entry("gramDiagonalBytes", 1048576.0));
    Map<String, Double> network = Map.of("wholeNanos", 9e6, "kernelNanos", 4e6, "movedBytes", 524288.0);

    List<String> lines = RunTable.lines(List.of(RESULTS.rows().getFirst(), run("pipeline of 8 × 8 outside kernels, under leases", pipeline),
        run("pipeline of 8 × 8 outside kernels, beside StarPU", network), run("network of 3 layers outside kernels, x", network)));

    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).containsSubsequence("| pipeline of 8 × 8 ", "| Samepage", "| 11.00 ms", "| 6000.0 µs", "| 5000.0 µs",
        "| 3.00 MiB", "| 1000.0 µs, 0.00 MiB", "| 2000.0 µs, 0.00 MiB", "| 3000.0 µs, 2.00 MiB", "| 5000.0 µs, 1.00 MiB");
    assertThat(lines.get(3)).containsSubsequence("| network of 3 layers ", "| Samepage", "| 9000.0 µs", "| 5000.0 µs", "| 4000.0 µs",
        "| 0.50 MiB", "| –", "| –", "| –", "| –");
    assertThat(RunTable.lines(RESULTS.rows())).isEmpty();
  }

  private static Row run(String title, Map<String, Double> counts) {
    return new Row(title, "./bench Runs", TIME, Optional.empty(), "–", Optional.empty(), Goal.NANOS, new Spread(1, 2, 3),
        Optional.empty(), Optional.empty(), Optional.empty(), 5, Optional.empty(), Map.of(), Map.of("Samepage", counts), Map.of(),
        Map.of());
  }

  @Test
  void bothFilesAreNamedByDateAndKindOfMachine() throws IOException {
    List<Path> files = ResultFiles.write(folder.resolve("results"), "", RESULTS);

    assertThat(files).extracting(file -> file.getFileName().toString())
        .containsExactly("2026-11-21-opencl-cpu-amd64-2-cores.md", "2026-11-21-opencl-cpu-amd64-2-cores.json");
    assertThat(files.getFirst()).content().contains(MarkdownTable.lines(RESULTS.rows())).contains("A processor", "A driver 1.0", TIME);
  }

  @Test
  void theJsonHasTheFiguresThatThereAre() throws IOException {
    Path json = ResultFiles.write(folder, "faults", RESULTS).getLast();
    assertThat(json).hasFileName("2026-11-21-opencl-cpu-amd64-2-cores-faults.json");
    JsonNode rows = new ObjectMapper().readTree(Files.readString(json)).get("rows");

    assertThat(rows.get(0).at("/ratio/median").asDouble()).isEqualTo(0.957);
    assertThat(rows.get(0).get("met").asBoolean()).isTrue();
    assertThat(rows.get(1).has("ratio")).isFalse();
    assertThat(rows.get(1).has("histogram")).isFalse();
    assertThat(rows.get(1).at("/oursAllocatedBytes/median").asInt()).isEqualTo(2852);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    Row counted = new Row("fault", "./bench Faults", TIME, Optional.empty(), "–", Optional.empty(), Goal.NANOS, new Spread(1, 2, 3),
        Optional.empty(), Optional.empty(), Optional.empty(), 5, Optional.of(new Noise(0.06)), Map.of("sizeMib", "16"),
        Map.of("us", Map.of("bytes", 4096.0)), Map.of(8192L, 5L, 9000L, 1L), Map.of(1L, 1L));
    Results all = new Results(RESULTS.date(), List.of(RESULTS.rows().getFirst(), RESULTS.rows().getLast(), counted), RESULTS.runs());

    assertThat(ResultFiles.read(ResultFiles.write(folder, "", all).getLast())).contains(all);
  }

  @Test
  void theFirstFormatIsRead() throws IOException {
    Results results = ResultFiles.read(Files.writeString(folder.resolve("old.json"), FIRST_FORMAT)).orElseThrow();

    assertThat(results.runs()).containsExactly(new Run("2026-11-21", Rows.MACHINE, "3 rounds", 1.5));
    Row bulk = results.rows().getFirst();
    assertThat(bulk.ours()).isEqualTo(new Spread(1, 2, 3));
    assertThat(bulk.baseline()).contains(new Spread(4, 5, 6));
    assertThat(bulk.measured()).isEqualTo("2026-11-21");
    assertThat(bulk.unit()).isEqualTo(Goal.NANOS);
    assertThat(results.rows().getLast().baseline()).isEmpty();
    assertThat(results.rows().getLast().met()).isEmpty();
    assertThat(bulk.noise()).isEmpty();
  }

  @Test
  void whatThisProjectKeptIsRead() throws IOException {
    Results kept = new ResultFolder(Path.of("..", "docs", "results")).latest().orElseThrow();

    assertThat(kept.rows()).isNotEmpty().extracting(Row::noise).doesNotContainNull();
  }

  @Test
  void otherReportsAreNoResults() throws IOException {
    assertThat(ResultFiles.read(Files.writeString(folder.resolve("other.json"), "{\"date\": \"2026-11-21\", \"tests\": {}}"))).isEmpty();
  }
}

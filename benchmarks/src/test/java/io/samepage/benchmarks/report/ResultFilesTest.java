package io.samepage.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFilesTest {
  private static final Row PAIR = new Row("bulk", "./bench Bulk", Optional.of(new Spread(0.9, 0.957, 1.01)), "≥ 0.95", Optional.of(true),
      new Spread(60_000, 62_000, 70_000), Optional.of(new Spread(50_000, 60_000, 61_000)), Optional.empty(), 5);
  private static final Row ALONE = new Row("lease", "./bench Leases", Optional.empty(), "≤ 100 ns, 0 bytes", Optional.of(false),
      new Spread(3000, 3400, 4000), Optional.empty(), Optional.of(new Spread(2800, 2852, 2852)), 5);
  private static final Machine MACHINE = new Machine("A processor", 2, 24, "Linux 6.18 amd64", "A Java 25", "A device", "A driver 1.0",
      "opencl-cpu-amd64-2-cores");
  private static final Results RESULTS = new Results("2026-11-21", List.of(PAIR, ALONE), MACHINE, "5 rounds", 0.3);

  @TempDir
  private Path folder;

  @Test
  void theTableHasARowForEachComparison() {
    List<String> lines = MarkdownTable.lines(RESULTS.rows());

    assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).hasSameSizeAs(lines.getFirst()));
    assertThat(lines.get(2)).containsSubsequence("| bulk", "| 0.96 (0.90 to 1.01)", "| ≥ 0.95", "| yes", "| 62.0 µs", "| 60.0 µs", "| –",
        "| `./bench Bulk`");
    assertThat(lines.get(3)).containsSubsequence("| lease", "| –", "| ≤ 100 ns, 0 bytes", "| no", "| 3400 ns", "| –", "| 2,852");
  }

  @Test
  void bothFilesAreNamedByDateAndKindOfMachine() throws IOException {
    List<Path> files = ResultFiles.write(folder.resolve("results"), "", RESULTS);

    assertThat(files).extracting(file -> file.getFileName().toString())
        .containsExactly("2026-11-21-opencl-cpu-amd64-2-cores.md", "2026-11-21-opencl-cpu-amd64-2-cores.json");
    assertThat(files.getFirst()).content().contains(MarkdownTable.lines(RESULTS.rows())).contains("A processor", "A driver 1.0");
  }

  @Test
  void theJsonHasTheFiguresThatThereAre() throws IOException {
    Path json = ResultFiles.write(folder, "faults", RESULTS).getLast();
    assertThat(json).hasFileName("2026-11-21-opencl-cpu-amd64-2-cores-faults.json");
    JsonNode rows = new ObjectMapper().readTree(Files.readString(json)).get("rows");

    assertThat(rows.get(0).at("/ratio/median").asDouble()).isEqualTo(0.957);
    assertThat(rows.get(0).get("met").asBoolean()).isTrue();
    assertThat(rows.get(1).has("ratio")).isFalse();
    assertThat(rows.get(1).at("/oursAllocatedBytes/median").asInt()).isEqualTo(2852);
  }
}

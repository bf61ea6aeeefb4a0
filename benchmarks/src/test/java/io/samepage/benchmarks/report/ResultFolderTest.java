package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.pair;
import static io.samepage.benchmarks.result.Rows.results;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.result.Row;
import io.samepage.benchmarks.result.Rows;
import io.samepage.benchmarks.result.Run;
import io.samepage.benchmarks.result.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
  private static final List<String> ORDER = List.of("first", "second");
  private static final String YESTERDAY = "2026-11-20T09:00Z";
  private static final String MORNING = "2026-11-21T08:00Z";
  private static final String EVENING = "2026-11-21T19:00Z";

  @TempDir
  private Path path;

  private static Row row(String title, String measured) {
    return pair(title, measured, new Spread(1, 1, 1), 5);
  }

  private Results read(String name) throws IOException {
    return ResultFiles.read(path.resolve(name)).orElseThrow();
  }

  @Test
  void aPartialRunOfTheSameDayReplacesItsRowsAlone() throws IOException {
    ResultFolder folder = new ResultFolder(path);
    folder.write("", results(MORNING, row("first", MORNING), row("second", MORNING)), ORDER);
    folder.write("", results(EVENING, row("second", EVENING)), ORDER);

    assertThat(read("2026-11-21-opencl-cpu-amd64-2-cores.json").rows()).containsExactly(row("first", MORNING), row("second", EVENING));
  }

  @Test
  void aPartialRunOfAnotherDayTakesTheOtherRowsAlong() throws IOException {
    ResultFolder folder = new ResultFolder(path);
    folder.write("", results(YESTERDAY, row("first", YESTERDAY), row("second", YESTERDAY)), ORDER);
    folder.write("", results(EVENING, row("second", EVENING)), ORDER);

    assertThat(read("2026-11-21-opencl-cpu-amd64-2-cores.json").rows()).containsExactly(row("first", YESTERDAY), row("second", EVENING));
    assertThat(read("2026-11-20-opencl-cpu-amd64-2-cores.json").rows()).hasSize(2);
  }

  @Test
  void resultsOfAnotherNameAreNotTouched() throws IOException {
    ResultFolder folder = new ResultFolder(path);
    folder.write("", results(MORNING, row("first", MORNING)), ORDER);
    folder.write("faults", results(EVENING, row("second", EVENING)), ORDER);

    assertThat(read("2026-11-21-opencl-cpu-amd64-2-cores.json").rows()).containsExactly(row("first", MORNING));
    assertThat(read("2026-11-21-opencl-cpu-amd64-2-cores-faults.json").rows()).containsExactly(row("second", EVENING));
    assertThat(folder.latest().orElseThrow().rows()).containsExactlyInAnyOrder(row("first", MORNING), row("second", EVENING));
  }

  @Test
  void theLatestAreOfTheKindOfMachineThatWasMeasuredLast() throws IOException {
    Machine other = new Machine("Another processor", 16, 64, "Linux", "Java", "A GPU", "A driver", "opencl-gpu-amd64-16-cores");
    ResultFolder folder = new ResultFolder(path);
    folder.write("", results(MORNING, row("first", MORNING)), ORDER);
    List<Run> runs = List.of(new Run(YESTERDAY, other, "5 rounds", 0));
    folder.write("", new Results("2026-11-20", List.of(row("second", YESTERDAY)), runs), ORDER);

    Results latest = folder.latest().orElseThrow();
    assertThat(latest.machine()).isEqualTo(Rows.MACHINE);
    assertThat(latest.rows()).containsExactly(row("first", MORNING));
  }

  @Test
  void filesThatAreNoResultsAreLeftAlone() throws IOException {
    Files.writeString(path.resolve("2026-11-22-gpu-check.json"), "{\"date\": \"2026-11-22\", \"failures\": []}");
    Files.writeString(path.resolve("notes.json"), "not JSON at all");

    assertThat(new ResultFolder(path).latest()).isEmpty();
    assertThat(new ResultFolder(path.resolve("missing")).latest()).isEmpty();
  }
}

package io.samepage.benchmarks.report;

import static io.samepage.benchmarks.result.Rows.pair;
import static io.samepage.benchmarks.result.Rows.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.benchmarks.result.Results;
import io.samepage.benchmarks.targets.Targets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  private static final Optional<Results> RESULTS = Optional.of(results("2026-11-21", pair("bulk to the host, 2 MiB", 0.96)));
  private static final List<String> OLD = List.of("# A project", Readme.BEGIN, "old figures", Readme.END, "More.");

  @TempDir
  private Path folder;

  @Test
  void whatIsBetweenTheMarksIsReplacedAndNothingElse() throws IOException {
    List<String> lines = Readme.with(OLD, RESULTS);

    assertThat(lines).startsWith("# A project", Readme.BEGIN).endsWith(Readme.END, "More.").doesNotContain("old figures")
        .containsAll(TargetTable.summary(RESULTS)).anyMatch(line -> line.contains("A processor") && line.contains("2026-11-21"));
  }

  @Test
  void theFileIsWrittenOnlyWhenItIsNotInStep() throws IOException {
    Path file = Files.write(folder.resolve("README.md"), OLD);

    assertThat(Readme.update(file, RESULTS)).isTrue();
    assertThat(Readme.update(file, RESULTS)).isFalse();
    assertThat(Readme.update(file, Optional.empty())).isTrue();
    assertThat(file).content().contains("Nothing was measured yet.").doesNotContain("A processor");
  }

  @Test
  void aReadmeWithoutTheMarksIsRefused() {
    assertThatThrownBy(() -> Readme.with(List.of("# A project"), RESULTS)).isInstanceOf(IOException.class)
        .hasMessageContaining("begin=" + Readme.BEGIN);
  }

  @Test
  void theProjectsReadmeHasARowForEachTarget() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("..", "README.md"));
    List<String> block = lines.subList(lines.indexOf(Readme.BEGIN), lines.indexOf(Readme.END));

    assertThat(Targets.ALL).allSatisfy(target -> assertThat(block).as("./bench --table brings it in step")
        .anyMatch(line -> line.startsWith("| " + target.work() + " ")));
  }
}

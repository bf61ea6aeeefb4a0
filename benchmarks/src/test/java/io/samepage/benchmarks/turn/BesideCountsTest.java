package io.samepage.benchmarks.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BesideCountsTest {
  @TempDir
  Path folder;

  @Test
  void theMiddleRunOfEachIterationCountsAndTheSumsOfAllAreRead() throws IOException {
    BesideCounts<CountedRun> counts = new BesideCounts<>(List.of(new RunCounts()));
    ToldRun run = new ToldRun(1000, 100, 200, 4000, 3000, 2000);
    for (int iteration = 0; iteration < 2; iteration++) {
      for (int i = 0; i < 3; i++) {
        counts.measure(run);
      }
      counts.endIteration();
    }
    Path file = folder.resolve("counts");
    counts.write(file);
    Map<String, Double> read = BesideCounts.read(file);
    assertThat(read).containsEntry("countedNanos", 3.0 * (180 + 2700)).containsEntry("countedOperations", 6.0)
        .containsEntry("amounts", 6.0).containsEntry("wholeNanosCount", 10_300.0).containsEntry("kernelNanosCount", 1030.0)
        .containsEntry("movedBytesCount", 48.0).containsKey("countedBytes");
  }

  @Test
  void whereNothingElseIsCountedThereIsTheTimeAlone() throws IOException {
    BesideCounts<CountedRun> counts = new BesideCounts<>(List.of());
    counts.measure(new ToldRun(1000));
    counts.endIteration();
    Path file = folder.resolve("counts");
    counts.write(file);
    assertThat(BesideCounts.read(file)).containsOnlyKeys("countedNanos", "countedOperations", "countedBytes");
  }
}

package io.samepage.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.accounting.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BesideCountsTest {
  @TempDir
  Path folder;

  /** Takes so long, of which kernels run for a tenth. */
  private static final class Runs implements PipelineRun {
    private final Queue<Long> nanos = new ArrayDeque<>();
    private long kernelNanos;
    private long movedBytes;

    Runs(long... nanos) {
      for (long each : nanos) {
        this.nanos.add(each);
      }
    }

    @Override
    public long run() {
      kernelNanos += nanos.element() / 10;
      movedBytes += 8;
      return nanos.remove();
    }

    @Override
    public List<StageCost> stages() {
      return List.of(new StageCost("fill", 7, 3), new StageCost("gram, diagonal", 11, 5));
    }

    @Override
    public long kernelNanos() {
      return kernelNanos;
    }

    @Override
    public long movedBytes() {
      return movedBytes;
    }

    @Override
    public Verdict verify() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  void theMiddleRunOfEachIterationCountsAndTheSumsOfAllAreRead() throws IOException {
    BesideCounts counts = new BesideCounts();
    Runs runs = new Runs(1000, 100, 200, 4000, 3000, 2000);
    for (int iteration = 0; iteration < 2; iteration++) {
      for (int run = 0; run < 3; run++) {
        counts.measure(runs);
      }
      counts.endIteration();
    }
    Path file = folder.resolve("counts");
    counts.write(file);
    Map<String, Double> read = BesideCounts.read(file);
    assertThat(read).containsEntry("countedNanos", 3.0 * (180 + 2700)).containsEntry("countedOperations", 6.0)
        .containsEntry("amounts", 6.0).containsEntry("wholeNanosCount", 10_300.0).containsEntry("kernelNanosCount", 1030.0)
        .containsEntry("movedBytesCount", 48.0).containsEntry("fillNanosCount", 42.0).containsEntry("gramDiagonalBytesCount", 30.0)
        .containsKey("countedBytes");
  }
}

package io.samepage.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.turn.BesideCounts;
import io.samepage.benchmarks.turn.Counted;
import io.samepage.benchmarks.turn.RunCounts;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.pipeline.PipelineShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.options.TimeValue;

class PipelineStateTest {
  @TempDir
  Path folder;

  /** Its stages take so long. */
  private record Runs(long fillNanos) implements PipelineRun {
    @Override
    public long run() {
      return fillNanos + 11;
    }

    @Override
    public List<StageCost> stages() {
      return List.of(new StageCost("fill", fillNanos, 3), new StageCost("gram, diagonal", 11, 5));
    }

    @Override
    public Verdict verify() {
      return new Verdict(true, 0, "");
    }

    @Override
    public void close() {}
  }

  /** The other one fills more quickly. */
  private static final class Both extends PipelineState {
    @Override
    protected PipelineRun open(PipelineShape shape) {
      return new Runs(9);
    }

    @Override
    protected PipelineRun openOther(String who, boolean isSmall) {
      return new Runs(7);
    }
  }

  @Test
  void theStagesOfBothAreCounted() throws IOException {
    Both state = new Both();
    state.size = 8;
    state.beside = "other";
    state.besideFile = folder.resolve("counts").toString();
    state.open();
    StageCounts stages = new StageCounts();
    state.beginIteration(new IterationParams(IterationType.MEASUREMENT, 1, TimeValue.NONE, 1));
    for (int i = 0; i < 2; i++) {
      state.run(new Counted(), new RunCounts(), stages);
    }
    state.endIteration();
    state.close();

    assertThat(stages.fillNanosCount).isEqualTo(18);
    assertThat(BesideCounts.read(Path.of(state.besideFile))).containsEntry("fillNanosCount", 14.0)
        .containsEntry("gramDiagonalBytesCount", 10.0).containsEntry("wholeNanosCount", 36.0);
  }
}

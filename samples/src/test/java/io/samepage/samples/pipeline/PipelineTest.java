package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.LaunchCount;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PipelineTest {
  @ParameterizedTest
  @CsvSource({"512,64,64,3,1", "512,64,64,3,2", "256,256,256,2,1", "1024,128,64,1,2"})
  void whatMovesIsTheLeast(int rows, int inner, int columns, int rounds, int devices) {
    PipelineShape shape = new PipelineShape(rows, inner, columns, rounds, 11);
    try (UnifiedMemory memory = open(devices); Pipeline pipeline = new Pipeline(memory, shape)) {
      Stage total = run(memory, pipeline).total();

      assertThat(total.bytesToDevice()).isEqualTo(pipeline.least().toDevice());
      assertThat(total.bytesToHost()).isEqualTo(pipeline.least().toHost());
      assertVerified(pipeline);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,4,1", "1,1,1,4,2", "100,33,77,3,1", "100,33,77,3,2", "7,1500,3,3,1", "513,65,31,2,2"})
  void matricesThatEndInsideAPageAreVerifiedToo(int rows, int inner, int columns, int rounds, int devices) {
    PipelineShape shape = new PipelineShape(rows, inner, columns, rounds, 12);
    try (UnifiedMemory memory = open(devices); Pipeline pipeline = new Pipeline(memory, shape)) {
      Stage total = run(memory, pipeline).total();

      assertThat(total.bytesToDevice()).isGreaterThanOrEqualTo(pipeline.least().toDevice());
      assertThat(total.bytesToHost()).isGreaterThanOrEqualTo(pipeline.least().toHost());
      assertVerified(pipeline);
    }
  }

  @Test
  void bothDevicesLaunchInEachRoundAndWarmingUpIsNotCounted() {
    PipelineShape shape = PipelineShape.square(64, 3, 1);
    try (UnifiedMemory memory = open(2); Pipeline pipeline = new Pipeline(memory, shape)) {
      LaunchCount launches = new LaunchCount(memory);
      run(memory, pipeline);

      assertThat(launches.uses()).hasSize(2).allSatisfy(use -> assertThat(use.launches()).isEqualTo(2 * 3));
      assertThat(pipeline.kernelSeconds()).isPositive();
    }
  }

  @Test
  void everyStageIsAnnouncedAndMeasured() {
    PipelineShape shape = PipelineShape.square(16, 2, 1);
    List<String> announced = new ArrayList<>();
    try (UnifiedMemory memory = open(1); Pipeline pipeline = new Pipeline(memory, shape)) {
      StageMeter meter = new StageMeter(memory, announced::add);
      pipeline.run(meter);

      assertThat(announced).containsExactly("fill", "multiply", "scale", "gram", "diagonal", "change row", "multiply", "scale", "gram",
          "diagonal").hasSize((int) Pipeline.stageCount(shape));
      assertThat(meter.stages()).extracting(Stage::name)
          .containsExactly("fill", "multiply", "scale", "gram", "diagonal", "change row");
    }
  }

  private static UnifiedMemory open(int devices) {
    return UnifiedMemory.builder().devices(devices == 1 ? new String[] {"embedded:0"} : new String[] {"embedded:0", "embedded:1"}).open();
  }

  private static StageMeter run(UnifiedMemory memory, Pipeline pipeline) {
    StageMeter meter = new StageMeter(memory, name -> { });
    pipeline.run(meter);
    return meter;
  }

  private static void assertVerified(Pipeline pipeline) {
    Verdict verdict = pipeline.verify();
    assertThat(verdict.verified()).as(verdict.explanation()).isTrue();
  }
}

package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.HostUse;
import io.samepage.samples.accounting.LaunchCount;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostModes;
import io.samepage.samples.hostview.HostSpace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineTest {
  /** How far beyond the least it may go where pages are found written, as the system may say so of a page that was not. */
  private static final double MARGIN = 1.02;

  @ParameterizedTest
  @CsvSource({"512,64,64,3,1", "512,64,64,3,2", "256,256,256,2,1", "1024,128,64,1,2"})
  void whatMovesUnderLeasesIsTheLeast(int rows, int inner, int columns, int rounds, int devices) {
    PipelineShape shape = new PipelineShape(rows, inner, columns, rounds, 11);
    try (UnifiedMemory memory = open(devices); HostSpace space = HostSpace.open(memory, Mode.EXPLICIT)) {
      Pipeline pipeline = new Pipeline(space, shape);
      Stage total = run(memory, pipeline).total();

      assertThat(total.bytesToDevice()).isEqualTo(pipeline.least().toDevice());
      assertThat(total.bytesToHost()).isEqualTo(pipeline.least().toHost());
      assertVerified(pipeline);
    }
  }

  @ParameterizedTest
  @CsvSource({"512,64,64,3,1", "512,64,64,3,2", "256,256,256,2,1", "1024,128,64,1,2", "100,33,77,3,1", "1500,50,700,2,1"})
  void whatMovesByTouchingIsHardlyMoreThanTheLeast(int rows, int inner, int columns, int rounds, int devices) {
    PipelineShape shape = new PipelineShape(rows, inner, columns, rounds, 11);
    for (Mode mode : HostModes.here()) {
      try (UnifiedMemory memory = open(devices); HostSpace space = HostSpace.open(memory, mode)) {
        Pipeline pipeline = new Pipeline(space, shape);
        StageMeter meter = run(memory, pipeline);

        // With two devices a part of it can come from the other one.
        assertThat(meter.total().bytesToDevice() + meter.bytesDeviceToDevice())
            .isBetween(pipeline.least().toDevice(), (long) (MARGIN * pipeline.least().toDevice()));
        assertThat(meter.total().bytesToHost()).isPositive().isLessThanOrEqualTo((long) (MARGIN * pipeline.least().toHost()));
        assertVerified(pipeline);
      }
    }
  }

  @Test
  void touchesAreCountedWhereTheHostTouchesAlone() {
    PipelineShape shape = new PipelineShape(512, 64, 64, 3, 11);
    for (Mode mode : HostModes.here()) {
      try (UnifiedMemory memory = open(1); HostSpace space = HostSpace.open(memory, mode)) {
        HostUse use = run(memory, new Pipeline(space, shape)).hostUse(mode);

        if (mode == Mode.EXPLICIT) {
          assertThat(use).isEqualTo(new HostUse("explicit", 0, 0));
        } else {
          assertThat(use.hostAccess()).isEqualTo("transparent");
          assertThat(use.hostFaults()).isPositive();
          // A and B once, a page of A in each round but the first, C in each round.
          assertThat(use.pagesFoundWritten()).isBetween(32 + 4 + 2 + 3 * 32L, (long) (MARGIN * (32 + 4 + 2 + 3 * 32)));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,4,1", "1,1,1,4,2", "100,33,77,3,1", "100,33,77,3,2", "7,1500,3,3,1", "513,65,31,2,2"})
  void matricesThatEndInsideAPageAreVerifiedToo(int rows, int inner, int columns, int rounds, int devices) {
    PipelineShape shape = new PipelineShape(rows, inner, columns, rounds, 12);
    for (Mode mode : HostModes.here()) {
      try (UnifiedMemory memory = open(devices); HostSpace space = HostSpace.open(memory, mode)) {
        Pipeline pipeline = new Pipeline(space, shape);
        Stage total = run(memory, pipeline).total();

        assertThat(total.bytesToDevice()).isGreaterThanOrEqualTo(pipeline.least().toDevice());
        assertThat(total.bytesToHost()).isGreaterThanOrEqualTo(mode == Mode.EXPLICIT ? pipeline.least().toHost() : 1);
        assertVerified(pipeline);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.samepage.samples.hostview.HostModes#here")
  void bothDevicesLaunchInEachRoundAndWarmingUpIsNotCounted(Mode mode) {
    PipelineShape shape = PipelineShape.square(64, 3, 1);
    try (UnifiedMemory memory = open(2); HostSpace space = HostSpace.open(memory, mode)) {
      Pipeline pipeline = new Pipeline(space, shape);
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
    try (UnifiedMemory memory = open(1); HostSpace space = HostSpace.open(memory, Mode.EXPLICIT)) {
      Pipeline pipeline = new Pipeline(space, shape);
      StageMeter meter = new StageMeter(memory, announced::add);
      pipeline.run(meter);

      assertThat(announced).containsExactly("fill", "multiply, scale", "gram, diagonal", "change row", "multiply, scale", "gram, diagonal")
          .hasSize((int) Pipeline.stageCount(shape));
      assertThat(meter.stages()).extracting(Stage::name)
          .containsExactly("fill", "multiply, scale", "gram, diagonal", "change row");
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

package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.accounting.Traffic;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineTrafficTest {
  private static final long PAGE = 4096;
  private static final long UNIT = 64 << 10;

  @Test
  void theLeastOfTallMatrices() {
    // A and C: 4096 × 64 floats, 1 MiB. B: 16 KiB. A row of A: 256 bytes, a page. A row of D: 16 KiB, so 4096 diagonal pages.
    Traffic least = new PipelineTraffic(new PipelineShape(4096, 64, 64, 3, 1), 1, 1, PAGE, PAGE).least();

    assertThat(least.toDevice()).isEqualTo((1 << 20) + (16 << 10) + 3 * (1 << 20) + 2 * 4096);
    assertThat(least.toHost()).isEqualTo(3 * ((1 << 20) + 4096 * 4096));
  }

  @Test
  void theLeastIsCountedInWholePagesWithARangeForEachMatrix() {
    // A 5 × 3: 60 bytes, B 3 × 7: 84, C 5 × 7: 140, D 5 × 5: 100, a page each.
    Traffic least = new PipelineTraffic(new PipelineShape(5, 3, 7, 2, 1), 1, 1, PAGE, PAGE).least();

    assertThat(least).isEqualTo(new Traffic((1 + 1 + 2 + 1) * PAGE, 2 * (1 + 1) * PAGE));
  }

  @Test
  void aLongRowOfATakesSeveralPages() {
    // A 2 × 1500: 12,000 bytes, 3 pages; its row 6,000 bytes, 2 pages. B 1500 × 1: 2 pages. C 2 × 1 and D 2 × 2: a page each.
    Traffic least = new PipelineTraffic(new PipelineShape(2, 1500, 1, 3, 1), 1, 1, PAGE, PAGE).least();

    assertThat(least).isEqualTo(new Traffic((3 + 2 + 3 + 2 * 2) * PAGE, 3 * 2 * PAGE));
  }

  @Test
  void severalDevicesTakeBAndCEach() {
    Traffic least = new PipelineTraffic(new PipelineShape(4096, 64, 64, 3, 1), 2, 2, PAGE, PAGE).least();

    assertThat(least.toDevice()).isEqualTo((1 << 20) + 2 * (16 << 10) + 2 * 3 * (1 << 20) + 2 * 4096);
    assertThat(least.toHost()).isEqualTo(3 * ((1 << 20) + 4096 * 4096));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 1022, 1023, 1024, 1025, 3000})
  void everyPageOfDWithADiagonalElementIsCounted(int rows) {
    long pages = IntStream.range(0, rows).mapToLong(i -> 4L * i * (rows + 1) / PAGE).distinct().count();
    long pagesOfC = Math.ceilDiv(4L * rows, PAGE);

    Traffic least = new PipelineTraffic(new PipelineShape(rows, 1, 1, 1, 1), 1, 1, PAGE, PAGE).least();

    assertThat(least.toHost()).isEqualTo((pages + pagesOfC) * PAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 128, 1024, 16_382, 16_383, 16_384, 16_385, 20_000})
  void everyUnitOfDWithADiagonalElementIsCountedAsFarAsItHasPages(int rows) {
    long pagesOfD = Math.ceilDiv(4L * rows * rows, PAGE);
    long pages = IntStream.range(0, rows).mapToLong(i -> 4L * i * (rows + 1) / UNIT).distinct()
        .map(unit -> Math.min(UNIT / PAGE, pagesOfD - unit * (UNIT / PAGE))).sum();
    long pagesOfC = Math.ceilDiv(4L * rows, PAGE);

    Traffic least = new PipelineTraffic(new PipelineShape(rows, 1, 1, 1, 1), 1, 1, PAGE, UNIT).least();

    assertThat(least.toHost()).isEqualTo((pages + pagesOfC) * PAGE);
    assertThat(least.toDevice()).isEqualTo(new PipelineTraffic(new PipelineShape(rows, 1, 1, 1, 1), 1, 1, PAGE, PAGE).least().toDevice());
  }

  @Test
  void copyingEveryArgumentMovesAllOfThemAtEachLaunch() {
    // Bytes: A 60, B 84, C 140, D 100. To the device A, B, C, then C, D; back C, then D; twice.
    Traffic naive = new PipelineTraffic(new PipelineShape(5, 3, 7, 2, 1), 1, 1, PAGE, PAGE).naive();

    assertThat(naive).isEqualTo(new Traffic(2 * (60 + 84 + 140 + 140 + 100), 2 * (140 + 100)));
  }

  @Test
  void copyingEveryArgumentToTwoDevicesMovesBAndAllOfCTwice() {
    Traffic naive = new PipelineTraffic(new PipelineShape(5, 3, 7, 2, 1), 2, 2, PAGE, PAGE).naive();

    assertThat(naive).isEqualTo(new Traffic(2 * (60 + 2 * 84 + 140 + 2 * 140 + 100), 2 * (140 + 100)));
  }
}

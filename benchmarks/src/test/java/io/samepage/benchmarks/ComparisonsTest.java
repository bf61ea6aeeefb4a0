package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.pipeline.Peer;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.turn.TimedState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

class ComparisonsTest {
  private static final List<Comparison> ALL = Comparisons.all();

  @Test
  void everySideIsABenchmark() {
    assertThat(ALL.stream().flatMap(comparison -> Stream.concat(Stream.of(comparison.ours()), comparison.baseline().stream())))
        .allMatch(ComparisonsTest::isBenchmark);
  }

  private static boolean isBenchmark(Side side) {
    return Arrays.stream(side.benchmark().getMethods())
        .anyMatch(method -> method.getName().equals(side.method()) && method.isAnnotationPresent(Benchmark.class));
  }

  @Test
  void noTwoRowsHaveTheSameTitle() {
    assertThat(ALL).extracting(Comparison::title).doesNotHaveDuplicates();
  }

  @Test
  void theSmokeRunTouchesEveryBenchmark() {
    assertThat(Comparisons.quick()).extracting(Comparison::benchmark).containsAll(ALL.stream().map(Comparison::benchmark).toList());
  }

  @Test
  void thePipelineIsMeasuredByEveryPeer() {
    assertThat(Stream.concat(ALL.stream().map(Comparison::ours), ALL.stream().flatMap(comparison -> comparison.baseline().stream())))
        .extracting(side -> side.parameters().get("peer")).contains(Arrays.stream(Peer.values()).map(Peer::name).toArray(String[]::new));
  }

  @Test
  void whatTakesMillisecondsHasBothSidesInTurn() {
    assertThat(ALL).filteredOn(comparison -> TimedState.class.isAssignableFrom(comparison.ours().benchmark()))
        .extracting(comparison -> comparison.baseline().orElseThrow().beside()).containsOnly(Optional.of(TimedState.BASELINE));
    assertThat(ALL).filteredOn(Comparison::isInTurn).extracting(Comparison::title)
        .filteredOn(title -> title.startsWith("pipeline")).hasSize(5).noneMatch(title -> title.contains("beside"));
    assertThat(ALL).filteredOn(Comparison::isInTurn).extracting(Comparison::benchmark)
        .containsOnly("PipelineOutsideKernels", "NetworkOutsideKernels", "RelaunchChanged", "BulkToDevice", "BulkToHost",
            "ScatteredToDevice", "ScatteredToHost", "TransparentLoop", "Sweep", "LaunchSubmit",
            "LaunchAfterPause", "RelaunchUntouched", "LeaseThreads");
    assertThat(SizeComparisons.all()).noneMatch(Comparison::isInTurn);
  }

  @Test
  void bySizeTheOtherSideIsTheBaseline() throws ReflectiveOperationException {
    assertThat(TimedState.class.getField(TimedState.IS_BASELINE).isAnnotationPresent(Param.class)).isTrue();
    assertThat(SizeComparisons.all()).allSatisfy(comparison -> {
      assertThat(comparison.ours().parameters()).doesNotContainKey(TimedState.IS_BASELINE);
      assertThat(comparison.baseline().orElseThrow().parameters()).containsEntry(TimedState.IS_BASELINE, "true");
    });
  }

  @Test
  void theLargerPipelineIsMeasuredOnRequestUnderLeases() {
    List<Comparison> larger = Comparisons.largerPipelines();
    assertThat(larger).extracting(Comparison::title).containsExactly("pipeline of 1024 × 1024 outside kernels, under leases",
        "pipeline of 1024 × 1024 outside kernels, in the host's pages, under leases",
        "pipeline of 1024 × 1024 outside kernels, in shared virtual memory, under leases");
    assertThat(larger).allSatisfy(comparison -> {
      assertThat(comparison.command()).isEqualTo("./bench --sizes PipelineOutsideKernels");
      assertThat(comparison.baseline().orElseThrow().parameters()).containsEntry("size", "1024");
      assertThat(comparison.goal()).isEqualTo(new Goal.Rate(1 / 1.1));
    });
    assertThat(ALL).extracting(Comparison::title).doesNotContainAnyElementsOf(larger.stream().map(Comparison::title).toList());
  }

  @Test
  void sizesThatDoNotFitTwiceIntoMemoryOrIntoABufferAreLeftOut() {
    assertThat(SizeComparisons.fitting(64L << 30, 64L << 30)).hasSameSizeAs(SizeComparisons.all());
    assertThat(SizeComparisons.fitting(17L << 30, 64L << 30)).last().extracting(Comparison::title).asString().endsWith(" 4096 MiB");
    assertThat(SizeComparisons.fitting(64L << 30, 4L << 30)).last().extracting(Comparison::title).asString().endsWith(" 4096 MiB");
    assertThat(SizeComparisons.fitting(64L << 30, (4L << 30) - 1)).last().extracting(Comparison::title).asString().endsWith(" 512 MiB");
  }

  @Test
  void aPeerThatIsMissingIsNamedWithTheReasonAndOursStandsAlone() {
    Comparison comparison = ALL.stream().filter(one -> one.title().endsWith("outside kernels, beside StarPU")).findFirst().orElseThrow();

    Comparison found = Comparisons.present(List.of(comparison), side -> Optional.of("it isn't installed")).getFirst();

    assertThat(found.title()).isEqualTo(comparison.title() + ": not measured, it isn't installed");
    assertThat(found.ours()).isEqualTo(comparison.ours());
    assertThat(found.baseline()).isEmpty();
    assertThat(Comparisons.present(List.of(comparison), side -> Optional.empty())).containsExactly(comparison);
  }

  @Test
  void whatIsDoneUnderLeasesIsMeasuredWhereverItIs() {
    assertThat(ALL).filteredOn(comparison -> comparison.title().endsWith("under leases")).isNotEmpty().noneMatch(Comparisons::isTouching);
    assertThat(ALL).filteredOn(comparison -> comparison.title().endsWith("by plain stores")).isNotEmpty()
        .allMatch(Comparisons::isTouching);
    assertThat(ALL).filteredOn(comparison -> comparison.benchmark().equals("LaunchSubmit")).anyMatch(Comparisons::isTouching)
        .anyMatch(comparison -> !Comparisons.isTouching(comparison));
  }
}

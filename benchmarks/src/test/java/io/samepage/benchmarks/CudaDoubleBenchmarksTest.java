package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.cuda.CudaComparisons;
import io.samepage.benchmarks.cuda.CudaPipeline;
import io.samepage.benchmarks.cuda.ManagedRules;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Side;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Both sides of all benchmarks on CUDA, once and small, on the test double of NVIDIA's driver: no GPU is in this. */
@Tag("cuda-double")
class CudaDoubleBenchmarksTest {
  private static final long DOUBLE_BYTES = 8L << 30;

  @BeforeAll
  static void chooseDevice() {
    System.setProperty(BenchmarkMemory.DEVICE_PROPERTY, "cuda:0");
    // Other runs of JMH on the machine are no matter here.
    System.setProperty("jmh.ignoreLock", "true");
  }

  static List<Side> sides() {
    chooseDevice();
    return CudaComparisons.quick(ManagedRules.ofDevice()).stream().filter(comparison -> isPossible(comparison))
        .flatMap(comparison -> Stream.concat(Stream.of(comparison.ours()), comparison.baseline().stream())).distinct().toList();
  }

  private static boolean isPossible(Comparison comparison) {
    try (UnifiedMemory memory = BenchmarkMemory.open()) {
      return memory.hostAccess().isTransparent() || !Comparisons.isTouching(comparison);
    }
  }

  /** In this JVM. What a side checks of its own results fails it. */
  private static RunResult run(Side side) throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + Pattern.quote(side.benchmark().getName() + "." + side.method()) + "$").forks(0).warmupIterations(0)
        .measurementIterations(1).measurementTime(TimeValue.milliseconds(1)).shouldFailOnError(true).verbosity(VerboseMode.SILENT);
    side.parameters().forEach(options::param);
    return new Runner(options.build()).runSingle();
  }

  @ParameterizedTest
  @MethodSource("sides")
  void everySideRunsAndFindsItsResultsRight(Side side) throws RunnerException {
    assertThat(run(side).getPrimaryResult().getSampleCount()).isPositive();
  }

  @Test
  void managedMemoryBeyondAQuarterOfWhatIsFreeIsNotTaken() throws Throwable {
    DoubleNative.memoryBytes(0, 16 << 20);
    try {
      assertThat(CudaComparisons.quick(ManagedRules.ofDevice())).extracting(Comparison::title)
          .filteredOn(title -> title.contains("managed memory")).hasSize(6)
          .allMatch(title -> title.contains("not measured, managed memory is to be a quarter of what is free at most"));
      Side pipeline = new Side(CudaPipeline.class, "managed", Map.of("size", "64", "warmMillis", "0", "settlingRuns", "0"));
      assertThatThrownBy(() -> run(pipeline)).isInstanceOf(RunnerException.class)
          .hasStackTraceContaining("Not measured: managed memory is to be a quarter");
    } finally {
      DoubleNative.memoryBytes(0, DOUBLE_BYTES);
    }
  }
}

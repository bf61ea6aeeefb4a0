package io.samepage.benchmarks.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;

class CudaComparisonsTest {
  private static final long FREE_BYTES = 80L << 30;
  private static final ManagedRules ALL_MANAGED = new ManagedRules(FREE_BYTES, true, true);
  private static final List<Comparison> ALL = CudaComparisons.all(ALL_MANAGED);

  private static Stream<Side> sides(List<Comparison> comparisons) {
    return comparisons.stream().flatMap(comparison -> Stream.concat(Stream.of(comparison.ours()), comparison.baseline().stream()));
  }

  private static Set<String> methods(List<Comparison> comparisons) {
    return sides(comparisons).map(side -> side.benchmark().getName() + "." + side.method()).collect(Collectors.toSet());
  }

  private static List<Comparison> managed(ManagedRules rules) {
    return CudaComparisons.all(rules).stream().filter(comparison -> comparison.title().contains("beside managed memory")).toList();
  }

  @Test
  void everySideIsABenchmark() {
    assertThat(sides(ALL)).allMatch(side -> Arrays.stream(side.benchmark().getMethods())
        .anyMatch(method -> method.getName().equals(side.method()) && method.isAnnotationPresent(Benchmark.class)));
  }

  @Test
  void noTwoRowsHaveTheSameTitle() {
    assertThat(ALL).extracting(Comparison::title).doesNotHaveDuplicates();
  }

  @Test
  void theSmokeRunTouchesEverySide() {
    assertThat(methods(CudaComparisons.quick(ALL_MANAGED))).isEqualTo(methods(ALL));
  }

  @Test
  void theBarsAreTheGoals() {
    assertThat(ALL).filteredOn(comparison -> comparison.title().startsWith("bulk")).hasSize(6)
        .allMatch(comparison -> comparison.goal().equals(new Goal.Rate(0.90)));
    assertThat(ALL).filteredOn(comparison -> comparison.title().startsWith("pipeline")).extracting(Comparison::goal)
        .containsExactly(new Goal.Rate(1 / 1.1), new Goal.Rate(1 / 1.1), new Goal.Rate(2), new Goal.Rate(1));
  }

  @Test
  void rowsSayHowTheyAreMeasuredAgain() {
    assertThat(ALL).allMatch(comparison -> comparison.command().equals("./bench --device cuda " + comparison.benchmark()));
  }

  @Test
  void whatIsRefusedIsARowWithTheReasonAndNothingBesideIt() {
    assertThat(managed(new ManagedRules(FREE_BYTES, false, false))).hasSize(8)
        .allMatch(row -> row.title().endsWith(": not measured, the device has no managed memory") && row.baseline().isEmpty());
    assertThat(managed(new ManagedRules(FREE_BYTES, true, false))).filteredOn(row -> row.baseline().isEmpty()).hasSize(4)
        .allMatch(row -> row.title().endsWith("prefetches and advice: not measured, the device takes no prefetches of managed memory"));
    assertThat(managed(ALL_MANAGED)).allMatch(row -> row.baseline().isPresent());
  }

  @Test
  void aQuarterOfWhatIsFreeMayBeManagedAndNoByteMore() {
    ManagedRules rules = new ManagedRules(4 << 20, true, true);
    assertThat(rules.refusal(1 << 20, true)).isEmpty();
    assertThat(rules.refusal((1 << 20) + 1, true)).get().asString().contains("sizeMib=1, freeMib=4");
  }
}

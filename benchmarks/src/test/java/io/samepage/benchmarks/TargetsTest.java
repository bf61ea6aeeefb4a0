package io.samepage.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.targets.Target;
import io.samepage.benchmarks.targets.Targets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TargetsTest {
  private static final List<Comparison> ALL = AllComparisons.all();

  private static List<Comparison> telling(Target target) {
    return ALL.stream().filter(comparison -> target.isToldBy(comparison.title())).toList();
  }

  @Test
  void everyTargetIsToldByAComparison() {
    assertThat(Targets.ALL).allSatisfy(target -> assertThat(telling(target)).as(target.work()).isNotEmpty());
  }

  @Test
  void theCommandOfATargetMeasuresAllThatTellOfIt() {
    assertThat(Targets.ALL).allSatisfy(target -> assertThat(Arrays.asList(target.command().split(" "))).as(target.work())
        .containsAll(telling(target).stream().map(Comparison::benchmark).toList()));
  }

  @Test
  void theCommandOfATargetNamesBenchmarksThatTheProgramTakes() {
    assertThat(Targets.ALL).allSatisfy(target -> {
      List<String> words = List.of(target.command().split(" "));
      CommandLine.ParseResult parsed = new CommandLine(new Bench()).parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      assertThat(parsed.matchedPositionals()).as(target.command()).singleElement()
          .satisfies(names -> assertThat(names.stringValues())
              .isEqualTo(words.stream().skip(1).filter(word -> !word.startsWith("--")).toList()));
    });
  }

  @Test
  void noComparisonTellsOfTwoTargets() {
    assertThat(ALL).allSatisfy(comparison -> assertThat(Targets.ALL.stream().filter(target -> target.isToldBy(comparison.title())))
        .as(comparison.title()).hasSizeLessThanOrEqualTo(1));
  }

  @Test
  void scatteredPagesAreToldByBothOrdersInBothDirections() {
    Target scattered = Targets.ALL.stream().filter(target -> target.work().contains("scattered dirty")).findFirst().orElseThrow();

    assertThat(telling(scattered)).extracting(Comparison::title).anyMatch(title -> title.contains("random") && title.contains("device"))
        .anyMatch(title -> title.contains("random") && title.contains("host"))
        .anyMatch(title -> title.contains("every") && title.contains("device"))
        .anyMatch(title -> title.contains("every") && title.contains("host"));
  }
}

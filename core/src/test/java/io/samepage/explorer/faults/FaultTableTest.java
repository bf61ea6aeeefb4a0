package io.samepage.explorer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of the fault table hold in every state of every scenario. Prints how many states that were; a violation is told by the
 * shortest trace to it. What is tagged {@code full-exploration} explores far more; docs/HACKING.md has the command.
 */
class FaultTableTest {
  static Stream<FaultScenario> chosen() {
    return FaultScenarios.chosen();
  }

  static Stream<FaultScenario> large() {
    return FaultScenarios.large();
  }

  private static void assertHolds(FaultScenario scenario) {
    Exploration found = Search.explore(new FaultSpace(scenario));
    System.out.printf("[explorer] fault table, %s: states=%,d, steps=%,d, depth=%d%n", scenario, found.states(), found.steps(),
        found.depth());
    assertThat(found.isSound()).as(found.toString()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("chosen")
  void holdsInChosenScenarios(FaultScenario scenario) {
    assertHolds(scenario);
  }

  @ParameterizedTest
  @MethodSource("large")
  @Tag("full-exploration")
  void holdsInLargeScenarios(FaultScenario scenario) {
    assertHolds(scenario);
  }
}

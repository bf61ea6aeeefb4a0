package io.samepage.explorer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the fault table hold in every state of every scenario. Prints how many states that were. */
class FaultTableTest {
  static Stream<FaultScenario> chosen() {
    return FaultScenarios.chosen();
  }

  static Stream<FaultScenario> large() {
    return FaultScenarios.large();
  }

  @ParameterizedTest
  @MethodSource("large")
  @Tag("full-exploration")
  void holdsInLargeScenarios(FaultScenario scenario) {
    assertHolds(scenario);
  }

  private static void assertHolds(FaultScenario scenario) {
    long start = System.nanoTime();
    Exploration found = Search.explore(new FaultSpace(scenario));
    System.out.printf("[explorer] fault table, %s: states=%,d, steps=%,d, depth=%d, millis=%d%n", scenario, found.states(), found.steps(),
        found.depth(), (System.nanoTime() - start) / 1_000_000);
    assertThat(found.isSound()).as(found.toString()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("chosen")
  void holdsInChosenScenarios(FaultScenario scenario) {
    assertHolds(scenario);
  }
}

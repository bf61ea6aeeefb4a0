package io.samepage.explorer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.explorer.engine.Exploration;
import io.samepage.explorer.engine.Search;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule is needed. */
class FaultDefectsTest {
  @ParameterizedTest
  @EnumSource
  void isFound(Rule rule) {
    Exploration best = null;
    for (FaultScenario scenario : FaultScenarios.chosen().toList()) {
      Exploration found = Search.explore(new FaultSpace(scenario.without(rule)));
      if (!found.isSound()) {
        System.out.println("[ko] " + rule + " | " + scenario + " | states=" + found.states() + " steps=" + found.length() + found.violation());
        if (best == null || found.states() < best.states()) best = found;
      }
    }
    System.out.println("[KO] " + rule + " " + (best == null ? "NONE" : best.name() + " " + best.states()+ " last: " + best.trace().get(best.length()).substring(0, 60)));
  }
}

package io.samepage.explorer;

import io.samepage.explorer.engine.Exploration;
import java.util.stream.Stream;

/** Explores many scenarios and adds up what they cover. */
final class Tally {
  private final Rules rules;
  private int scenarios;
  private long states;
  private long statesMax;
  private long steps;
  private int depthMax;
  private Exploration shortest;

  Tally(Rules rules) {
    this.rules = rules;
  }

  /** Explores all scenarios, those with violations too: the shortest trace is the one to read. */
  Tally explore(Stream<Scenario> all) {
    all.forEach(scenario -> add(Explorer.explore(scenario, rules)));
    return this;
  }

  private void add(Exploration exploration) {
    scenarios++;
    states += exploration.states();
    statesMax = Math.max(statesMax, exploration.states());
    steps += exploration.steps();
    depthMax = Math.max(depthMax, exploration.depth());
    if (!exploration.isSound() && (shortest == null || exploration.length() < shortest.length())) {
      shortest = exploration;
    }
  }

  /** The exploration with the shortest way to a violation, null if none was found. */
  Exploration shortest() {
    return shortest;
  }

  @Override
  public String toString() {
    return "scenarios=%,d, states=%,d (at most %,d in one), steps=%,d, depth=%d".formatted(scenarios, states, statesMax, steps, depthMax);
  }
}

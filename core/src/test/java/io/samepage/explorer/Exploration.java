package io.samepage.explorer;

import java.util.List;

/**
 * What came of exploring a scenario.
 *
 * @param scenario the scenario
 * @param states how many states there are, up to the violation if there is one
 * @param steps how many steps lead from one to another
 * @param depth how many steps the farthest state is away
 * @param trace the shortest way to a violation: where it starts, a line for each step, what is violated; empty if there is none
 */
record Exploration(Scenario scenario, long states, long steps, int depth, List<String> trace) {
  boolean isSound() {
    return trace.isEmpty();
  }

  /** How many steps the shortest way to the violation has. */
  int length() {
    return trace.size() - 2;
  }

  String violation() {
    return trace.getLast();
  }

  @Override
  public String toString() {
    String found = scenario + ": states=" + states + ", steps=" + steps + ", depth=" + depth;
    return isSound() ? found : found + ", violated after steps=" + length() + "\n" + String.join("\n", trace);
  }
}

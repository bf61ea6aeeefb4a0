package io.samepage.explorer.engine;

import java.util.List;

/**
 * What came of exploring a world.
 *
 * @param name what the world is called
 * @param states how many states there are, up to the violation if there is one
 * @param steps how many steps lead from one to another
 * @param depth how many steps the farthest state is away
 * @param trace the shortest way to a violation: where it starts, a line for each step, what is violated; empty if there is none
 */
public record Exploration(String name, long states, long steps, int depth, List<String> trace) {
  public boolean isSound() {
    return trace.isEmpty();
  }

  /** How many steps the shortest way to the violation has. */
  public int length() {
    return trace.size() - 2;
  }

  public String violation() {
    return trace.getLast();
  }

  @Override
  public String toString() {
    String found = name + ": states=" + states + ", steps=" + steps + ", depth=" + depth;
    return isSound() ? found : found + ", violated after steps=" + length() + "\n" + String.join("\n", trace);
  }
}

package io.samepage.explorer.engine;

import java.util.Arrays;
import java.util.BitSet;

/** Which states lead to which, added state by state. */
final class Edges {
  private int[] targets = new int[1 << 12];
  private int size;
  /** Behind the last target of each state. */
  private int[] bounds = new int[1 << 10];
  private int states;

  void add(int target) {
    if (size == targets.length) {
      targets = Arrays.copyOf(targets, 2 * size);
    }
    targets[size++] = target;
  }

  /** All targets of the present state were added. */
  void close() {
    if (states == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * states);
    }
    bounds[states++] = size;
  }

  /** The first state from which none of some states can be reached, −1 if there is none. Passes backwards until nothing changes. */
  int firstWithoutWayTo(BitSet ends) {
    BitSet good = (BitSet) ends.clone();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int state = states - 1; state >= 0; state--) {
        if (!good.get(state) && leadsTo(state, good)) {
          good.set(state);
          changed = true;
        }
      }
    }
    int first = good.nextClearBit(0);
    return first < states ? first : -1;
  }

  private boolean leadsTo(int state, BitSet good) {
    for (int i = state == 0 ? 0 : bounds[state - 1]; i < bounds[state]; i++) {
      if (good.get(targets[i])) {
        return true;
      }
    }
    return false;
  }
}

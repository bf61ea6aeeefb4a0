package io.samepage.explorer.engine;

import java.util.Arrays;

/** The states that were seen, in the order they were found, each with the one it was found from. Grows by chunks. */
public final class StateStore {
  /** Few: most worlds are small, and there are thousands of them. */
  private static final int CHUNK_STATES = 1 << 10;

  private final int stride;
  private long[][] states = new long[0][];
  private int[][] parents = new int[0][];
  private int size;
  /** By hash: the hash, which tells most states apart without a look at them, and below it the index plus one; 0 for an empty place. */
  private long[] table = new long[1 << 10];

  public StateStore(int stride) {
    this.stride = stride;
  }

  public int size() {
    return size;
  }

  /**
   * Adds a state.
   *
   * @param state the state
   * @param parent where it was found from, −1 for a start
   * @return which it is in the order they were found: what the size was before, if it is new
   */
  public int add(long[] state, int parent) {
    int hash = hash(state);
    int place = place(state, hash);
    if (table[place] != 0) {
      return (int) table[place] - 1;
    }
    if (size == states.length * CHUNK_STATES) {
      states = Arrays.copyOf(states, states.length + 1);
      parents = Arrays.copyOf(parents, states.length);
      states[states.length - 1] = new long[CHUNK_STATES * stride];
      parents[states.length - 1] = new int[CHUNK_STATES];
    }
    System.arraycopy(state, 0, states[size / CHUNK_STATES], size % CHUNK_STATES * stride, stride);
    parents[size / CHUNK_STATES][size % CHUNK_STATES] = parent;
    table[place] = (long) hash << Integer.SIZE | ++size;
    if (size > table.length / 2) {
      grow();
    }
    return size - 1;
  }

  public void get(int index, long[] target) {
    System.arraycopy(states[index / CHUNK_STATES], index % CHUNK_STATES * stride, target, 0, stride);
  }

  public int parent(int index) {
    return parents[index / CHUNK_STATES][index % CHUNK_STATES];
  }

  /** Where a state is in the table, or the empty place where it belongs. */
  private int place(long[] state, int hash) {
    int place = hash & table.length - 1;
    while (table[place] != 0 && !((int) (table[place] >>> Integer.SIZE) == hash && isAt((int) table[place] - 1, state))) {
      place = place + 1 & table.length - 1;
    }
    return place;
  }

  private boolean isAt(int index, long[] state) {
    long[] chunk = states[index / CHUNK_STATES];
    int from = index % CHUNK_STATES * stride;
    for (int i = 0; i < stride; i++) {
      if (chunk[from + i] != state[i]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(long[] state) {
    long hash = 0;
    for (long word : state) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    return (int) hash;
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    for (long entry : old) {
      if (entry != 0) {
        int place = (int) (entry >>> Integer.SIZE) & table.length - 1;
        while (table[place] != 0) {
          place = place + 1 & table.length - 1;
        }
        table[place] = entry;
      }
    }
  }
}

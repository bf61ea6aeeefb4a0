package io.samepage.explorer.engine;

import java.util.Arrays;

/** The states that were seen, in the order they were found, each with the one it was found from. Grows by chunks. */
public final class StateStore {
  private static final int CHUNK_STATES = 1 << 16;

  private final int stride;
  private long[][] states = new long[0][];
  private int[][] parents = new int[0][];
  private int size;
  /** Indices plus one by hash, 0 for an empty place. */
  private int[] table = new int[1 << 10];

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
    int place = place(state);
    if (table[place] != 0) {
      return table[place] - 1;
    }
    if (size == states.length * CHUNK_STATES) {
      states = Arrays.copyOf(states, states.length + 1);
      parents = Arrays.copyOf(parents, states.length);
      states[states.length - 1] = new long[CHUNK_STATES * stride];
      parents[states.length - 1] = new int[CHUNK_STATES];
    }
    System.arraycopy(state, 0, states[size / CHUNK_STATES], size % CHUNK_STATES * stride, stride);
    parents[size / CHUNK_STATES][size % CHUNK_STATES] = parent;
    table[place] = ++size;
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
  private int place(long[] state) {
    int place = hash(state, 0) & table.length - 1;
    while (table[place] != 0 && !isAt(table[place] - 1, state)) {
      place = place + 1 & table.length - 1;
    }
    return place;
  }

  private boolean isAt(int index, long[] state) {
    int from = index % CHUNK_STATES * stride;
    return Arrays.equals(states[index / CHUNK_STATES], from, from + stride, state, 0, stride);
  }

  private int hash(long[] words, int from) {
    long hash = 0;
    for (int i = from; i < from + stride; i++) {
      hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15L;
      hash ^= hash >>> 32;
    }
    return (int) hash;
  }

  private void grow() {
    table = new int[2 * table.length];
    for (int index = 0; index < size; index++) {
      int place = hash(states[index / CHUNK_STATES], index % CHUNK_STATES * stride) & table.length - 1;
      while (table[place] != 0) {
        place = place + 1 & table.length - 1;
      }
      table[place] = index + 1;
    }
  }
}

package io.samepage.explorer.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** Tells how a state was reached, by going there once more. */
final class Trace<S extends State, M> {
  private static final int STATE_COLUMN = 100;

  private final StateSpace<S, M> space;
  private final List<String> lines = new ArrayList<>();

  Trace(StateSpace<S, M> space) {
    this.space = space;
  }

  /** The way to a state, and the move from there that violates something, if it is a move that does. */
  List<String> to(StateStore store, int last, String violation) {
    List<long[]> way = new ArrayList<>();
    for (int index = last; index >= 0; index = store.parent(index)) {
      long[] state = new long[space.packedWords()];
      store.get(index, state);
      way.addFirst(state);
    }
    S state = space.newState();
    state.unpack(way.getFirst());
    lines.add("  0. start" + " ".repeat(STATE_COLUMN - 10) + space.describe(state));
    for (int i = 1; i < way.size(); i++) {
      long[] next = way.get(i);
      tell(way.get(i - 1), moved -> Arrays.equals(packed(moved), next));
    }
    if (!violation.equals(Search.STUCK) && !violation.equals(Search.ENDLESS)) {
      tell(way.getLast(), moved -> violation.equals(moved.violation()) || violation.equals(space.broken(moved)));
    }
    lines.add("  => " + violation);
    return lines;
  }

  private long[] packed(S state) {
    long[] packed = new long[space.packedWords()];
    state.pack(packed);
    return packed;
  }

  /** Tells of the move that leads from a state to one that is looked for. */
  private void tell(long[] from, Predicate<S> isWanted) {
    for (M move : space.moves()) {
      S state = space.newState();
      state.unpack(from);
      List<String> journal = new ArrayList<>();
      state.record(journal);
      if (space.take(move, state) && isWanted.test(state)) {
        String step = "%3d. %s".formatted(lines.size(), String.join("; ", journal));
        lines.add(step + " ".repeat(Math.max(1, STATE_COLUMN - step.length())) + space.describe(state));
        return;
      }
    }
    throw new IllegalStateException("No move leads on from step=" + (lines.size() - 1));
  }
}

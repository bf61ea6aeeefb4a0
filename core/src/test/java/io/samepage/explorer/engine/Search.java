package io.samepage.explorer.engine;

import java.util.BitSet;
import java.util.List;

/**
 * Visits every state that a world can reach, nearest first, so the first violation it finds is one of those with the fewest steps. Then,
 * where states can come again, makes sure that none is without a way to the end.
 *
 * @param <S> states
 * @param <M> moves
 */
public final class Search<S extends State, M> {
  /** Nobody can move, and it is not the end. */
  public static final String STUCK = "nobody can go on, and not all is done";
  /** There are moves, but none of them leads to the end. */
  public static final String ENDLESS = "no way leads to rest";

  private final StateSpace<S, M> space;
  private final StateStore store;
  private final Edges edges;
  private final BitSet ends = new BitSet();
  private final S state;
  private final long[] from;
  private final long[] to;
  private long steps;
  private int depth;

  private Search(StateSpace<S, M> space) {
    this.space = space;
    store = new StateStore(space.packedWords());
    edges = space.canRepeat() ? new Edges() : null;
    state = space.newState();
    from = new long[space.packedWords()];
    to = new long[space.packedWords()];
  }

  /** Explores a world to the end or to the first violation. */
  public static <S extends State, M> Exploration explore(StateSpace<S, M> space) {
    return new Search<>(space).explore();
  }

  private Exploration explore() {
    for (S start : space.starts()) {
      pack(start);
      store.add(to, -1);
    }
    int levelEnd = store.size();
    for (int index = 0; index < store.size(); index++) {
      if (index == levelEnd) {
        depth++;
        levelEnd = store.size();
      }
      String violation = expand(index);
      if (violation != null) {
        return result(new Trace<>(space).to(store, index, violation));
      }
    }
    int endless = edges == null ? -1 : edges.firstWithoutWayTo(ends);
    return result(endless < 0 ? List.of() : new Trace<>(space).to(store, endless, ENDLESS));
  }

  private Exploration result(List<String> trace) {
    return new Exploration(space.name(), store.size(), steps, depth, trace);
  }

  private void pack(S packed) {
    java.util.Arrays.fill(to, 0);
    packed.pack(to);
  }

  /** Takes all moves from a state; answers what is violated by one, or null. */
  private String expand(int index) {
    store.get(index, from);
    state.unpack(from);
    boolean isStuck = true;
    boolean isOver = space.isOver(state);
    ends.set(index, isOver);
    for (M move : space.moves()) {
      if (!space.take(move, state)) {
        continue;
      }
      isStuck = false;
      steps++;
      String violation = arrive(index);
      if (violation != null) {
        return violation;
      }
      state.unpack(from);
    }
    if (edges != null) {
      edges.close();
    }
    return isStuck && !isOver ? STUCK : null;
  }

  private String arrive(int index) {
    pack(state);
    if (state.violation() != null) {
      return state.violation();
    }
    int known = store.size();
    int next = store.add(to, index);
    if (edges != null) {
      edges.add(next);
    }
    return next == known ? space.broken(state) : null;
  }
}

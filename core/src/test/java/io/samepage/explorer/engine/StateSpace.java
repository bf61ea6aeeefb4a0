package io.samepage.explorer.engine;

import java.util.List;

/**
 * A world that can be explored: where it starts, what can happen, what must hold.
 *
 * @param <S> its states
 * @param <M> what can happen next
 */
public interface StateSpace<S extends State, M> {
  /** What it is called. */
  String name();

  /** How many {@code long}s a packed state takes. */
  int packedWords();

  /** A state to unpack others into. */
  S newState();

  /** The ways it can start. */
  List<S> starts();

  /** Everything that can happen in some state. */
  List<M> moves();

  /** Takes a move; false, and the state is as it was, if it can't be taken now. */
  boolean take(M move, S state);

  /** What is broken in a state, null if all is well. */
  String broken(S state);

  /** Whether all is done: a state may be without a next one then. */
  boolean isOver(S state);

  /**
   * Whether a state can come again. Where it can't, every way ends; where it can, it is checked that some way leads to the end from each
   * state.
   */
  boolean canRepeat();

  /** A state in a few words. */
  String describe(S state);
}

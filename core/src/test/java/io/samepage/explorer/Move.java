package io.samepage.explorer;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the things that can happen next.
 *
 * @param kind who moves
 * @param who the thread or device
 */
record Move(Kind kind, int who) {
  enum Kind { THREAD, THREAD_FAILS, DEVICE, DEVICE_FAILS, RETIREMENT }

  /** All moves of a scenario. */
  static List<Move> all(Model model) {
    List<Move> moves = new ArrayList<>();
    boolean canFail = model.scenario().failures() > 0;
    for (int thread = 0; thread < model.threads(); thread++) {
      moves.add(new Move(Kind.THREAD, thread));
      if (canFail) {
        moves.add(new Move(Kind.THREAD_FAILS, thread));
      }
    }
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      moves.add(new Move(Kind.DEVICE, device));
      moves.add(new Move(Kind.RETIREMENT, device));
      if (canFail) {
        moves.add(new Move(Kind.DEVICE_FAILS, device));
      }
    }
    return moves;
  }
}

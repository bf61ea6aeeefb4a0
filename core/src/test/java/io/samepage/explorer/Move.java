package io.samepage.explorer;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the things that can happen next.
 *
 * @param kind who moves
 * @param who the thread, device or launch
 */
record Move(Kind kind, int who) {
  enum Kind { THREAD, THREAD_FAILS, THREAD_GIVES_UP, DEVICE, DEVICE_FAILS, KERNEL, KERNEL_FAILS, RETIREMENT }

  /** All moves of a scenario. */
  static List<Move> all(Model model) {
    List<Move> moves = new ArrayList<>();
    boolean canFail = model.scenario().failures() > 0;
    for (int thread = 0; thread < model.threads(); thread++) {
      moves.add(new Move(Kind.THREAD, thread));
      if (canFail) {
        moves.add(new Move(Kind.THREAD_FAILS, thread));
      }
      if (model.scenario().isImpatient()) {
        moves.add(new Move(Kind.THREAD_GIVES_UP, thread));
      }
    }
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      moves.add(new Move(Kind.DEVICE, device));
      if (canFail) {
        moves.add(new Move(Kind.DEVICE_FAILS, device));
      }
    }
    for (Operation operation : model.operations()) {
      if (operation.act().isQueued()) {
        moves.add(new Move(Kind.KERNEL, operation.index()));
        moves.add(new Move(Kind.RETIREMENT, operation.index()));
        if (canFail) {
          moves.add(new Move(Kind.KERNEL_FAILS, operation.index()));
        }
      }
    }
    return moves;
  }
}

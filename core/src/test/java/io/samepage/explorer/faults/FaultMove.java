package io.samepage.explorer.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of the things that can happen next.
 *
 * @param kind what
 * @param who the thread, device or actor
 * @param what the page, cell, kernel or device
 */
record FaultMove(Kind kind, int who, int what) {
  enum Kind {
    RETRY, HANDLER, COMMAND, CARRY_OUT, STEP, UNMAPPING, LOAD, STORE, LAUNCH, EVICT, DISCARD, CLOSE, SYNCHRONIZE, SIGNAL, RECLAIM,
    SAFEPOINT;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As a replay calls it. */
    @Override
    public String toString() {
      return text;
    }
  }

  static List<FaultMove> all(FaultScenario scenario) {
    List<FaultMove> moves = new ArrayList<>();
    moves.add(new FaultMove(Kind.HANDLER, FaultWorld.HANDLER, 0));
    moves.add(new FaultMove(Kind.SAFEPOINT, 0, 0));
    for (int actor = 0; actor < FaultWorld.ACTORS; actor++) {
      moves.add(new FaultMove(Kind.CARRY_OUT, actor, 0));
    }
    for (int device = 0; device < scenario.devices; device++) {
      moves.add(new FaultMove(Kind.COMMAND, device, 0));
    }
    for (int page = 0; page < scenario.pages; page++) {
      moves.add(new FaultMove(Kind.RECLAIM, 0, page));
    }
    for (int thread = 0; thread < FaultWorld.THREADS; thread++) {
      addOfThread(scenario, thread, moves);
    }
    return List.copyOf(moves);
  }

  private static void addOfThread(FaultScenario scenario, int thread, List<FaultMove> moves) {
    for (Kind kind : List.of(Kind.RETRY, Kind.STEP, Kind.UNMAPPING, Kind.CLOSE, Kind.SYNCHRONIZE, Kind.SIGNAL)) {
      moves.add(new FaultMove(kind, thread, 0));
    }
    if (scenario.discards[thread] > 0) {
      moves.add(new FaultMove(Kind.DISCARD, thread, 0));
    }
    for (int page = 0; page < scenario.pages; page++) {
      moves.add(new FaultMove(Kind.LOAD, thread, page));
      for (int part = 0; part < scenario.parts; part++) {
        moves.add(new FaultMove(Kind.STORE, thread, FaultWorld.cell(page, part)));
      }
    }
    for (int kernel = 0; kernel < scenario.kernels.size(); kernel++) {
      moves.add(new FaultMove(Kind.LAUNCH, thread, kernel));
    }
    for (int device = 0; device < scenario.devices; device++) {
      moves.add(new FaultMove(Kind.EVICT, thread, device));
    }
  }
}

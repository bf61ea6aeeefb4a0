package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** What holds in every state. */
final class FaultInvariants {
  private final FaultScenario scenario;

  FaultInvariants(FaultScenario scenario) {
    this.scenario = scenario;
  }

  /** Whether nothing is under way. */
  static boolean isAtRest(FaultWorld world) {
    for (int thread = 0; thread < FaultWorld.THREADS; thread++) {
      if (world.access[thread] != FaultWorld.NO_ACCESS || world.phase[thread] != Phase.IDLE.ordinal()) {
        return false;
      }
    }
    for (long queue : world.queue) {
      if (queue != Fifo.EMPTY) {
        return false;
      }
    }
    return world.phase[FaultWorld.HANDLER] == Phase.IDLE.ordinal() && world.events == Fifo.EMPTY && !world.safepoint;
  }

  /** What is broken in a state, null if all is well. */
  String broken(FaultWorld world) {
    String mapping = brokenMapping(world);
    if (mapping != null || world.isClosed) {
      return mapping;
    }
    String load = brokenLoad(world);
    return load != null || !isAtRest(world) ? load : brokenRest(world);
  }

  private String brokenMapping(FaultWorld world) {
    for (int page = 0; page < scenario.pages; page++) {
      int nibble = world.word[page];
      boolean mayBeMapped = Nibble.mayBeWritten(nibble)
          || world.isClosed && (nibble == Nibble.CLOSED || Nibble.isFetch(nibble));
      if (world.isPresent(page) && !mayBeMapped && !isBeingUnmapped(world, page)) {
        return "p" + page + " is mapped, and its word says " + Nibble.name(nibble);
      }
    }
    return null;
  }

  /** A discard claims pages whatever they are, and unmaps them then. */
  private static boolean isBeingUnmapped(FaultWorld world, int page) {
    for (int thread = 0; thread < FaultWorld.THREADS; thread++) {
      if (world.phaseOf(thread) == Phase.ZERO_UNMAP && FaultWorld.has(world.mine[thread], page) && page >= world.at[thread]) {
        return true;
      }
    }
    return false;
  }

  /** Who touches a page that another thread gives up meanwhile may see what the host had of it. */
  private boolean isBeingDiscarded(FaultWorld world, int page) {
    boolean discards = world.act[0] == FaultWorld.DISCARDS || world.act[1] == FaultWorld.DISCARDS;
    return discards && FaultWorld.has(scenario.discarded, page);
  }

  /** What a thread that is not in the middle of something would load. */
  private String brokenLoad(FaultWorld world) {
    for (int thread = 0; thread < FaultWorld.THREADS; thread++) {
      boolean mayLoad = world.phase[thread] == Phase.IDLE.ordinal() && world.access[thread] == FaultWorld.NO_ACCESS;
      for (int page = 0; mayLoad && page < scenario.pages; page++) {
        for (int part = 0; world.isPresent(page) && !isBeingDiscarded(world, page) && part < scenario.parts; part++) {
          int cell = FaultWorld.cell(page, part);
          if (world.isStale(world.known[thread], cell, world.frame[cell])) {
            return "T" + thread + " loads an old value from p" + page;
          }
        }
      }
    }
    return null;
  }

  private String brokenRest(FaultWorld world) {
    for (int page = 0; page < scenario.pages; page++) {
      String broken = brokenPage(world, page);
      if (broken != null) {
        return "at rest " + broken;
      }
    }
    return null;
  }

  private String brokenPage(FaultWorld world, int page) {
    int nibble = world.word[page];
    if (Nibble.isClaimed(nibble)) {
      return "p" + page + " is claimed";
    }
    boolean isInFrame = Nibble.isHost(nibble) || isInPlace(nibble);
    if (FaultWorld.has(world.hostHolds, page) && !isInFrame) {
      return "the directory says that the host has p" + page;
    }
    int holders = isInPlace(nibble) ? world.hostHolds : Nibble.isDevice(nibble) ? world.deviceHolds[nibble - Nibble.DEV0] : ~0;
    if (!FaultWorld.has(holders, page)) {
      return "the directory doesn't say that the device has p" + page;
    }
    if (nibble == Nibble.HOSTM && world.flag == 0) {
      return "p" + page + " may be mapped, and the flag is clear";
    }
    for (int part = 0; part < scenario.parts; part++) {
      String broken = brokenCell(world, page, FaultWorld.cell(page, part));
      if (broken != null) {
        return broken + " p" + page;
      }
    }
    return null;
  }

  /** Whether a page was withdrawn to a device that uses the frames. */
  private boolean isInPlace(int nibble) {
    return Nibble.isDevice(nibble) && scenario.shares(nibble - Nibble.DEV0);
  }

  private String brokenCell(FaultWorld world, int page, int cell) {
    int nibble = world.word[page];
    boolean isInWindow = Nibble.isDevice(nibble) && !isInPlace(nibble);
    int current = isInWindow ? world.window[(nibble - Nibble.DEV0) * FaultWorld.CELLS + cell] : world.frame[cell];
    if (world.isStale((2 << world.writes) - 2, cell, current)) {
      return "a write was lost of";
    }
    boolean hostIsAhead = nibble == Nibble.HOSTM && Entry.countsAsWritten(world.entry[page]);
    for (int device = 0; !hostIsAhead && device < scenario.devices; device++) {
      boolean holds = FaultWorld.has(world.deviceHolds[device], page);
      if (holds && world.window[device * FaultWorld.CELLS + cell] != current) {
        return "two valid copies differ of";
      }
    }
    return null;
  }
}

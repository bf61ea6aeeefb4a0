package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** handler.c and serve.c: one touch after the other. */
final class HandlerSteps {
  private static final int ME = FaultWorld.HANDLER;
  /** In {@code wanted}: the pages around are fetched now, the touched one is done. */
  private static final int AROUND = 1;

  private final FaultScenario scenario;
  private final FetchSteps fetching;

  HandlerSteps(FaultScenario scenario, FetchSteps fetching) {
    this.scenario = scenario;
    this.fetching = fetching;
  }

  boolean take(FaultWorld world) {
    return switch (world.phaseOf(ME)) {
      case IDLE -> next(world);
      case TOUCH -> touch(world);
      case FLAG -> flag(world);
      case FILLED -> filled(world);
      case MAP -> map(world);
      case RELEASE -> release(world);
      case WAKE -> wake(world);
      default -> fetching.take(world, ME, isAround(world) ? Phase.RELEASE : Phase.FILLED);
    };
  }

  private static boolean isAround(FaultWorld world) {
    return world.wanted[ME] == AROUND;
  }

  private boolean next(FaultWorld world) {
    if (world.events == Fifo.EMPTY) {
      return false;
    }
    int thread = Fifo.head(world.events) - 1;
    world.events = Fifo.withoutHead(world.events);
    world.touched = world.accessCell[thread] / FaultWorld.PARTS;
    int nibble = world.word[world.touched];
    boolean looksEarly = !scenario.keeps(Rule.LOOKS_UP_WINDOWS_UNDER_THE_CLAIM) && Nibble.isDevice(nibble);
    world.early = looksEarly ? nibble - Nibble.DEV0 + 1 : 0;
    world.go(ME, Phase.TOUCH);
    world.tell(ME, "next", "reads the fault of T" + thread + " on p" + world.touched);
    return true;
  }

  private boolean touch(FaultWorld world) {
    int page = world.touched;
    int nibble = world.word[page];
    if (Nibble.isClaimed(nibble)) {
      world.word[page] = scenario.keeps(Rule.MARKS_WAITERS) ? Nibble.waited(nibble) : nibble;
      world.tell(ME, "touch", "p" + page + " is claimed, drops the event");
      finish(world);
      return true;
    }
    boolean isAlone = nibble == Nibble.HOSTM || nibble == Nibble.CLOSED;
    int claimed = isAlone ? 1 << page : world.pagesIn(scenario.allPages(), nibble);
    boolean isFetched = nibble == Nibble.CLOSED || Nibble.isDevice(nibble);
    if (scenario.keeps(Rule.CLAIMS_BEFORE_PUBLISHING)) {
      world.setWords(claimed, isFetched ? Nibble.FETCH : Nibble.BUSY);
    }
    world.from[ME] = nibble;
    world.mine[ME] = Nibble.isDevice(nibble) && !scenario.inOrder ? 1 << page : claimed;
    world.noted[ME] = claimed & ~world.mine[ME];
    boolean flagsNow = nibble != Nibble.CLOSED && scenario.keeps(Rule.FLAGS_BEHIND_THE_CLAIM);
    world.go(ME, flagsNow ? Phase.FLAG : behindFlag(world));
    world.tell(ME, "touch", "claims " + FaultSpace.names(claimed) + ", " + Nibble.name(nibble));
    return true;
  }

  private Phase behindFlag(FaultWorld world) {
    return Nibble.isDevice(world.from[ME]) ? fetching.first(world, ME) : Phase.MAP;
  }

  private boolean flag(FaultWorld world) {
    world.flag = FaultWorld.FLAG_SET;
    world.tell(ME, "flag", "sets it");
    if (scenario.keeps(Rule.FLAGS_BEHIND_THE_CLAIM)) {
      world.go(ME, behindFlag(world));
    } else {
      goOn(world);
    }
    return true;
  }

  /** sp_mark_filled: who waits goes on waiting. */
  private boolean filled(FaultWorld world) {
    int mine = world.mine[ME];
    int waited = world.pagesIn(mine, Nibble.FETCHW);
    if (scenario.keeps(Rule.CLAIMS_BEFORE_PUBLISHING)) {
      world.setWords(mine & ~waited, Nibble.BUSY);
      world.setWords(waited, Nibble.BUSYW);
    }
    world.go(ME, Phase.MAP);
    world.tell(ME, "filled", FaultSpace.names(mine));
    return true;
  }

  private boolean map(FaultWorld world) {
    int pages = scenario.keeps(Rule.MAPS_WHAT_IT_CLAIMED) ? world.mine[ME] : scenario.allPages();
    int page = FaultSpace.nextPage(pages, world.at[ME]);
    String outcome = "";
    if (world.isPresent(page)) {
      outcome = ", which is present";
    } else {
      boolean wasMapped = world.from[ME] == Nibble.HOSTM && scenario.keeps(Rule.REMAPS_UNPROTECTED);
      boolean protects = !wasMapped && world.from[ME] != Nibble.CLOSED;
      world.entry[page] = protects ? Entry.CLEAN : Entry.WRITTEN;
    }
    world.wake(1 << page);
    world.at[ME] = page + 1;
    if (world.isRecorded()) {
      world.tell(ME, "map", "p" + page + " " + Entry.name(world.entry[page]) + outcome);
    }
    if (FaultSpace.isLast(pages, page)) {
      world.at[ME] = 0;
      world.go(ME, Phase.RELEASE);
    }
    return true;
  }

  private boolean release(FaultWorld world) {
    int to = world.from[ME] == Nibble.CLOSED ? Nibble.CLOSED : isAround(world) ? Nibble.HOSTU : Nibble.HOSTM;
    ReleaseSteps.release(world, ME, to);
    if (world.woken[ME] != 0 && scenario.keeps(Rule.WAKES_WAITERS)) {
      world.go(ME, Phase.WAKE);
    } else {
      behindRelease(world);
    }
    return true;
  }

  private boolean wake(FaultWorld world) {
    ReleaseSteps.wake(world, ME);
    behindRelease(world);
    return true;
  }

  private void behindRelease(FaultWorld world) {
    world.woken[ME] = 0;
    world.mine[ME] = 0;
    boolean flagsLate = !scenario.keeps(Rule.FLAGS_BEHIND_THE_CLAIM) && !isAround(world) && world.from[ME] != Nibble.CLOSED;
    if (flagsLate) {
      world.go(ME, Phase.FLAG);
    } else {
      goOn(world);
    }
  }

  /** To the pages around the touched one, which stay unmapped; then to the next event. */
  private void goOn(FaultWorld world) {
    if (world.noted[ME] == 0) {
      finish(world);
      return;
    }
    world.mine[ME] = world.noted[ME];
    world.noted[ME] = 0;
    world.wanted[ME] = AROUND;
    world.go(ME, fetching.first(world, ME));
  }

  private static void finish(FaultWorld world) {
    world.clearActor(ME);
    world.touched = 0;
    world.early = 0;
  }
}

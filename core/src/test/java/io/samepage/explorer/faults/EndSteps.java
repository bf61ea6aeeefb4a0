package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** R4: windows and the range go. Eviction, WatchedHost.evacuate, sp_close_pages. */
final class EndSteps {
  private final FaultScenario scenario;
  private final HeldClaims claims;
  private final LaunchSteps launches;

  EndSteps(FaultScenario scenario, HeldClaims claims, LaunchSteps launches) {
    this.scenario = scenario;
    this.claims = claims;
    this.launches = launches;
  }

  boolean evict(FaultWorld world, int thread, int device) {
    boolean may = world.evictionsLeft[thread] > 0 && FaultWorld.has(world.allocated, device) && FaultSpace.isFree(world, thread);
    if (!may || scenario.shares(device) || !claims.mayEvict(world, thread, device)) {
      return false;
    }
    world.evictionsLeft[thread]--;
    world.act[thread] = FaultWorld.EVICTS;
    world.kernel[thread] = device;
    world.go(thread, Phase.LACKING);
    world.tell(thread, "evict", "dev" + device + " begins");
    return true;
  }

  /** What the host can have from the device alone, and what is being fetched. */
  boolean lacking(FaultWorld world, int thread) {
    int all = scenario.allPages();
    int remote = world.pagesIn(all, Nibble.DEV0 + world.kernel[thread]);
    int fetched = scenario.keeps(Rule.EVICTS_BEHIND_FETCHES) ? world.fetchPages(all) : 0;
    world.wanted[thread] = scenario.keeps(Rule.BRINGS_HOME) ? remote | fetched : 0;
    world.go(thread, world.wanted[thread] != 0 ? Phase.HOME_TAKE : Phase.EVACUATED);
    world.tell(thread, "lacking", FaultSpace.names(world.wanted[thread]));
    return true;
  }

  boolean evacuated(FaultWorld world, int thread) {
    launches.forgetWithdrawn(world);
    LaunchSteps.look(world, scenario.allPages());
    world.go(thread, Phase.FORGET);
    world.tell(thread, "evacuated", "");
    return true;
  }

  boolean forget(FaultWorld world, int thread) {
    world.published &= ~(1 << world.kernel[thread]);
    world.go(thread, Phase.FREE);
    world.tell(thread, "forget", "the window of dev" + world.kernel[thread]);
    return true;
  }

  boolean free(FaultWorld world, int thread) {
    world.tell(thread, "free", "the window of dev" + world.kernel[thread]);
    freeWindow(world, world.kernel[thread]);
    finish(world, thread);
    return true;
  }

  /** Edges that nobody waits for any more go to memory that the driver keeps for them. */
  private static void freeWindow(FaultWorld world, int device) {
    for (long rest = world.queue[device]; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
      if (!FaultCommand.isEdge(Fifo.head(rest))) {
        world.violated("a window is freed that a command uses");
      }
    }
    if (FetchSteps.isFetching(world, device)) {
      world.violated("a window is freed that is being fetched from");
    }
    world.queue[device] = Fifo.EMPTY;
    world.early = world.early == device + 1 ? FetchSteps.DANGLING : world.early;
    world.published &= ~(1 << device);
    world.allocated &= ~(1 << device);
    world.edges &= ~(1 << device);
    world.producer[device] = 0;
    world.deviceHolds[device] = 0;
    for (int cell = 0; cell < FaultWorld.CELLS; cell++) {
      world.window[device * FaultWorld.CELLS + cell] = FaultWorld.GARBAGE;
    }
  }

  private static void finish(FaultWorld world, int thread) {
    world.clearActor(thread);
    world.act[thread] = 0;
    world.kernel[thread] = 0;
  }

  // The range is closed. A thread that touches it all the same goes on.

  boolean close(FaultWorld world, int thread) {
    if (thread != scenario.closer || !world.mayClose || !FaultSpace.isFree(world, thread) || !claims.mayClose(world, thread)) {
      return false;
    }
    world.mayClose = false;
    world.isClosed = true;
    world.act[thread] = FaultWorld.CLOSES;
    world.wanted[thread] = scenario.allPages();
    world.go(thread, Phase.CLOSE_TAKE);
    world.tell(thread, "close", "begins");
    return true;
  }

  boolean closeTake(FaultWorld world, int thread) {
    int wanted = world.wanted[thread];
    int left = scenario.keeps(Rule.CLOSES_NO_CLAIMED_PAGES) ? world.claimedPages(wanted) : 0;
    if (left == wanted && left != 0) {
      return false;
    }
    world.setWords(wanted & ~left, Nibble.CLOSED);
    world.wanted[thread] = left;
    world.go(thread, left != 0 ? Phase.CLOSE_TAKE : Phase.CLOSE_UNMAP);
    world.tell(thread, "take", "closes " + FaultSpace.names(wanted & ~left));
    return true;
  }

  boolean closeUnmap(FaultWorld world, int thread) {
    if (ScanSteps.unmapNext(world, thread, scenario.allPages())) {
      world.go(thread, scenario.keeps(Rule.CLOSING_WAKES) ? Phase.CLOSE_WAKE : Phase.CLOSE_DRAIN);
    }
    return true;
  }

  boolean closeWake(FaultWorld world, int thread) {
    world.tell(thread, "wake-all", "");
    world.wake(scenario.allPages());
    world.go(thread, Phase.CLOSE_DRAIN);
    return true;
  }

  /** Edges are waited for: they read the frames. */
  boolean closeDrain(FaultWorld world, int thread) {
    for (long queue : world.queue) {
      if (queue != Fifo.EMPTY) {
        return false;
      }
    }
    world.go(thread, Phase.CLOSED);
    world.tell(thread, "drain", "");
    return true;
  }

  boolean closed(FaultWorld world, int thread) {
    world.tell(thread, "closed", "");
    for (int device = 0; device < scenario.devices; device++) {
      freeWindow(world, device);
    }
    world.isFreed = true;
    finish(world, thread);
    return true;
  }
}

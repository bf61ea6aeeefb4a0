package io.samepage.explorer.faults;

/** The contents of pages are given up: Discard, WatchedHost.entrust and discard or zero, sp_mark, sp_zero_pages. */
final class ZeroingSteps {
  private final FaultScenario scenario;
  private final HeldClaims claims;
  private final LaunchSteps launches;

  ZeroingSteps(FaultScenario scenario, HeldClaims claims, LaunchSteps launches) {
    this.scenario = scenario;
    this.claims = claims;
    this.launches = launches;
  }

  /** That the contents go is a write: what is read afterwards is no older. */
  boolean start(FaultWorld world, int thread) {
    int pages = scenario.discarded;
    if (world.discardsLeft[thread] == 0 || !FaultSpace.isFree(world, thread) || !claims.mayDiscard(world, thread, pages)) {
      return false;
    }
    world.discardsLeft[thread]--;
    world.act[thread] = FaultWorld.DISCARDS;
    world.number[thread] = world.newDiscard(world.known[thread], scenario.cellsOfAll(pages));
    world.wanted[thread] = pages;
    world.go(thread, scenario.keeps(Rule.TAKES_PAGES_OVER) ? Phase.OVERWRITE_TAKE : first(Phase.ZERO_TAKE, Phase.ZERO_DROP));
    world.tell(thread, "discard", "w" + world.number[thread] + " begins");
    return true;
  }

  /** What zeroing begins with, under a claim or without one. */
  private Phase first(Phase claiming, Phase bare) {
    return scenario.keeps(Rule.ZEROES_UNDER_A_CLAIM) ? claiming : bare;
  }

  /** sp_claim_overwritten: devices' copies end at once, what is being fetched is waited for. */
  boolean overwriteTake(FaultWorld world, int thread) {
    int wanted = world.wanted[thread];
    int left = world.fetchPages(wanted);
    if (left == wanted) {
      return false;
    }
    for (int page = 0; page < scenario.pages; page++) {
      if (FaultWorld.has(wanted, page) && Nibble.isDevice(world.word[page])) {
        world.word[page] = Nibble.HOSTU;
      }
    }
    world.wanted[thread] = left;
    world.go(thread, left != 0 ? Phase.OVERWRITE_TAKE : Phase.OVERWRITTEN);
    world.tell(thread, "take", "devices' copies end, leaves " + FaultSpace.names(left));
    return true;
  }

  boolean overwritten(FaultWorld world, int thread) {
    launches.forgetWithdrawn(world);
    zero(world, thread, scenario.discarded);
    world.tell(thread, "overwritten", "");
    return true;
  }

  private void zero(FaultWorld world, int thread, int pages) {
    boolean claims = scenario.keeps(Rule.ZEROES_UNDER_A_CLAIM);
    world.wanted[thread] = claims ? pages : 0;
    world.mine[thread] = claims ? 0 : pages;
    world.go(thread, first(Phase.ZERO_TAKE, Phase.ZERO_DROP));
  }

  /** sp_claim_all. */
  boolean take(FaultWorld world, int thread) {
    int wanted = world.wanted[thread];
    int left = scenario.keeps(Rule.ZEROES_NO_CLAIMED_PAGES) ? world.claimedPages(wanted) : 0;
    if (left == wanted) {
      return false;
    }
    world.mine[thread] = wanted & ~left;
    world.wanted[thread] = left;
    world.setWords(world.mine[thread], Nibble.FETCH);
    boolean unmaps = scenario.keeps(Rule.UNMAPS_BEFORE_ZEROING);
    world.go(thread, unmaps ? Phase.ZERO_UNMAP : behindUnmapping(world, thread));
    world.tell(thread, "take", "claims " + FaultSpace.names(world.mine[thread]) + ", leaves " + FaultSpace.names(left));
    return true;
  }

  boolean unmap(FaultWorld world, int thread) {
    if (ScanSteps.unmapNext(world, thread, world.mine[thread])) {
      world.go(thread, behindUnmapping(world, thread));
    }
    return true;
  }

  /** Frames that are kept are zeroed by whoever has unmapped them, which is no step of its own. */
  private Phase behindUnmapping(FaultWorld world, int thread) {
    if (!scenario.keeps(Rule.ZEROES_BEFORE_RELEASING)) {
      return Phase.RELEASE;
    }
    if (!scenario.keepsFrames) {
      return Phase.ZERO_DROP;
    }
    for (int page = 0; page < scenario.pages; page++) {
      putZero(world, thread, FaultWorld.has(world.mine[thread], page) ? page : -1);
    }
    return Phase.RELEASE;
  }

  private void putZero(FaultWorld world, int thread, int page) {
    for (int part = 0; page >= 0 && part < scenario.parts; part++) {
      world.frame[FaultWorld.cell(page, part)] = world.number[thread];
    }
  }

  /** The system forgets what it knew of a page that is present: whoever looks finds that it may have been written. */
  boolean drop(FaultWorld world, int thread) {
    int page = FaultSpace.nextPage(world.mine[thread], world.at[thread]);
    putZero(world, thread, page);
    world.entry[page] = world.isPresent(page) && !scenario.keepsFrames ? Entry.NONE : world.entry[page];
    world.tell(thread, "drop", "the frame of p" + page);
    boolean isLast = FaultSpace.isLast(world.mine[thread], page);
    world.at[thread] = isLast ? 0 : page + 1;
    if (isLast) {
      boolean releases = scenario.keeps(Rule.ZEROES_UNDER_A_CLAIM) && scenario.keeps(Rule.ZEROES_BEFORE_RELEASING);
      world.go(thread, releases ? Phase.RELEASE : Phase.DOUBT);
    }
    return true;
  }

  /** What comes behind the end of the claim. */
  Phase behindRelease(FaultWorld world, int thread, int released) {
    if (!scenario.keeps(Rule.ZEROES_BEFORE_RELEASING)) {
      world.mine[thread] = released;
      return Phase.ZERO_DROP;
    }
    return world.wanted[thread] != 0 ? Phase.ZERO_TAKE : Phase.DOUBT;
  }

  /** The directory says that nobody has written the pages. */
  boolean discarded(FaultWorld world, int thread) {
    int pages = scenario.discarded;
    if (scenario.keeps(Rule.ENTERS_DISCARDS)) {
      for (int device = 0; device < FaultWorld.DEVICES; device++) {
        world.deviceHolds[device] &= ~pages;
      }
    }
    world.hostHolds |= pages;
    world.untouched |= pages;
    world.known[thread] |= 1 << world.number[thread];
    world.tell(thread, "discarded", "the discard returns");
    world.clearActor(thread);
    world.act[thread] = world.number[thread] = 0;
    return true;
  }
}

package io.samepage.explorer.faults;

/**
 * R2, its first half: scan.c, and WatchedHost.reconcile around it. {@code wanted} are the pages that looked written, then
 * those of them that had no entry when they were scanned: the system has dropped it, or the handler is just mapping them; {@code noted}
 * those that were found written.
 */
final class ScanSteps {
  /** In {@code from}: the pages were scanned, so the words are to be looked at. */
  static final int SCANNED = 1;

  private final FaultScenario scenario;

  ScanSteps(FaultScenario scenario) {
    this.scenario = scenario;
  }

  private int needed(FaultWorld world, int thread) {
    return scenario.neededPages(scenario.kernels.get(world.kernel[thread]));
  }

  /** Looks at the flag, and scans if something may be mapped. */
  boolean seek(FaultWorld world, int thread) {
    boolean scans = world.flag != 0;
    world.go(thread, scans ? Phase.LOOK : Phase.PLAN);
    world.from[thread] = scans ? SCANNED : 0;
    if (!scenario.keeps(Rule.MASKS_BEHIND_THE_SCAN)) {
      world.mine[thread] = mayBeWritten(world, scenario.allPages());
    }
    world.tell(thread, "seek", scans ? "something may be mapped" : "nothing is mapped");
    return true;
  }

  /** The other way that Java may go: blocks that were clean for long are unmapped. */
  boolean seekToUnmap(FaultWorld world, int thread) {
    if (!scenario.unmaps || world.phaseOf(thread) != Phase.SEEK || world.flag == 0) {
      return false;
    }
    world.from[thread] = SCANNED;
    world.wanted[thread] = needed(world, thread);
    world.go(thread, Phase.UNMAP_TAKE);
    world.tell(thread, "seek", "is to be unmapped");
    return true;
  }

  private static int mayBeWritten(FaultWorld world, int pages) {
    int found = 0;
    for (int page = 0; page < FaultWorld.PAGES; page++) {
      found |= FaultWorld.has(pages, page) && Nibble.mayBeWritten(world.word[page]) ? 1 << page : 0;
    }
    return found;
  }

  /** Scans and re-arms one page more; answers whether it was the last one. */
  static boolean scanNext(FaultWorld world, int thread, int pages) {
    int page = FaultSpace.nextPage(pages, world.at[thread]);
    boolean isWritten = Entry.countsAsWritten(world.entry[page]);
    world.entry[page] = Entry.scanned(world.entry[page]);
    world.noted[thread] |= isWritten ? 1 << page : 0;
    boolean isLast = FaultSpace.isLast(pages, page);
    world.at[thread] = isLast ? 0 : page + 1;
    if (world.isRecorded()) {
      world.tell(thread, "scan", "p" + page + (isWritten ? " was written" : " is clean"));
    }
    return isLast;
  }

  /** Pages that are clean need no scan. */
  boolean look(FaultWorld world, int thread) {
    int needed = needed(world, thread);
    int page = FaultSpace.nextPage(needed, world.at[thread]);
    boolean looksWritten = Entry.countsAsWritten(world.entry[page]);
    world.wanted[thread] |= looksWritten ? 1 << page : 0;
    boolean isLast = FaultSpace.isLast(needed, page);
    world.at[thread] = isLast ? 0 : page + 1;
    if (isLast) {
      world.go(thread, world.wanted[thread] != 0 ? Phase.SCAN : Phase.PLAN);
    }
    if (world.isRecorded()) {
      world.tell(thread, "look", "p" + page + (looksWritten ? " looks written" : " is clean"));
    }
    return true;
  }

  static boolean scan(FaultWorld world, int thread) {
    int page = FaultSpace.nextPage(world.wanted[thread], world.at[thread]);
    boolean hasNoEntry = world.entry[page] == Entry.NONE;
    boolean isLast = scanNext(world, thread, world.wanted[thread]);
    world.wanted[thread] &= hasNoEntry ? -1 : ~(1 << page);
    if (isLast) {
      world.go(thread, world.noted[thread] != 0 ? Phase.NOTE : Phase.PLAN);
    }
    return true;
  }

  /** Found written counts where the word says that it may be so. */
  boolean note(FaultWorld world, int thread) {
    boolean masksNow = scenario.keeps(Rule.MASKS_BEHIND_THE_SCAN);
    world.noted[thread] &= masksNow ? mayBeWritten(world, scenario.allPages()) : world.mine[thread];
    boolean looksAgain = scenario.keeps(Rule.LOOKS_TWICE) && (world.noted[thread] & world.wanted[thread]) != 0;
    world.wanted[thread] = looksAgain ? world.wanted[thread] : 0;
    world.go(thread, looksAgain ? Phase.MAPPED_TAKE : Phase.PLAN);
    if (world.isRecorded()) {
      world.tell(thread, "note", FaultSpace.names(world.noted[thread]) + " were written by the host");
    }
    return true;
  }

  /** Waits until nobody maps the pages that had no entry: {@code wanted}. */
  static boolean mappedTake(FaultWorld world, int thread) {
    int mapping = world.pagesIn(world.wanted[thread], Nibble.BUSY) | world.pagesIn(world.wanted[thread], Nibble.BUSYW);
    if (mapping != 0) {
      return false;
    }
    world.go(thread, Phase.MAPPED_SCAN);
    world.tell(thread, "take", "nobody maps " + FaultSpace.names(world.wanted[thread]));
    return true;
  }

  /** What is present and clean by now was mapped for the first time just then: nobody had written it. */
  boolean mappedScan(FaultWorld world, int thread) {
    int pages = world.wanted[thread];
    int page = FaultSpace.nextPage(pages, world.at[thread]);
    boolean isPresent = Entry.isPresent(world.entry[page]) || !scenario.keeps(Rule.TAKES_BACK_WHAT_IS_PRESENT);
    boolean isClean = isPresent && !Entry.countsAsWritten(world.entry[page]);
    world.noted[thread] &= isClean ? ~(1 << page) : -1;
    world.entry[page] = Entry.isPresent(world.entry[page]) ? Entry.CLEAN : world.entry[page];
    boolean isLast = FaultSpace.isLast(pages, page);
    world.at[thread] = isLast ? 0 : page + 1;
    if (isLast) {
      world.wanted[thread] = 0;
      world.go(thread, Phase.PLAN);
    }
    if (world.isRecorded()) {
      world.tell(thread, "scan", "p" + page + (isClean ? " was mapped just now" : " stays written"));
    }
    return true;
  }

  // sp_unmap.

  boolean unmapTake(FaultWorld world, int thread) {
    int wanted = world.wanted[thread];
    int mine = world.pagesIn(wanted, Nibble.HOSTM);
    int left = world.claimedPages(wanted);
    if (mine == 0 && left == wanted && left != 0) {
      return false;
    }
    world.setWords(mine, Nibble.BUSY);
    world.mine[thread] = mine;
    world.wanted[thread] = left;
    world.go(thread, mine != 0 ? first(Phase.UNMAP_UNMAP, Phase.UNMAP_SCAN) : left != 0 ? Phase.UNMAP_TAKE : Phase.DOUBT);
    world.tell(thread, "take", "claims mapped " + FaultSpace.names(mine));
    return true;
  }

  private Phase first(Phase unmap, Phase scan) {
    return scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING) ? unmap : scan;
  }

  /** Takes one page more out of the user view; answers whether it was the last one. */
  static boolean unmapNext(FaultWorld world, int thread, int pages) {
    int page = FaultSpace.nextPage(pages, world.at[thread]);
    world.entry[page] = Entry.unmapped(world.entry[page]);
    boolean isLast = FaultSpace.isLast(pages, page);
    world.at[thread] = isLast ? 0 : page + 1;
    world.tell(thread, "unmap", "p" + page);
    return isLast;
  }

  boolean unmap(FaultWorld world, int thread) {
    if (unmapNext(world, thread, world.mine[thread])) {
      world.go(thread, scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING) ? Phase.UNMAP_SCAN : Phase.RELEASE);
    }
    return true;
  }

  boolean unmapScan(FaultWorld world, int thread) {
    if (scanNext(world, thread, world.mine[thread])) {
      boolean unmapsNow = !scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING);
      Phase behind = unmapsNow ? Phase.UNMAP_UNMAP : Phase.RELEASE;
      world.go(thread, (world.noted[thread] & world.mine[thread]) != 0 && !unmapsNow ? Phase.UNMAP_NOTE : behind);
    }
    return true;
  }

  /** The words are those of the claim. */
  static boolean unmapNote(FaultWorld world, int thread) {
    world.go(thread, Phase.RELEASE);
    world.tell(thread, "note", "");
    return true;
  }
}

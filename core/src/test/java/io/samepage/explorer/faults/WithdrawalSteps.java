package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** R3: withdraw.c, the end of scan.c, and WatchedHost.withdraw around them. */
final class WithdrawalSteps {
  private final FaultScenario scenario;
  private final LaunchSteps launches;
  private final FetchSteps fetching;

  WithdrawalSteps(FaultScenario scenario, LaunchSteps launches, FetchSteps fetching) {
    this.scenario = scenario;
    this.launches = launches;
    this.fetching = fetching;
  }

  private FaultKernel kernel(FaultWorld world, int thread) {
    return scenario.kernels.get(world.kernel[thread]);
  }

  /** The pages of a claim that the kernel writes in part; none where it writes to the frames, which have the rest. */
  private int partial(FaultWorld world, int thread) {
    boolean sends = scenario.keeps(Rule.SENDS_EDGES) && !scenario.shares(kernel(world, thread).device());
    return sends ? scenario.partialPages(kernel(world, thread)) & world.mine[thread] : 0;
  }

  /** WatchedExtent.isWithdrawn. */
  boolean skip(FaultWorld world, int thread) {
    if (world.clearing != 0) {
      return false;
    }
    int device = kernel(world, thread).device();
    int written = scenario.writtenPages(kernel(world, thread));
    boolean isKnown = world.withdrawnTo == device + 1 && world.flag == 0;
    boolean skips = isKnown || world.pagesIn(written, Nibble.DEV0 + device) == written;
    world.wanted[thread] = skips ? 0 : written;
    world.go(thread, skips ? launches.behindWithdrawal(world, thread) : Phase.WITHDRAW_TAKE);
    world.tell(thread, "skip", skips ? "nothing is to be withdrawn" : "must withdraw");
    return true;
  }

  boolean take(FaultWorld world, int thread) {
    int device = kernel(world, thread).device();
    int wanted = world.wanted[thread];
    int claimed = world.claimedPages(wanted);
    int mapped = world.pagesIn(wanted, Nibble.HOSTM);
    int left = scenario.keeps(Rule.WITHDRAWS_NO_CLAIMED_PAGES) ? claimed : 0;
    if (left == wanted && left != 0) {
      return false;
    }
    world.setWords(wanted & ~mapped & ~left, Nibble.DEV0 + device);
    world.setWords(mapped, scenario.keeps(Rule.UNMAPS_BEFORE_RELEASING) ? Nibble.BUSY : Nibble.DEV0 + device);
    world.mine[thread] = mapped;
    world.wanted[thread] = left;
    world.go(thread, mapped != 0 ? firstOfClaimed(world, thread) : behindRelease(world, thread));
    world.tell(thread, "take", "claims " + FaultSpace.names(mapped) + ", leaves " + FaultSpace.names(left));
    return true;
  }

  private Phase firstOfClaimed(FaultWorld world, int thread) {
    boolean scansFirst = !scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING) && partial(world, thread) != 0;
    return scansFirst ? Phase.WITHDRAW_SCAN : Phase.WITHDRAW_UNMAP;
  }

  private static Phase behindRelease(FaultWorld world, int thread) {
    return world.wanted[thread] != 0 ? Phase.WITHDRAW_TAKE : Phase.DOUBT;
  }

  boolean unmap(FaultWorld world, int thread) {
    if (ScanSteps.unmapNext(world, thread, world.mine[thread])) {
      boolean scansNow = scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING) && partial(world, thread) != 0;
      world.go(thread, scansNow ? Phase.WITHDRAW_SCAN : Phase.RELEASE);
    }
    return true;
  }

  /** One page after the other is scanned, and what was written beside the slice is sent. */
  boolean scan(FaultWorld world, int thread) {
    int page = FaultSpace.nextPage(partial(world, thread), world.at[thread]);
    boolean isWritten = Entry.countsAsWritten(world.entry[page]);
    world.entry[page] = Entry.scanned(world.entry[page]);
    world.tell(thread, "scan", "p" + page + (isWritten ? " was written" : " is clean"));
    if (isWritten) {
      world.go(thread, Phase.WITHDRAW_NOTE);
    } else {
      nextPartial(world, thread, page);
    }
    return true;
  }

  boolean note(FaultWorld world, int thread) {
    world.go(thread, Phase.WITHDRAW_SEND);
    world.tell(thread, "note", "must be sent");
    return true;
  }

  boolean send(FaultWorld world, int thread) {
    int device = kernel(world, thread).device();
    int page = FaultSpace.nextPage(partial(world, thread), world.at[thread]);
    int undeclared = scenario.cellsOf(page) & ~kernel(world, thread).declares();
    int parts = undeclared >> page * FaultWorld.PARTS;
    if (fetching.isImmediate(device)) {
      for (int cell = 0; cell < FaultWorld.CELLS; cell++) {
        int place = device * FaultWorld.CELLS + cell;
        world.window[place] = FaultWorld.has(undeclared, cell) ? world.frame[cell] : world.window[place];
      }
    } else {
      world.queue[device] = Fifo.add(world.queue[device], FaultCommand.upload(page, parts, true));
      world.edges |= 1 << device;
    }
    world.tell(thread, "send", "edges of p" + page);
    nextPartial(world, thread, page);
    return true;
  }

  private void nextPartial(FaultWorld world, int thread, int page) {
    boolean isLast = FaultSpace.isLast(partial(world, thread), page);
    world.at[thread] = isLast ? 0 : page + 1;
    Phase behind = scenario.keeps(Rule.UNMAPS_BEFORE_SCANNING) ? Phase.RELEASE : Phase.WITHDRAW_UNMAP;
    world.go(thread, isLast ? behind : Phase.WITHDRAW_SCAN);
  }

  // The flag.

  boolean doubt(FaultWorld world, int thread) {
    if (world.clearing != 0) {
      return false;
    }
    world.clearing = thread + 1;
    world.withdrawnTo = 0;
    boolean isSet = world.flag != 0;
    if (isSet) {
      world.flag = scenario.keeps(Rule.DOUBTS_FLAGS) ? FaultWorld.FLAG_DOUBTED : 0;
    }
    world.go(thread, isSet ? Phase.RECHECK : Phase.REMEMBER);
    world.tell(thread, "doubt", isSet ? "the flag" : "it is clear");
    return true;
  }

  boolean recheck(FaultWorld world, int thread) {
    int all = scenario.allPages();
    boolean isMapped = (world.pagesIn(all, Nibble.HOSTM) | world.claimedPages(all)) != 0;
    world.go(thread, isMapped && scenario.keeps(Rule.LOOKS_BEFORE_IT_CLEARS) ? Phase.SET : Phase.CONFIRM);
    world.tell(thread, "recheck", isMapped ? "something may be mapped" : "nothing is mapped");
    return true;
  }

  boolean set(FaultWorld world, int thread) {
    world.flag = FaultWorld.FLAG_SET;
    world.go(thread, Phase.REMEMBER);
    world.tell(thread, "set", "");
    return true;
  }

  boolean confirm(FaultWorld world, int thread) {
    boolean isInDoubt = world.flag == FaultWorld.FLAG_DOUBTED;
    world.flag = isInDoubt || !scenario.keeps(Rule.CONFIRMS_DOUBTS) ? 0 : world.flag;
    world.go(thread, Phase.REMEMBER);
    world.tell(thread, "confirm", isInDoubt ? "the flag is clear" : "it was set meanwhile");
    return true;
  }

  /** WatchedExtent.noteIfWithdrawn, and the end of the lock. */
  boolean remember(FaultWorld world, int thread) {
    boolean isUnmapping = world.from[thread] == ScanSteps.SCANNED;
    int all = scenario.allPages();
    int device = kernel(world, thread).device();
    boolean discards = world.act[thread] == FaultWorld.DISCARDS;
    boolean isWithdrawn = !isUnmapping && !discards && world.flag == 0 && world.pagesIn(all, Nibble.DEV0 + device) == all;
    world.withdrawnTo = isWithdrawn ? device + 1 : world.withdrawnTo;
    world.clearing = 0;
    world.go(thread, discards ? Phase.DISCARDED : isUnmapping ? Phase.PLAN : launches.behindWithdrawal(world, thread));
    world.tell(thread, "remember", isWithdrawn ? "the block was withdrawn to dev" + device : "");
    return true;
  }
}

package io.samepage.explorer.faults;

import io.samepage.explorer.engine.Fifo;

/** A launch, from its claim to its kernel in the queue, and its end: CoherentKernel, Preparation, InFlightLaunch, WatchedHost, home.c. */
final class LaunchSteps {
  private final FaultScenario scenario;
  private final HeldClaims claims;
  private final FetchSteps fetching;

  LaunchSteps(FaultScenario scenario, HeldClaims claims, FetchSteps fetching) {
    this.scenario = scenario;
    this.claims = claims;
    this.fetching = fetching;
  }

  private FaultKernel kernel(FaultWorld world, int thread) {
    return scenario.kernels.get(world.kernel[thread]);
  }

  boolean start(FaultWorld world, int thread, int index) {
    boolean may = world.launchesLeft[thread] > 0 && FaultWorld.has(scenario.launchable[thread], index)
        && FaultSpace.isFree(world, thread);
    FaultKernel kernel = scenario.kernels.get(index);
    if (!may || !claims.mayLaunch(world, thread, kernel)) {
      return false;
    }
    world.launchesLeft[thread]--;
    world.act[thread] = FaultWorld.LAUNCHES;
    world.kernel[thread] = index;
    world.knownAtLaunch[thread] = world.known[thread];
    world.allocated |= 1 << kernel.device();
    world.published |= 1 << kernel.device();
    boolean needsPages = scenario.neededPages(kernel) != 0;
    world.go(thread, scenario.shares(kernel.device()) ? Phase.PLAN : needsPages ? Phase.SEEK : firstBehindPlan());
    world.tell(thread, "launch", "k" + index + " on dev" + kernel.device() + " begins");
    return true;
  }

  /** The directory learns what the host has, and says what the device lacks. */
  boolean plan(FaultWorld world, int thread) {
    FaultKernel kernel = kernel(world, thread);
    if (scenario.shares(kernel.device())) {
      return planInPlace(world, thread, kernel);
    }
    int needed = scenario.neededPages(kernel);
    if (world.from[thread] == ScanSteps.SCANNED) {
      look(world, needed);
      int written = world.noted[thread] & world.hostHolds;
      for (int device = 0; device < FaultWorld.DEVICES; device++) {
        world.deviceHolds[device] &= ~written;
      }
      checkDiscarded(world, written);
      world.untouched &= ~written;
    }
    int missing = needed & ~world.deviceHolds[kernel.device()];
    int abroad = missing & ~world.hostHolds;
    world.mine[thread] = 0;
    world.noted[thread] = missing;
    world.wanted[thread] = abroad;
    world.from[thread] = 0;
    world.go(thread, abroad != 0 ? Phase.HOME_TAKE : firstBehindPlan());
    if (world.isRecorded()) {
      world.tell(thread, "plan", "lacks " + FaultSpace.names(missing) + ", of which the host lacks " + FaultSpace.names(abroad));
    }
    return true;
  }

  /** What the host has written is in the frames already: nothing is scanned, and nothing will be uploaded. */
  private boolean planInPlace(FaultWorld world, int thread, FaultKernel kernel) {
    look(world, scenario.pagesOf(kernel.cells()));
    int lacked = scenario.pagesOf(kernel.cells()) & ~world.hostHolds;
    int abroad = scenario.pagesToBring(kernel) & lacked;
    // Where the rule is broken, pages that will be overwritten are the host's without a copy.
    world.setWords(lacked & ~abroad & devicePages(world), Nibble.HOSTU);
    world.noted[thread] = abroad;
    world.wanted[thread] = abroad;
    world.go(thread, abroad != 0 ? Phase.HOME_TAKE : firstBehindPlan());
    if (world.isRecorded()) {
      world.tell(thread, "plan", "the host lacks " + FaultSpace.names(abroad));
    }
    return true;
  }

  /** What was discarded and is zero still was not written; but a page that the system has dropped may have been. */
  private void checkDiscarded(FaultWorld world, int written) {
    for (int page = 0; page < scenario.pages; page++) {
      boolean isZero = FaultWorld.has(written & world.untouched, page) && scenario.reclaims == 0;
      for (int part = 0; part < scenario.parts; part++) {
        isZero &= FaultWorld.has(world.discards, world.frame[FaultWorld.cell(page, part)]);
      }
      if (isZero) {
        world.violated("p" + page + " was discarded, and counts as written");
      }
    }
  }

  static void look(FaultWorld world, int pages) {
    for (int page = 0; page < FaultWorld.PAGES; page++) {
      world.hostHolds |= FaultWorld.has(pages, page) && Nibble.isHost(world.word[page]) ? 1 << page : 0;
    }
  }

  private Phase firstBehindPlan() {
    return scenario.keeps(Rule.ENQUEUES_BEFORE_WITHDRAWING) ? Phase.ENQUEUE : Phase.SKIP;
  }

  /** sp_bring_home, without mapping. */
  boolean homeTake(FaultWorld world, int thread) {
    int wanted = world.wanted[thread];
    int fetched = world.fetchPages(wanted);
    int remote = wanted & ~fetched & devicePages(world);
    int from = remote == 0 ? 0 : world.word[Integer.numberOfTrailingZeros(remote)];
    int mine = remote == 0 ? 0 : world.pagesIn(remote, from);
    int left = fetched | remote & ~mine;
    if (mine == 0 && left != 0 && left == wanted) {
      return false;
    }
    world.setWords(mine, Nibble.FETCH);
    world.mine[thread] = mine;
    world.from[thread] = from;
    world.wanted[thread] = left;
    world.go(thread, mine != 0 ? fetching.first(world, thread) : left != 0 ? Phase.HOME_TAKE : behindHome(world, thread));
    world.tell(thread, "take", "claims " + FaultSpace.names(mine) + " to bring home");
    return true;
  }

  private static int devicePages(FaultWorld world) {
    int found = 0;
    for (int page = 0; page < FaultWorld.PAGES; page++) {
      found |= Nibble.isDevice(world.word[page]) ? 1 << page : 0;
    }
    return found;
  }

  static Phase behindHome(FaultWorld world, int thread) {
    return world.act[thread] == FaultWorld.EVICTS ? Phase.EVACUATED : Phase.ARRIVED;
  }

  boolean arrived(FaultWorld world, int thread) {
    forgetWithdrawn(world);
    look(world, world.noted[thread]);
    world.go(thread, firstBehindPlan());
    world.tell(thread, "arrived", "");
    return true;
  }

  /** WatchedExtent.changed. */
  void forgetWithdrawn(FaultWorld world) {
    if (scenario.keeps(Rule.FORGETS_WITHDRAWN_BLOCKS)) {
      world.withdrawnTo = 0;
    }
  }

  /** Uploads and kernel go into the queue together. */
  boolean enqueue(FaultWorld world, int thread) {
    FaultKernel kernel = kernel(world, thread);
    int device = kernel.device();
    if (isSubmitting(world, 1 - thread, device)) {
      return false;
    }
    int uploaded = scenario.shares(device) ? 0 : world.noted[thread];
    for (int page = 0; page < scenario.pages; page++) {
      if (FaultWorld.has(uploaded, page)) {
        world.queue[device] = Fifo.add(world.queue[device], arrival(world, page));
      }
    }
    int number = world.newWrite(world.knownAtLaunch[thread], kernel.writes(), true);
    world.number[thread] = number;
    world.queue[device] = Fifo.add(world.queue[device], FaultCommand.kernel(world.kernel[thread], number));
    world.go(thread, behindEnqueue(kernel));
    if (world.isRecorded()) {
      world.tell(thread, "enqueue", "uploads " + FaultSpace.names(uploaded) + ", kernel w" + number);
    }
    return true;
  }

  private int arrival(FaultWorld world, int page) {
    boolean isZeroed = FaultWorld.has(world.untouched, page);
    return isZeroed ? FaultCommand.zero(page, world.lastDiscard(page)) : FaultCommand.upload(page, (1 << scenario.parts) - 1, false);
  }

  /** Whether a thread has a device's submission lock. */
  private boolean isSubmitting(FaultWorld world, int thread, int device) {
    return scenario.keeps(Rule.PUBLISHES_IN_ORDER) && scenario.keeps(Rule.PUBLISHES_BEFORE_WITHDRAWING)
        && world.phaseOf(thread) == Phase.PUBLISH && kernel(world, thread).device() == device;
  }

  private Phase behindEnqueue(FaultKernel kernel) {
    boolean isPublishedLate = !scenario.keeps(Rule.PUBLISHES_BEFORE_WITHDRAWING);
    if (!kernel.writesMemory() || !scenario.keeps(Rule.ENQUEUES_BEFORE_WITHDRAWING)) {
      return kernel.writesMemory() ? Phase.PUBLISH : Phase.ENTER;
    }
    return isPublishedLate ? Phase.SKIP : Phase.PUBLISH;
  }

  boolean publish(FaultWorld world, int thread) {
    int device = kernel(world, thread).device();
    if (!fetching.isImmediate(device)) {
      world.producer[device] = world.number[thread];
    }
    boolean isLate = !scenario.keeps(Rule.ENQUEUES_BEFORE_WITHDRAWING) || !scenario.keeps(Rule.PUBLISHES_BEFORE_WITHDRAWING);
    world.go(thread, isLate ? Phase.ENTER : fetching.isImmediate(device) ? Phase.SETTLE : Phase.SKIP);
    world.tell(thread, "publish", "w" + world.number[thread]);
    return true;
  }

  /** A device whose windows are memory has run the kernel before anything is withdrawn. */
  boolean settle(FaultWorld world, int thread) {
    if (FaultCommand.countToKernel(world.queue[kernel(world, thread).device()], world.number[thread]) != 0) {
      return false;
    }
    world.go(thread, Phase.SKIP);
    world.tell(thread, "settle", "w" + world.number[thread]);
    return true;
  }

  /** Behind the withdrawal. */
  Phase behindWithdrawal(FaultWorld world, int thread) {
    if (world.number[thread] == 0) {
      return Phase.ENQUEUE;
    }
    return scenario.keeps(Rule.PUBLISHES_BEFORE_WITHDRAWING) ? Phase.ENTER : Phase.PUBLISH;
  }

  /** The directory learns what arrived and what was written, and the launch returns. */
  boolean enter(FaultWorld world, int thread) {
    FaultKernel kernel = kernel(world, thread);
    int written = scenario.writtenPages(kernel);
    boolean isInPlace = scenario.shares(kernel.device());
    world.deviceHolds[kernel.device()] |= isInPlace ? 0 : world.noted[thread];
    for (int device = 0; device < FaultWorld.DEVICES; device++) {
      world.deviceHolds[device] &= ~written;
    }
    if (isInPlace) {
      world.hostHolds |= written;
    } else {
      world.deviceHolds[kernel.device()] |= written;
      world.hostHolds &= ~written;
    }
    world.untouched &= ~written;
    world.known[thread] |= 1 << world.number[thread];
    world.tell(thread, "enter", "the launch returns");
    world.clearActor(thread);
    world.act[thread] = world.kernel[thread] = world.number[thread] = world.knownAtLaunch[thread] = 0;
    return true;
  }
}

package io.samepage.explorer;

import io.samepage.explorer.engine.Fifo;

/** How a launch with its pages on their way is enqueued, entered and retired: see CoherentKernel and InFlightLaunch. */
final class LaunchSteps {
  private final Model model;
  private final FetchSteps fetching;

  LaunchSteps(Model model) {
    this.model = model;
    fetching = new FetchSteps(model);
  }

  boolean enqueue(World world, Operation launch) {
    if (!model.rules().take(Care.ENQUEUES_BEFORE_ENTERING) && (world.entered & launch.bit()) == 0) {
      enter(world, launch);
      world.preparing |= launch.bit();
      return true;
    }
    model.claims().follow(world, launch);
    int pages = fetching.enqueueArrivals(world, launch);
    put(world, launch);
    world.tell(launch, () -> "enqueues uploads of " + Small.namePages(pages) + " and its kernel");
    model.go(world, launch, Phase.ENTER_LAUNCH);
    return true;
  }

  /** A kernel or copy goes into a queue of its device. */
  void put(World world, Operation queued) {
    world.kernels |= queued.bit();
    world.inFlight[queued.node()] = Fifo.add(world.inFlight[queued.node()], queued.index() + 1);
  }

  /** The launches and copies that are in flight. */
  int inFlight(World world) {
    int found = 0;
    for (Operation operation : model.operations()) {
      found |= operation.act().isQueued() && world.isInFlight(operation) ? operation.bit() : 0;
    }
    return found;
  }

  /** The driver refuses the kernel; the uploads are in the queue already. */
  boolean refuse(World world, Operation launch) {
    world.failuresLeft--;
    int pages = fetching.enqueueArrivals(world, launch);
    world.tell(launch, () -> "enqueues uploads of " + Small.namePages(pages) + ", but its kernel is refused");
    model.go(world, launch, Phase.SETTLE);
    return true;
  }

  boolean settle(World world, Operation launch) {
    if (world.hasCommands(launch) && model.rules().take(Care.SETTLES_UPLOADS)) {
      return false;
    }
    world.tell(launch, "is given up");
    model.giveUp(world, launch);
    return true;
  }

  boolean enterByThread(World world, Operation launch) {
    enterIfInFlight(world, launch);
    model.advance(world, launch.thread());
    return true;
  }

  /** The thread that has enqueued it enters it, if nobody who retired it has done that. */
  void enterIfInFlight(World world, Operation queued) {
    if (world.isInFlight(queued) && (world.entered & queued.bit()) == 0) {
      enter(world, queued.in(world));
    } else {
      world.tell(queued, "finds itself entered");
    }
  }

  private void enter(World world, Operation launch) {
    model.rules().fetched(world.directory, launch.node(), arrivals(world, launch));
    boolean isSpoiled = model.rules().take(Care.LOOKS_AGAIN_WHEN_ENTERED) && !model.holdsWhatItNeeds(world, launch);
    model.wrote(world, launch.node(), launch.writtenPages());
    if (isSpoiled) {
      world.told |= launch.bit();
      model.lost(world, launch.node(), launch.writtenPages());
    }
    world.entered |= launch.bit();
    world.preparing &= ~launch.bit();
    if (!model.rules().take(Care.KEEPS_CLAIM_IN_FLIGHT)) {
      world.held &= ~launch.bit();
    }
    world.tell(launch, () -> "is entered as launched" + (isSpoiled ? ", and fails, as pages were lost meanwhile" : ""));
  }

  private static int arrivals(World world, Operation launch) {
    return Sources.pages(world.sources[launch.index()]);
  }

  /** Retires a launch, if its kernel is done; anybody may do that at any time. */
  boolean retire(World world, int index) {
    Operation launch = model.operations()[index].in(world);
    if (!world.isInFlight(launch) || world.hasCommands(launch) || isBehindOthers(world, launch)) {
      return false;
    }
    long behind = behind(world, launch);
    world.inFlight[launch.node()] = Fifo.without(world.inFlight[launch.node()], launch.index() + 1);
    if ((world.entered & launch.bit()) == 0 && world.isHeld(launch) && model.rules().take(Care.ENTERS_BEFORE_RETIRING)) {
      enter(world, launch);
    }
    world.tell(launch, () -> "is retired" + (hasFailed(world, launch) ? ": it has failed" : ""));
    withdraw(world, launch, behind);
    tellLeases(world, launch);
    model.drop(world, launch);
    return true;
  }

  /** Whether it must hear first how others have ended: those it ran behind, and those whose copies it needed, if they have failed. */
  private boolean isBehindOthers(World world, Operation launch) {
    int others = world.followed[launch.index()] | world.shared[launch.index()] & world.uploadsFailed;
    return others != 0 && model.rules().take(Care.RETIRES_PREDECESSORS_FIRST);
  }

  /** Those in flight that were enqueued behind a launch. */
  private static long behind(World world, Operation launch) {
    long rest = world.inFlight[launch.node()];
    while (Fifo.head(rest) != launch.index() + 1) {
      rest = Fifo.withoutHead(rest);
    }
    return Fifo.withoutHead(rest);
  }

  /** Leases that wait for it hear whether it has failed. */
  private void tellLeases(World world, Operation queued) {
    for (Operation lease : model.operations()) {
      boolean waits = lease.isHostLease() && world.isHeld(lease) && hasFailed(world, queued);
      world.told |= waits && (world.followed[lease.index()] & queued.bit()) != 0 ? lease.bit() : 0;
      world.failed |= waits && queued.lease() == lease ? lease.bit() : 0;
    }
    if (queued.isCopy() && !model.rules().take(Care.FORGETS_WHAT_WAS_GIVEN_UP)) {
      model.rules().fetched(world.directory, Small.HOST, queued.pages());
    }
  }

  private static boolean hasFailed(World world, Operation launch) {
    return ((world.failed | world.told) & launch.bit()) != 0;
  }

  private void withdraw(World world, Operation launch, long behind) {
    boolean hasFailed = hasFailed(world, launch);
    if (!hasFailed && (world.misled & launch.bit()) != 0) {
      world.violated(launch + " has read old bytes, and its fence tells of no failure");
    }
    if (hasFailed) {
      lose(world, launch, behind);
    }
  }

  private void lose(World world, Operation launch, long behind) {
    int arrivals = (world.uploadsFailed & launch.bit()) == 0 ? 0 : arrivals(world, launch);
    int lost = (model.rules().take(Care.WITHDRAWS_RESULTS) ? launch.writtenPages() : 0)
        | (model.rules().take(Care.POISONS_LOST_UPLOADS) && model.rules().take(Care.WITHDRAWS_UPLOADS) ? arrivals : 0);
    for (long rest = behind; rest != Fifo.EMPTY; rest = Fifo.withoutHead(rest)) {
      Operation later = model.operations()[Fifo.head(rest) - 1].in(world);
      lost = (world.entered & later.bit()) == 0 ? lost : follow(world, later, lost);
    }
    model.lost(world, launch.node(), lost);
    if (!model.rules().take(Care.POISONS_LOST_UPLOADS)) {
      model.rules().evicted(world.directory, launch.node(), arrivals);
    }
  }

  /** A launch behind one that has failed: answers what is still lost. */
  private int follow(World world, Operation later, int lost) {
    if ((model.rules().neededPages(later.claim(false)) & lost) != 0) {
      world.told |= model.rules().take(Care.INHERITS_FAILURES) ? later.bit() : 0;
      return lost;
    }
    return (world.told & later.bit()) == 0 ? lost & ~later.overwrittenPages() : lost;
  }
}

package io.samepage.explorer;

/** How a held lease of the host gets its pages from behind launches: see Preparation.bringToHost and BehindLaunches. */
final class BehindSteps {
  private final Model model;
  private final LaunchSteps launching;

  BehindSteps(Model model, LaunchSteps launching) {
    this.model = model;
    this.launching = launching;
  }

  /** Whether a lease comes behind launches of a device. */
  static boolean follows(Model model, World world, Operation lease, int device) {
    return lease.isHostLease() && (world.followed[lease.index()] & launchesOf(model, device)) != 0;
  }

  private static int launchesOf(Model model, int device) {
    int launches = 0;
    for (Operation operation : model.operations()) {
      launches |= operation.act().isQueued() && operation.node() == device ? operation.bit() : 0;
    }
    return launches;
  }

  /** What comes next after the copies behind launches of all devices before one. */
  static Phase next(Model model, World world, Operation lease, int firstDevice) {
    for (int device = firstDevice; device < Small.NODES; device++) {
      if (follows(model, world, lease, device) && Sources.pagesFrom(world.sources[lease.index()], device) != 0) {
        return device == Small.DEV1 ? Phase.COPY_BEHIND_1 : Phase.COPY_BEHIND_2;
      }
    }
    return Phase.AWAIT_BEHIND;
  }

  /** Enqueues copies behind launches of a device, once what comes from other devices is there. */
  boolean copy(World world, Operation lease, int device) {
    if (world.hasCommands(lease)) {
      return false;
    }
    if ((world.failed & lease.bit()) != 0) {
      world.tell(lease, "fails, as a copy failed");
      model.giveUp(world, lease);
      return true;
    }
    Operation copy = model.copyOf(lease, device);
    world.copied[copy.index()] = Sources.pagesFrom(world.sources[lease.index()], device);
    if (model.rules().take(Care.CLAIMS_WHAT_IT_COPIES)) {
      world.held |= copy.bit();
      world.preparing |= copy.bit();
    }
    int before = world.followed[lease.index()] & launchesOf(model, device) & launching.inFlight(world);
    world.followed[copy.index()] = model.rules().take(Care.COPIES_BEHIND_LAUNCHES) ? before : 0;
    launching.put(world, copy);
    world.tell(lease, () -> "enqueues " + copy.in(world) + " behind launches");
    model.go(world, lease, device == Small.DEV1 ? Phase.ENTER_COPY_1 : Phase.ENTER_COPY_2);
    return true;
  }

  boolean enter(World world, Operation lease, int device) {
    if (model.rules().take(Care.CLAIMS_WHAT_IT_COPIES)) {
      launching.enterIfInFlight(world, model.copyOf(lease, device));
    }
    model.go(world, lease, next(model, world, lease, device + 1));
    return true;
  }

  boolean await(World world, Operation lease) {
    if ((awaited(world, lease) & launching.inFlight(world)) != 0) {
      return false;
    }
    if ((world.told & lease.bit()) != 0 && model.rules().take(Care.PREPARES_ANEW)) {
      prepareAnew(world, lease);
    } else if ((world.failed & lease.bit()) != 0 && model.rules().take(Care.LOOKS_WHETHER_IT_WAS_COPIED)) {
      world.tell(lease, "fails, as its copy failed");
      model.giveUp(world, lease);
    } else {
      enter(world, lease);
    }
    return true;
  }

  /** The launches and copies that a lease waits for. */
  private int awaited(World world, Operation lease) {
    int awaited = model.rules().take(Care.AWAITS_WHAT_IT_COMES_BEHIND) ? world.followed[lease.index()] : 0;
    for (int device = Small.DEV1; device < Small.NODES; device++) {
      Operation copy = model.copyOf(lease, device);
      awaited |= copy == null ? 0 : copy.bit();
    }
    return awaited;
  }

  private void prepareAnew(World world, Operation lease) {
    world.told &= ~lease.bit();
    world.failed &= ~lease.bit();
    world.followed[lease.index()] = 0;
    world.sources[lease.index()] = Sources.NONE;
    world.tell(lease, "begins anew, as a launch failed");
    model.go(world, lease, Phase.PLAN);
  }

  private void enter(World world, Operation lease) {
    int copied = Sources.pages(world.sources[lease.index()]);
    model.rules().fetched(world.directory, Small.HOST, copied);
    world.sources[lease.index()] = Sources.NONE;
    world.tell(lease, () -> "enters copies of " + Small.namePages(copied) + " on host");
    model.go(world, lease, Phase.PREPARE);
  }

  /** The driver refuses the copy. */
  boolean refuse(World world, Operation lease) {
    world.failuresLeft--;
    world.tell(lease, "fails, as its copy is refused");
    model.giveUp(world, lease);
    return true;
  }

  /** A lease's time is over, or its thread is interrupted; once the launches have ended, it waits to the end. */
  boolean giveUp(World world, Operation lease) {
    if ((world.followed[lease.index()] & world.kernels) == 0) {
      return false;
    }
    world.tell(lease, "gives up");
    model.giveUp(world, lease);
    return true;
  }
}

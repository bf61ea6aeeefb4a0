package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;
import io.samepage.explorer.engine.Fifo;

/** How a held claim gets its pages: see Preparation, Arrivals and CoherentDeviceLease. */
final class FetchSteps {
  private final Model model;

  FetchSteps(Model model) {
    this.model = model;
  }

  boolean plan(World world, Operation operation) {
    int needed = model.rules().neededPages(operation.claim(true));
    if ((world.poisonedPages() & needed) != 0) {
      refusePoisoned(world, operation);
      return true;
    }
    int sources = model.sources(world, operation.node(), needed);
    world.sources[operation.index()] = model.scenario().bridges() ? bridged(world, operation, sources) : sources;
    world.tell(operation, () -> "plans: " + Sources.describe(world.sources[operation.index()]));
    if (!model.rules().take(Care.ENTERS_WHAT_HAS_ARRIVED)) {
      model.rules().fetched(world.directory, operation.node(), Sources.pages(sources));
    }
    goOnCopying(world, operation, Small.DEV1);
    return true;
  }

  private void refusePoisoned(World world, Operation operation) {
    if (world.failuresLeft == model.scenario().failures()) {
      world.violated(operation + " is refused a poisoned page, though nothing has failed");
    }
    world.tell(operation, "is refused, as a page is poisoned");
    model.giveUp(world, operation);
  }

  /** Preparation.bridge, without its limits of size and place. */
  private int bridged(World world, Operation operation, int sources) {
    int longer = sources;
    for (int page = 0; page < Small.PAGES; page++) {
      for (int source = 0; source < Small.NODES && mayBridge(world, operation, sources, page); source++) {
        if (copiesDirectly(operation, source) && Sources.pagesFrom(sources, source) != 0 && Small.has(world.heldPages(source), page)) {
          longer = Sources.bridged(longer, page, source);
        }
      }
    }
    if (model.rules().take(Care.BRIDGES_AS_IF_MISSING)) {
      int bridged = Sources.pages(longer) & ~Sources.pages(sources);
      model.rules().evicted(world.directory, operation.node(), bridged);
    }
    return longer;
  }

  /** What goes by way of the host would go over the host's own copy. */
  private boolean copiesDirectly(Operation operation, int source) {
    return source == Small.HOST || operation.node() == Small.HOST || model.copiesDirectly(operation);
  }

  private boolean mayBridge(World world, Operation operation, int sources, int page) {
    boolean mayBridge = !Small.has(Sources.pages(sources), page) && operation.claim(true).coversWhole(page, page + 1)
        && Small.has(world.heldPages(operation.node()), page);
    return mayBridge && (!model.rules().take(Care.BRIDGES_AS_IF_MISSING) || isFree(world, operation, page));
  }

  /** Whether nobody else has a claim on a page, and it has been written. */
  private boolean isFree(World world, Operation operation, int page) {
    for (Operation other : model.operations()) {
      if (other != operation && world.isHeld(other) && Small.has(other.in(world).pages(), page)) {
        return false;
      }
    }
    return Transitions.untouched(world.directory, 0, 1L << page) == 0;
  }

  /** What comes next after the copies from all devices before one. */
  private void goOnCopying(World world, Operation operation, int firstDevice) {
    int sources = world.sources[operation.index()];
    for (int device = firstDevice; device < Small.NODES; device++) {
      if (Sources.pagesFrom(sources, device) != 0 && !BehindSteps.follows(model, world, operation, device)) {
        model.go(world, operation, device == Small.DEV1 ? Phase.COPY_FROM_1 : Phase.COPY_FROM_2);
        return;
      }
    }
    if (operation.isHostLease() && world.followed[operation.index()] != 0) {
      model.go(world, operation, BehindSteps.next(model, world, operation, Small.DEV1));
      return;
    }
    boolean hasCopies = firstDevice > Small.DEV1;
    model.go(world, operation, hasCopies ? Phase.ENTER_COPIES : operation.node() == Small.HOST ? Phase.PREPARE : Phase.ENQUEUE);
  }

  boolean copyFrom(World world, Operation operation, int source) {
    boolean isDirect = model.copiesDirectly(operation);
    int pages = Sources.pagesFrom(world.sources[operation.index()], source);
    if (isDirect && world.commands[source] != Fifo.EMPTY) {
      // A copy between devices runs behind all that is in both queues.
      model.frames().enqueue(world, source, new Command(Command.Kind.FENCE, 0, operation.index()));
    }
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(pages, page)) {
        Command.Kind kind = isDirect ? Command.Kind.PEER_COPY : Command.Kind.DOWNLOAD;
        model.frames().enqueue(world, isDirect ? operation.node() : source, new Command(kind, page, operation.index()));
      }
    }
    world.tell(operation, () -> "enqueues copies of " + Small.namePages(pages) + " from " + Small.node(source)
        + (isDirect ? "" : " to host"));
    goOnCopying(world, operation, source + 1);
    return true;
  }

  boolean enterCopies(World world, Operation operation) {
    if (world.hasCommands(operation)) {
      return false;
    }
    if ((world.failed & operation.bit()) != 0) {
      world.tell(operation, "fails, as a copy failed");
      model.giveUp(world, operation);
      return true;
    }
    int index = operation.index();
    int copied = Sources.pagesFrom(world.sources[index], Small.DEV1) | Sources.pagesFrom(world.sources[index], Small.DEV2);
    world.sources[index] = Sources.without(world.sources[index], copied);
    int holder = model.copiesDirectly(operation) ? operation.node() : Small.HOST;
    model.rules().fetched(world.directory, holder, copied);
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(copied, page) && holder != operation.node()) {
        world.sources[index] = Sources.fetched(world.sources[index], page, holder);
      }
    }
    world.tell(operation, () -> "enters copies of " + Small.namePages(copied) + " on " + Small.node(holder));
    model.go(world, operation, operation.node() == Small.HOST ? Phase.PREPARE : Phase.ENQUEUE);
    return true;
  }

  /** Enqueues what comes from the host or is zeroed; answers which pages. */
  int enqueueArrivals(World world, Operation operation) {
    int sources = world.sources[operation.index()];
    int uploads = Sources.pagesFrom(sources, Small.HOST);
    int zeroed = Sources.zeroedPages(sources);
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(uploads | zeroed, page)) {
        Command.Kind kind = Small.has(uploads, page) ? Command.Kind.UPLOAD : Command.Kind.ZERO;
        model.frames().enqueue(world, operation.node(), new Command(kind, page, operation.index()));
      }
    }
    return uploads | zeroed;
  }

  boolean enqueue(World world, Operation lease) {
    int pages = enqueueArrivals(world, lease);
    if (pages == 0 && model.rules().take(Care.WAITS_FOR_OTHERS_UPLOADS)) {
      model.frames().enqueue(world, lease.node(), new Command(Command.Kind.FENCE, 0, lease.index()));
    }
    world.tell(lease, () -> "enqueues uploads of " + Small.namePages(pages) + " and a fence");
    model.go(world, lease, Phase.ENTER_ARRIVALS);
    return true;
  }

  boolean enterArrivals(World world, Operation lease) {
    if (world.hasCommands(lease) || model.rules().take(Care.RETIRES_BEFORE_IT_OPENS) && sharesFailedCopies(world, lease)) {
      return false;
    }
    int arrived = Sources.pages(world.sources[lease.index()]);
    boolean hasFailed = (world.failed & lease.bit()) != 0;
    if (!hasFailed) {
      model.rules().fetched(world.directory, lease.node(), arrived);
    }
    if (hasFailed || model.rules().take(Care.LOOKS_AGAIN_WHEN_ENTERED) && !model.holdsWhatItNeeds(world, lease)) {
      world.tell(lease, "fails, as " + (hasFailed ? "an upload failed" : "pages were lost meanwhile"));
      model.giveUp(world, lease);
      return true;
    }
    world.sources[lease.index()] = Sources.NONE;
    world.tell(lease, () -> "enters the arrival of " + Small.namePages(arrived));
    model.go(world, lease, Phase.PREPARE);
    return true;
  }

  /** Whether the copies of a launch that uses the same pages have failed; it will be retired. */
  private boolean sharesFailedCopies(World world, Operation lease) {
    for (Operation other : model.operations()) {
      boolean hasFailed = (world.entered & world.uploadsFailed & other.bit()) != 0;
      if (hasFailed && other.node() == lease.node() && (other.pages() & lease.pages()) != 0) {
        return true;
      }
    }
    return false;
  }
}

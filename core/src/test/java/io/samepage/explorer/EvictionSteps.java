package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;

/** How a window is evicted once it is claimed: see Eviction. */
final class EvictionSteps {
  private final Model model;

  EvictionSteps(Model model) {
    this.model = model;
  }

  boolean plan(World world, Operation eviction) {
    int device = eviction.node();
    if (model.rules().take(Care.ENTRUSTS_OVERWRITTEN_PAGES)) {
      entrustOverwritten(world, device);
    }
    int alone = (int) Transitions.onlyOn(world.directory, 0, Small.NODES, device, eviction.pages());
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(alone, page) && model.rules().take(Care.BRINGS_HOME)) {
        world.sources[eviction.index()] = Sources.fetched(world.sources[eviction.index()], page, device);
      }
    }
    world.tell(eviction, () -> "finds that it alone has " + Small.namePages(alone));
    boolean copies = world.sources[eviction.index()] != Sources.NONE;
    model.go(world, eviction, !copies ? Phase.GIVE_BACK : device == Small.DEV1 ? Phase.COPY_FROM_1 : Phase.COPY_FROM_2);
    return true;
  }

  private void entrustOverwritten(World world, int device) {
    for (Operation other : model.operations()) {
      if (world.isHeld(other) && other.act().isLease() && other.node() != device && (world.preparing & other.bit()) == 0) {
        model.wrote(world, other.node(), other.overwrittenPages());
      }
    }
  }

  boolean enterCopies(World world, Operation eviction) {
    if (world.hasCommands(eviction)) {
      return false;
    }
    if ((world.failed & eviction.bit()) != 0) {
      world.tell(eviction, "fails, as a copy failed");
      model.go(world, eviction, Phase.UNCLAIM);
      return true;
    }
    int copied = Sources.pages(world.sources[eviction.index()]);
    model.rules().fetched(world.directory, Small.HOST, copied);
    world.tell(eviction, () -> "enters copies of " + Small.namePages(copied) + " on host");
    model.go(world, eviction, Phase.GIVE_BACK);
    return true;
  }

  boolean giveBack(World world, Operation eviction) {
    model.rules().evicted(world.directory, eviction.node(), eviction.pages());
    world.spoil(eviction.node(), Small.cellsOfAll(eviction.pages()));
    world.tell(eviction, "gives its window back");
    Object user = model.frames().userOf(world, eviction);
    if (user != null) {
      world.violated(eviction + " frees a window that is in use by " + user);
    }
    model.go(world, eviction, Phase.UNCLAIM);
    return true;
  }

  boolean unclaim(World world, Operation eviction) {
    world.tell(eviction, "drops its claim");
    model.giveUp(world, eviction);
    return true;
  }
}

package io.samepage.explorer;

/** How the contents of pages are given up: see Discard. */
final class DiscardSteps {
  private final Model model;

  DiscardSteps(Model model) {
    this.model = model;
  }

  boolean hold(World world, Operation discard) {
    if (model.rules().take(Care.CLAIMS_WHAT_IT_DISCARDS)) {
      return model.claims().hold(world, discard);
    }
    world.tell(discard, "begins without a claim");
    model.go(world, discard, Phase.PLAN);
    return true;
  }

  boolean dropFrames(World world, Operation discard) {
    world.clear(discard.writtenCells());
    if (!model.rules().take(Care.DROPS_DISCARDED_FRAMES)) {
      world.spoil(Small.HOST, discard.writtenCells());
    }
    world.tell(discard, "drops the frames");
    model.go(world, discard, Phase.ENTER_DISCARD);
    return true;
  }

  boolean enter(World world, Operation discard) {
    model.discarded(world, discard.overwrittenPages());
    world.tell(discard, () -> "enters that nobody has written " + Small.namePages(discard.overwrittenPages()));
    model.go(world, discard, Phase.UNCLAIM);
    return true;
  }
}

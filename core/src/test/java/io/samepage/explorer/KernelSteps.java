package io.samepage.explorer;

/**
 * Kernels, and copies behind them, each in a queue of its own: one runs as soon as what it was told to come behind has ended. See
 * Predecessors.
 */
final class KernelSteps {
  private final Model model;

  KernelSteps(Model model) {
    this.model = model;
  }

  /** Runs the kernel of a launch; false if there is none that can run now. */
  boolean run(World world, int index) {
    Operation launch = model.operations()[index];
    if (!isReady(world, launch)) {
      return false;
    }
    if (launch.isCopy()) {
      copyToHost(world, launch.in(world));
      return true;
    }
    if ((world.staleCells(launch.node()) & launch.readCells()) != 0) {
      world.misled |= launch.bit();
    }
    if (launch.writtenCells() != 0) {
      world.write(launch.node(), launch.writtenCells());
    }
    tell(world, launch, (world.misled & launch.bit()) != 0 ? ", which reads old bytes" : "");
    world.kernels &= ~launch.bit();
    return true;
  }

  private void copyToHost(World world, Operation copy) {
    model.frames().checkHost(world, copy);
    for (int page = 0; page < Small.PAGES; page++) {
      if (Small.has(copy.pages(), page)) {
        world.copy(copy.node(), Small.HOST, page);
      }
    }
    world.tell(Small.node(copy.node()), () -> "runs " + copy);
    world.kernels &= ~copy.bit();
  }

  /** The same, but the kernel fails and leaves garbage where it was to write. */
  boolean fail(World world, int index) {
    Operation launch = model.operations()[index];
    if (!isReady(world, launch) || world.failuresLeft == 0) {
      return false;
    }
    world.failuresLeft--;
    world.failed |= launch.bit();
    if (launch.isCopy()) {
      model.frames().checkHost(world, launch.in(world));
      world.spoil(Small.HOST, Small.cellsOfAll(launch.in(world).pages()));
    }
    world.writeGarbage(launch.node(), launch.writtenCells());
    tell(world, launch.in(world), ", which fails");
    world.kernels &= ~launch.bit();
    return true;
  }

  private boolean isReady(World world, Operation launch) {
    if ((world.kernels & launch.bit()) == 0 || (world.kernels & world.followed[launch.index()]) != 0 || world.hasCopies(launch)) {
      return false;
    }
    for (Operation other : model.operations()) {
      if ((world.shared[launch.index()] & other.bit()) != 0 && world.hasCopies(other)) {
        return false;
      }
    }
    return true;
  }

  private static void tell(World world, Operation launch, String outcome) {
    world.tell(Small.node(launch.node()), () -> "runs " + (launch.isCopy() ? "" : "the kernel of ") + launch + outcome);
  }
}

package io.samepage.explorer.faults;

/** claim.c: the end of a claim, in one exchange, and who is woken then. */
final class ReleaseSteps {
  private ReleaseSteps() {}

  static void release(FaultWorld world, int actor, int to) {
    int mine = world.mine[actor];
    int woken = 0;
    for (int page = 0; page < FaultWorld.PAGES; page++) {
      woken |= FaultWorld.has(mine, page) && Nibble.isWaited(world.word[page]) ? 1 << page : 0;
    }
    world.woken[actor] = woken;
    world.setWords(mine, to);
    if (world.isRecorded()) {
      world.tell(actor, "release", FaultSpace.names(mine) + " to " + Nibble.name(to));
    }
  }

  static void wake(FaultWorld world, int actor) {
    world.tell(actor, "wake", FaultSpace.names(world.woken[actor]));
    world.wake(world.woken[actor]);
  }
}

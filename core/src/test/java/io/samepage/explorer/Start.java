package io.samepage.explorer;

import io.samepage.coherence.directory.Transitions;

/**
 * Who holds the two pages in the beginning, as a mask of nodes; nobody means that the page is untouched.
 *
 * @param holders the mask of nodes for each page
 */
record Start(int... holders) {
  static final int UNTOUCHED = 0;
  static final int ON_HOST = 1 << Small.HOST;
  static final int ON_DEV1 = 1 << Small.DEV1;
  static final int ON_DEV2 = 1 << Small.DEV2;

  void putInto(World world) {
    for (int page = 0; page < Small.PAGES; page++) {
      world.place(Small.HOST, Small.cellsOf(page));
      if (holders[page] != UNTOUCHED) {
        put(world, page);
      }
    }
  }

  private void put(World world, int page) {
    int first = Integer.numberOfTrailingZeros(holders[page]);
    Transitions.wrote(world.directory, 0, Small.NODES, first, 1L << page);
    world.write(first, Small.cellsOf(page));
    for (int node = first + 1; node < Small.NODES; node++) {
      if (Small.has(holders[page], node)) {
        Transitions.fetched(world.directory, 0, Small.NODES, node, 1L << page);
        world.place(node, Small.cellsOf(page));
      }
    }
  }

  @Override
  public String toString() {
    World world = new World();
    putInto(world);
    return Directories.describe(world.directory);
  }
}

package io.samepage.embedded;

import io.samepage.Grid;
import io.samepage.WorkGroup;
import java.util.function.Consumer;

/** The size of the groups that a grid is cut into. */
record Groups(Grid grid, long x, long y, long z) {
  /** The grid's own groups, or ones with enough items for a loop that the compiler can make fast. */
  static Groups of(Grid grid) {
    if (grid.isGrouped()) {
      return new Groups(grid, grid.localX(), grid.localY(), grid.localZ());
    }
    return switch (grid.dimensions()) {
      case 1 -> new Groups(grid, 1024, 1, 1);
      case 2 -> new Groups(grid, 64, 16, 1);
      default -> new Groups(grid, 64, 4, 4);
    };
  }

  /** All groups, clipped to the grid, x fastest. */
  void forEach(Consumer<WorkGroup> action) {
    for (long startZ = 0; startZ < grid.z(); startZ = end(startZ, z, grid.z())) {
      for (long startY = 0; startY < grid.y(); startY = end(startY, y, grid.y())) {
        for (long startX = 0; startX < grid.x(); startX = end(startX, x, grid.x())) {
          action.accept(group(startX, startY, startZ));
        }
      }
    }
  }

  private WorkGroup group(long startX, long startY, long startZ) {
    return new WorkGroup(startX, end(startX, x, grid.x()), startY, end(startY, y, grid.y()), startZ, end(startZ, z, grid.z()));
  }

  /** Without start + step, which can overflow. */
  private static long end(long start, long step, long size) {
    return step < size - start ? start + step : size;
  }
}

package io.samepage.testkit.node;

import io.samepage.KernelArguments;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.WorkGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A kernel that shows which items a grid has. */
public final class GridKernels {
  /**
   * {@code visit(inOut int[] cells, int sizeX, int sizeY)}: item (x, y, z) adds 1 + x + 100·y + 10000·z to the cell at
   * (z·sizeY + y)·sizeX + x.
   */
  public static final KernelSource SOURCE = KernelSource.builder()
      .openClC("""
          __kernel void visit(__global int* cells, int sizeX, int sizeY) {
            int x = get_global_id(0);
            int y = get_global_id(1);
            int z = get_global_id(2);
            cells[(z * sizeY + y) * sizeX + x] += 1 + x + 100 * y + 10000 * z;
          }
          """)
      .ptxResource(GridKernels.class, "GridKernels.ptx")
      .java("visit", List.of(KernelParameter.inOut("cells", 4), KernelParameter.value("sizeX", int.class),
          KernelParameter.value("sizeY", int.class)), GridKernels::visit)
      .build();

  private GridKernels() {}

  private static void visit(WorkGroup group, KernelArguments arguments) {
    MemorySegment cells = arguments.segment(0);
    for (long z = group.startZ(); z < group.endZ(); z++) {
      for (long y = group.startY(); y < group.endY(); y++) {
        for (long x = group.startX(); x < group.endX(); x++) {
          long cell = (z * arguments.intValue(2) + y) * arguments.intValue(1) + x;
          cells.setAtIndex(ValueLayout.JAVA_INT, cell, cells.getAtIndex(ValueLayout.JAVA_INT, cell) + mark(x, y, z));
        }
      }
    }
  }

  /**
   * What {@code visit} adds to the cell of an item.
   *
   * @param x the item's number in the first dimension
   * @param y in the second
   * @param z in the third
   * @return the summand
   */
  public static int mark(long x, long y, long z) {
    return (int) (1 + x + 100 * y + 10_000 * z);
  }
}

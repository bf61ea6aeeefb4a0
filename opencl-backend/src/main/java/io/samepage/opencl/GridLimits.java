package io.samepage.opencl;

import io.samepage.Grid;
import java.util.List;
import org.lwjgl.opencl.CL10;

/**
 * What grids a kernel runs over on a device.
 *
 * @param subject the device, for messages
 * @param addressBits of how many bits a work item's number has
 * @param maxGroupItems work items of a group, in all
 * @param maxGroupSizes work items of a group, in each dimension
 * @param requiredGroup the group size that the kernel's source prescribes, zeros if none
 */
record GridLimits(String subject, int addressBits, long maxGroupItems, List<Long> maxGroupSizes, List<Long> requiredGroup) {

  static GridLimits of(FoundDevice device, ClInfo workGroup) {
    DeviceLimits limits = device.limits();
    long[] required = workGroup.sizes(CL10.CL_KERNEL_COMPILE_WORK_GROUP_SIZE);
    long maxGroupItems = Math.min(limits.maxGroupItems(), workGroup.sizes(CL10.CL_KERNEL_WORK_GROUP_SIZE)[0]);
    return new GridLimits(device.subject(), limits.addressBits(), maxGroupItems, limits.maxGroupSizes(),
        List.of(required[0], required[1], required[2]));
  }

  /**
   * Checks a grid.
   *
   * @param kernel the kernel's name, for messages
   * @param grid the grid
   * @throws IllegalArgumentException if the device can't run it
   */
  void check(String kernel, Grid grid) {
    checkItems(kernel, grid);
    if (requiredGroup.getFirst() != 0) {
      checkRequired(kernel, grid);
    } else if (grid.isGrouped()) {
      checkGroup(kernel, grid);
    }
  }

  /**
   * The grid with the group size that the kernel prescribes. Drivers should take it from the kernel; PoCL doesn't.
   *
   * @param grid a grid that was checked
   * @return the grid itself if it is grouped or nothing is prescribed
   */
  Grid grouped(Grid grid) {
    if (grid.isGrouped() || requiredGroup.getFirst() == 0) {
      return grid;
    }
    return grid.local(requiredGroup.stream().limit(grid.dimensions()).mapToLong(Long::longValue).toArray());
  }

  private void checkItems(String kernel, Grid grid) {
    try {
      long items = 1;
      for (int d = 0; d < grid.dimensions(); d++) {
        items = Math.multiplyExact(items, grid.roundedSize(d));
        if (addressBits < Long.SIZE && grid.roundedSize(d) >> addressBits != 0) {
          throw refusal("a dimension is too large", kernel,
              "dimension=" + d + ", global=" + grid.roundedSize(d) + ", addressBits=" + addressBits);
        }
      }
    } catch (ArithmeticException e) {
      throw refusal("more than 2^63 work items", kernel, "grid=" + grid);
    }
  }

  private void checkGroup(String kernel, Grid grid) {
    long items = 1;
    for (int d = 0; d < grid.dimensions(); d++) {
      if (grid.localSize(d) > maxGroupSizes.get(d)) {
        throw refusal("a group is too large", kernel,
            "dimension=" + d + ", local=" + grid.localSize(d) + ", limit=" + maxGroupSizes.get(d));
      }
      items = Math.multiplyExact(items, grid.localSize(d));
    }
    if (items > maxGroupItems) {
      throw refusal("a group has too many work items", kernel, "items=" + items + ", limit=" + maxGroupItems);
    }
  }

  private void checkRequired(String kernel, Grid grid) {
    for (int d = 0; d < grid.dimensions(); d++) {
      long required = requiredGroup.get(d);
      boolean fits = grid.isGrouped() ? grid.localSize(d) == required : grid.size(d) % required == 0;
      if (!fits) {
        throw refusal("the kernel prescribes another group size", kernel, "dimension=" + d + ", global=" + grid.size(d) + ", local="
            + grid.localSize(d) + ", required=" + required);
      }
    }
  }

  private IllegalArgumentException refusal(String what, String kernel, String details) {
    return new IllegalArgumentException("The grid doesn't fit: " + what + ": " + subject + ", kernel=" + kernel + ", " + details);
  }
}

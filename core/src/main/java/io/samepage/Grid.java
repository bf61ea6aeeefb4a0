package io.samepage;

/**
 * How many work items a launch has, in one to three dimensions, and how they are grouped.
 *
 * <p>Without {@link #local} the device chooses the groups. With it, the global size is rounded up to whole groups, so a kernel
 * must be given the true size and guard against the surplus items; {@link #exact()} refuses sizes that would be rounded.
 * Grids are values.
 *
 * @param dimensions 1 to 3
 * @param x work items in the first dimension
 * @param y work items in the second dimension, 1 where there is none
 * @param z work items in the third dimension, 1 where there is none
 * @param localX work items of a group in the first dimension, 0 if the device chooses
 * @param localY work items of a group in the second dimension, 0 if the device chooses
 * @param localZ work items of a group in the third dimension, 0 if the device chooses
 * @param isExact whether sizes that don't divide into whole groups are refused
 */
public record Grid(int dimensions, long x, long y, long z, long localX, long localY, long localZ, boolean isExact) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is below 1, a group size is negative or set in some dimensions only, or the sizes
   *     don't divide and {@code isExact} is set
   */
  public Grid {
    if (dimensions < 1 || dimensions > 3) {
      throw new IllegalArgumentException("A grid has 1 to 3 dimensions: dimensions=" + dimensions);
    }
    long[] global = {x, y, z};
    long[] local = {localX, localY, localZ};
    for (int d = 0; d < 3; d++) {
      if (global[d] < 1 || (d >= dimensions && global[d] != 1)) {
        throw new IllegalArgumentException("Each dimension of a grid has at least one work item: x=" + x + ", y=" + y + ", z=" + z);
      }
      if (local[d] < 0 || (local[d] == 0) != (localX == 0)) {
        throw new IllegalArgumentException("A group has at least one work item in each dimension: localX=" + localX + ", localY="
            + localY + ", localZ=" + localZ);
      }
      if (isExact && local[d] != 0 && global[d] % local[d] != 0) {
        throw new IllegalArgumentException("An exact grid divides into whole groups: dimension=" + d + ", global=" + global[d]
            + ", local=" + local[d]);
      }
    }
  }

  /**
   * A grid of one dimension.
   *
   * @param x work items, at least 1
   * @return the grid
   * @throws IllegalArgumentException if a size is below 1
   */
  public static Grid of(long x) {
    return new Grid(1, x, 1, 1, 0, 0, 0, false);
  }

  /**
   * A grid of two dimensions.
   *
   * @param x work items in the first dimension, the one whose neighbours run together
   * @param y work items in the second dimension
   * @return the grid
   * @throws IllegalArgumentException if a size is below 1
   */
  public static Grid of(long x, long y) {
    return new Grid(2, x, y, 1, 0, 0, 0, false);
  }

  /**
   * A grid of three dimensions.
   *
   * @param x work items in the first dimension
   * @param y work items in the second dimension
   * @param z work items in the third dimension
   * @return the grid
   * @throws IllegalArgumentException if a size is below 1
   */
  public static Grid of(long x, long y, long z) {
    return new Grid(3, x, y, z, 0, 0, 0, false);
  }

  /**
   * This grid in groups of the given size; as many sizes as the grid has dimensions.
   *
   * @param sizes work items of a group in each dimension, each at least 1
   * @return the grouped grid
   * @throws IllegalArgumentException if the count of sizes is not {@link #dimensions()}, a size is below 1, or this grid is exact
   *     and doesn't divide
   */
  public Grid local(long... sizes) {
    if (sizes.length != dimensions) {
      throw new IllegalArgumentException("One group size for each dimension: dimensions=" + dimensions + ", sizes=" + sizes.length);
    }
    for (long size : sizes) {
      if (size < 1) {
        throw new IllegalArgumentException("A group has at least one work item in each dimension: size=" + size);
      }
    }
    return new Grid(dimensions, x, y, z, sizes[0], dimensions > 1 ? sizes[1] : 1, dimensions > 2 ? sizes[2] : 1, isExact);
  }

  /**
   * This grid, refusing to be rounded up to whole groups.
   *
   * @return the exact grid
   * @throws IllegalArgumentException if it is grouped and doesn't divide
   */
  public Grid exact() {
    return new Grid(dimensions, x, y, z, localX, localY, localZ, true);
  }

  /** {@return whether {@link #local} chose the group size} */
  public boolean isGrouped() {
    return localX != 0;
  }

  /**
   * The number of work items that are started in a dimension: rounded up to whole groups if the grid is grouped.
   *
   * @param dimension 0 for x, 1 for y, 2 for z
   * @return the number of items
   * @throws IndexOutOfBoundsException if {@code dimension} is not 0, 1 or 2
   */
  public long roundedSize(int dimension) {
    long size = size(dimension);
    long local = localSize(dimension);
    return local == 0 ? size : Math.multiplyExact(Math.ceilDiv(size, local), local);
  }

  /**
   * The number of work items asked for in a dimension.
   *
   * @param dimension 0 for x, 1 for y, 2 for z
   * @return the number of items
   * @throws IndexOutOfBoundsException if {@code dimension} is not 0, 1 or 2
   */
  public long size(int dimension) {
    return switch (dimension) {
      case 0 -> x;
      case 1 -> y;
      case 2 -> z;
      default -> throw new IndexOutOfBoundsException("dimension=" + dimension);
    };
  }

  /**
   * The size of a group in a dimension.
   *
   * @param dimension 0 for x, 1 for y, 2 for z
   * @return the number of items, 0 if the device chooses
   * @throws IndexOutOfBoundsException if {@code dimension} is not 0, 1 or 2
   */
  public long localSize(int dimension) {
    return switch (dimension) {
      case 0 -> localX;
      case 1 -> localY;
      case 2 -> localZ;
      default -> throw new IndexOutOfBoundsException("dimension=" + dimension);
    };
  }
}

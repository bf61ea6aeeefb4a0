package io.samepage.samples.pipeline;

/**
 * The pipeline's sizes: A is rows × inner, B is inner × columns, C is rows × columns, D is rows × rows.
 *
 * @param rows rows of A
 * @param inner columns of A, rows of B
 * @param columns columns of B
 * @param rounds how often C and D are computed
 * @param seed what the values of A and B are drawn from
 */
public record PipelineShape(int rows, int inner, int columns, int rounds, long seed) {
  /** The largest size of a dimension: kernels count in ints and go a tile past the end. */
  static final int MAX_SIZE = 1 << 30;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is below 1 or too large, or the matrices' bytes don't fit into a long
   */
  public PipelineShape {
    checkSize("rows", rows);
    checkSize("inner", inner);
    checkSize("cols", columns);
    if (rounds < 1) {
      throw new IllegalArgumentException("There is at least one round: rounds=" + rounds);
    }
    try {
      Math.addExact(Math.multiplyExact(4L * rows, (long) inner + columns + rows), Math.multiplyExact(4L * inner, (long) columns));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("The matrices are too large to count: rows=" + rows + ", inner=" + inner + ", cols=" + columns);
    }
  }

  /**
   * A shape with one size for all dimensions.
   *
   * @param size the size
   * @param rounds how often C and D are computed
   * @param seed what the values of A and B are drawn from
   * @return the shape
   * @throws IllegalArgumentException as the constructor does
   */
  public static PipelineShape square(int size, int rounds, long seed) {
    checkSize("size", size);
    return new PipelineShape(size, size, size, rounds, seed);
  }

  private static void checkSize(String name, int size) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("A size lies between 1 and " + MAX_SIZE + ": " + name + "=" + size);
    }
  }

  /** {@return the bytes of A} */
  public long aBytes() {
    return bytes(rows, inner);
  }

  /** {@return the bytes of B} */
  public long bBytes() {
    return bytes(inner, columns);
  }

  /** {@return the bytes of C} */
  public long cBytes() {
    return bytes(rows, columns);
  }

  /** {@return the bytes of D} */
  public long dBytes() {
    return bytes(rows, rows);
  }

  /** {@return the bytes of all four matrices} */
  public long totalBytes() {
    return aBytes() + bBytes() + cBytes() + dBytes();
  }

  private static long bytes(int rows, int columns) {
    return (long) Float.BYTES * rows * columns;
  }
}

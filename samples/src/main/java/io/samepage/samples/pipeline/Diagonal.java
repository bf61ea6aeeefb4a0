package io.samepage.samples.pipeline;

/**
 * What is kept of a diagonal whose elements should all be 1.
 *
 * @param count how many elements were seen
 * @param trace their sum
 * @param maxError how far the worst is from 1
 */
public record Diagonal(long count, double trace, double maxError) {
  /** Nothing seen yet. */
  public static final Diagonal EMPTY = new Diagonal(0, 0, 0);

  /**
   * With one element more.
   *
   * @param element the element
   * @return what is kept then
   */
  public Diagonal with(float element) {
    return new Diagonal(count + 1, trace + element, Math.max(maxError, Math.abs(element - 1.0)));
  }

  /** The worse of the worst element and the mean: the trace over the count of elements. */
  double error() {
    return Math.max(maxError, Math.abs(trace - count) / count);
  }
}

package io.samepage.node;

import java.util.List;

/**
 * Runs of one size in one window that lie at even distances, in the window as on the host: drivers copy them by one command, as the rows
 * of a rectangle.
 *
 * @param first the first of them
 * @param strideBytes from the beginning of one to that of the next
 * @param count how many; 1 if the next is anything else
 */
public record Lattice(CopyRun first, long strideBytes, int count) {
  /**
   * Finds the longest that begins at an index.
   *
   * @param runs all runs
   * @param start the first of the lattice
   * @return it
   */
  public static Lattice of(List<CopyRun> runs, int start) {
    CopyRun first = runs.get(start);
    if (start + 1 == runs.size()) {
      return new Lattice(first, 0, 1);
    }
    long strideBytes = runs.get(start + 1).windowOffsetBytes() - first.windowOffsetBytes();
    Lattice pair = new Lattice(first, strideBytes, 1);
    return strideBytes <= first.sizeBytes() ? pair : pair.extended(runs, start);
  }

  /**
   * Finds the longest that begins at an index, for drivers that refuse rectangles whose rows go beyond their pitch.
   *
   * @param runs all runs
   * @param start the first of the lattice
   * @return it; of a single run, if the first goes beyond the end of a row, where one begins at each multiple of the distance in the window
   */
  public static Lattice inRows(List<CopyRun> runs, int start) {
    CopyRun first = runs.get(start);
    long strideBytes = start + 1 == runs.size() ? 0 : runs.get(start + 1).windowOffsetBytes() - first.windowOffsetBytes();
    boolean startsInRow = strideBytes > 0 && first.windowOffsetBytes() % strideBytes + first.sizeBytes() <= strideBytes;
    return startsInRow ? of(runs, start) : new Lattice(first, strideBytes, 1);
  }

  private Lattice extended(List<CopyRun> runs, int start) {
    int longer = 1;
    while (start + longer < runs.size() && hasAt(longer, runs.get(start + longer))) {
      longer++;
    }
    return new Lattice(first, strideBytes, longer);
  }

  private boolean hasAt(int index, CopyRun run) {
    Window window = first.window();
    return run.window() == window && run.sizeBytes() == first.sizeBytes()
        && run.windowOffsetBytes() == first.windowOffsetBytes() + index * strideBytes
        && run.hostAddress() == first.hostAddress() + index * strideBytes
        && run.windowOffsetBytes() + run.sizeBytes() <= window.sizeBytes();
  }
}

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
    if (strideBytes <= first.sizeBytes()) {
      return pair;
    }
    int count = 1;
    while (start + count < runs.size() && pair.hasAt(count, runs.get(start + count))) {
      count++;
    }
    return new Lattice(first, strideBytes, count);
  }

  private boolean hasAt(int index, CopyRun run) {
    Window window = first.window();
    return run.window() == window && run.sizeBytes() == first.sizeBytes()
        && run.windowOffsetBytes() == first.windowOffsetBytes() + index * strideBytes
        && run.hostAddress() == first.hostAddress() + index * strideBytes
        && run.windowOffsetBytes() + run.sizeBytes() <= window.sizeBytes();
  }

  /** {@return whether no row goes beyond the end of a row of the window, where one begins at each multiple of the stride} */
  public boolean startsInRow() {
    return first.windowOffsetBytes() % strideBytes + first.sizeBytes() <= strideBytes;
  }
}

package io.samepage.samples.pipeline;

import io.samepage.Access;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import io.samepage.samples.hostview.RegionGroup;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The diagonal of a matrix, whose elements are found once and read again and again. */
final class UnifiedDiagonal {
  /** The most elements that are read in one view. */
  private static final int BATCH = 4096;

  private final List<RegionGroup> batches = new ArrayList<>();

  UnifiedDiagonal(HostSpace space, UnifiedMatrix matrix) {
    int batch = batch(matrix.rows());
    for (int first = 0; first < matrix.rows(); first += batch) {
      int end = Math.min(first + batch, matrix.rows());
      batches.add(space.group(IntStream.range(first, end).mapToObj(i -> matrix.element(i, i)).toList()));
    }
  }

  /** How many elements of a diagonal are read in one view: as many in each, but for the last, which may have a few less. */
  static int batch(int elements) {
    return Math.ceilDiv(elements, Math.ceilDiv(elements, BATCH));
  }

  /** Reads it, and with it only what comes to the host with its elements. */
  Diagonal read() {
    Diagonal diagonal = Diagonal.EMPTY;
    for (RegionGroup elements : batches) {
      try (HostView view = elements.view(Access.READ)) {
        for (MemorySegment element : view.segments()) {
          diagonal = diagonal.with(element.get(ValueLayout.JAVA_FLOAT, 0));
        }
      }
    }
    return diagonal;
  }
}

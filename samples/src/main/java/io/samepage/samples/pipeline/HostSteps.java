package io.samepage.samples.pipeline;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;

/** What the host does in the pipeline, each step under a lease for exactly what it touches. */
final class HostSteps {
  /** Elements of the diagonal that are read under one lease. */
  private static final int DIAGONAL_BATCH = 4096;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private HostSteps() {}

  /** Draws a row's values. */
  @FunctionalInterface
  interface RowSource {
    void draw(int row, float[] into);
  }

  static void fill(UnifiedMatrix matrix, RowSource source) {
    fillRows(matrix, 0, matrix.rows(), source);
  }

  static void fillRow(UnifiedMatrix matrix, int row, RowSource source) {
    fillRows(matrix, row, 1, source);
  }

  private static void fillRows(UnifiedMatrix matrix, int first, int count, RowSource source) {
    float[] values = new float[matrix.columns()];
    try (HostLease lease = matrix.rows(first, count).host(Access.WRITE)) {
      MemorySegment segment = lease.segment();
      for (int row = 0; row < count; row++) {
        source.draw(first + row, values);
        MemorySegment.copy(values, 0, segment, FLOAT, row * matrix.rowBytes(), values.length);
      }
    }
  }

  /** Scales each row to Euclidean norm 1. */
  static void scaleRows(UnifiedMatrix matrix) {
    float[] values = new float[matrix.columns()];
    try (HostLease lease = matrix.all().host(Access.READ_WRITE)) {
      MemorySegment segment = lease.segment();
      for (int row = 0; row < matrix.rows(); row++) {
        long offset = row * matrix.rowBytes();
        MemorySegment.copy(segment, FLOAT, offset, values, 0, values.length);
        scale(values);
        MemorySegment.copy(values, 0, segment, FLOAT, offset, values.length);
      }
    }
  }

  /** A row of zeros has no direction and stays as it is. */
  private static void scale(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < values.length && norm > 0; i++) {
      values[i] = (float) (values[i] / norm);
    }
  }

  /** Reads the diagonal, and with it only the pages that hold its elements. */
  static Diagonal diagonal(UnifiedMemory memory, UnifiedMatrix matrix) {
    Diagonal diagonal = Diagonal.EMPTY;
    for (int first = 0; first < matrix.rows(); first += DIAGONAL_BATCH) {
      int end = Math.min(first + DIAGONAL_BATCH, matrix.rows());
      List<Slice> elements = IntStream.range(first, end).mapToObj(i -> matrix.element(i, i)).toList();
      try (HostLease lease = memory.host(Access.READ, elements)) {
        for (MemorySegment element : lease.segments()) {
          diagonal = diagonal.with(element.get(FLOAT, 0));
        }
      }
    }
    return diagonal;
  }
}

package io.samepage.samples.pipeline;

import io.samepage.Access;
import io.samepage.samples.hostview.HostView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the host does in the pipeline: on matrices, each step with a view of exactly what it touches; and the same on the bytes of a
 * matrix that somebody else brings.
 */
public final class HostSteps {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private HostSteps() {}

  /** Draws a row's values. */
  @FunctionalInterface
  public interface RowSource {
    /**
     * Draws them.
     *
     * @param row which row
     * @param into where they go
     */
    void draw(int row, float[] into);
  }

  static void fill(UnifiedMatrix matrix, RowSource source) {
    fillRows(matrix, 0, matrix.rows(), source);
  }

  static void fillRow(UnifiedMatrix matrix, int row, RowSource source) {
    fillRows(matrix, row, 1, source);
  }

  private static void fillRows(UnifiedMatrix matrix, int first, int count, RowSource source) {
    try (HostView view = matrix.rows(first, count).view(Access.WRITE)) {
      fillRows(view.segment(), matrix.columns(), first, source);
    }
  }

  /**
   * Writes rows.
   *
   * @param rows their bytes
   * @param columns how many elements each has
   * @param first the number of the first of them
   * @param source where their values come from
   */
  public static void fillRows(MemorySegment rows, int columns, int first, RowSource source) {
    float[] values = new float[columns];
    int row = first;
    for (long offset = 0; offset < rows.byteSize(); offset += (long) Float.BYTES * columns) {
      source.draw(row++, values);
      MemorySegment.copy(values, 0, rows, FLOAT, offset, values.length);
    }
  }

  /** Scales each row to Euclidean norm 1. */
  static void scaleRows(UnifiedMatrix matrix) {
    try (HostView view = matrix.all().view(Access.READ_WRITE)) {
      scaleRows(view.segment(), matrix.columns());
    }
  }

  /**
   * Scales each row to Euclidean norm 1.
   *
   * @param rows their bytes
   * @param columns how many elements each has
   */
  public static void scaleRows(MemorySegment rows, int columns) {
    float[] values = new float[columns];
    for (long offset = 0; offset < rows.byteSize(); offset += (long) Float.BYTES * columns) {
      MemorySegment.copy(rows, FLOAT, offset, values, 0, values.length);
      scale(values);
      MemorySegment.copy(values, 0, rows, FLOAT, offset, values.length);
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
}

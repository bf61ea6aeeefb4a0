package io.samepage.samples.pipeline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Rows of D = C·Cᵀ in double precision, from the C that the host holds. */
final class GramReference {
  private final PipelineShape shape;

  GramReference(PipelineShape shape) {
    this.shape = shape;
  }

  /** The largest error in some rows of D. */
  double maxError(int[] rows, MemorySegment c, IntFunction<float[]> rowOfD) {
    float[][] factors = new float[rows.length][];
    float[][] actual = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      factors[i] = rowOfC(c, rows[i], new float[shape.columns()]);
      actual[i] = rowOfD.apply(rows[i]);
    }
    return maxError(factors, actual, c);
  }

  private double maxError(float[][] factors, float[][] actual, MemorySegment c) {
    double[] norms = Arrays.stream(factors).mapToDouble(GramReference::norm).toArray();
    float[] other = new float[shape.columns()];
    double error = 0;
    for (int j = 0; j < shape.rows(); j++) {
      double norm = norm(rowOfC(c, j, other));
      for (int i = 0; i < factors.length; i++) {
        error = Math.max(error, Math.abs(actual[i][j] - dot(factors[i], other)) / (norms[i] * norm));
      }
    }
    return error;
  }

  private float[] rowOfC(MemorySegment c, int row, float[] into) {
    MemorySegment.copy(c, ValueLayout.JAVA_FLOAT, (long) Float.BYTES * shape.columns() * row, into, 0, into.length);
    return into;
  }

  private static double norm(float[] values) {
    return Math.sqrt(dot(values, values));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}

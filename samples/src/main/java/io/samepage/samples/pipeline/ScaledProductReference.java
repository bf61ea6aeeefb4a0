package io.samepage.samples.pipeline;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Rows of C, scaled to norm 1, in double precision, from values of A and B that are drawn anew. */
final class ScaledProductReference {
  private final PipelineShape shape;
  private final PipelineInput input;

  ScaledProductReference(PipelineShape shape, PipelineInput input) {
    this.shape = shape;
    this.input = input;
  }

  /** The largest error in some rows of {@code c}. */
  double maxError(int[] rows, MemorySegment c) {
    float[][] factors = factors(rows);
    double[][] products = new double[rows.length][shape.columns()];
    double[] columnNorms = multiply(factors, products);
    float[] actual = new float[shape.columns()];
    double error = 0;
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(c, ValueLayout.JAVA_FLOAT, (long) Float.BYTES * shape.columns() * rows[i], actual, 0, actual.length);
      error = Math.max(error, rowError(actual, products[i], norm(factors[i]), columnNorms));
    }
    return error;
  }

  private float[][] factors(int[] rows) {
    float[][] factors = new float[rows.length][shape.inner()];
    for (int i = 0; i < rows.length; i++) {
      input.lastRowOfA(rows[i], factors[i]);
    }
    return factors;
  }

  /** Adds up the products and answers the norms of B's columns. */
  private double[] multiply(float[][] factors, double[][] products) {
    double[] squares = new double[shape.columns()];
    float[] rowOfB = new float[shape.columns()];
    for (int k = 0; k < shape.inner(); k++) {
      input.rowOfB(k, rowOfB);
      for (int j = 0; j < rowOfB.length; j++) {
        squares[j] += (double) rowOfB[j] * rowOfB[j];
      }
      for (int i = 0; i < factors.length; i++) {
        addScaled(rowOfB, factors[i][k], products[i]);
      }
    }
    for (int j = 0; j < squares.length; j++) {
      squares[j] = Math.sqrt(squares[j]);
    }
    return squares;
  }

  private static void addScaled(float[] row, double factor, double[] sums) {
    for (int j = 0; j < row.length; j++) {
      sums[j] += factor * row[j];
    }
  }

  /** The scaling is undone for the comparison, as the error is measured by the factors' norms. */
  private static double rowError(float[] actual, double[] product, double factorNorm, double[] columnNorms) {
    double norm = norm(product);
    double error = 0;
    for (int j = 0; j < actual.length; j++) {
      error = Math.max(error, Math.abs(actual[j] * norm - product[j]) / (factorNorm * columnNorms[j]));
    }
    return error;
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}

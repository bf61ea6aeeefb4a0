package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;

/** The same calls by somebody who keeps no books: each launch brings all its matrices, and takes back what it wrote. */
final class EveryArgument implements PipelineCalls {
  private final PipelineShape shape;
  private final PipelineCalls calls;

  EveryArgument(PipelineShape shape, PipelineCalls calls) {
    this.shape = shape;
    this.calls = calls;
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return calls.host(matrix);
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    // The launch will bring it.
  }

  @Override
  public void read(Matrix matrix) {
    calls.read(matrix);
  }

  @Override
  public Diagonal readDiagonal() {
    calls.read(Matrix.D);
    return PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
  }

  @Override
  public void multiply() {
    bring(Matrix.A, Matrix.B, Matrix.C);
    calls.multiply();
  }

  @Override
  public void gram() {
    bring(Matrix.C, Matrix.D);
    calls.gram();
  }

  private void bring(Matrix... arguments) {
    for (Matrix matrix : arguments) {
      calls.write(matrix, 0, matrix.sizeBytes(shape));
    }
  }

  @Override
  public long kernelNanos() {
    return calls.kernelNanos();
  }

  @Override
  public long movedBytes() {
    return calls.movedBytes();
  }

  @Override
  public void close() {
    calls.close();
  }
}

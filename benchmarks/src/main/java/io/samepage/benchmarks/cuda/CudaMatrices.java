package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.pipeline.Matrix;
import io.samepage.samples.pipeline.PipelineShape;

/**
 * Where the pipeline's matrices lie in one allocation. What is at both sides of a cut is no matter of two of them: the driver moves managed
 * memory by 2 MiB at most.
 *
 * @param shape the pipeline's sizes
 */
record CudaMatrices(PipelineShape shape) {
  private static final long ALIGNMENT_BYTES = 2 << 20;

  long offsetBytes(Matrix matrix) {
    long offset = 0;
    for (Matrix before : Matrix.values()) {
      if (before == matrix) {
        break;
      }
      offset += paddedBytes(before);
    }
    return offset;
  }

  long sizeBytes(Matrix matrix) {
    return matrix.sizeBytes(shape);
  }

  private long paddedBytes(Matrix matrix) {
    return Math.ceilDiv(sizeBytes(matrix), ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  long totalBytes() {
    return offsetBytes(Matrix.D) + paddedBytes(Matrix.D);
  }
}

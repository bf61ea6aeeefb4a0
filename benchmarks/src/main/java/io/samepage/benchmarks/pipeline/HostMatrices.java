package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Where the host has all matrices in one memory, and a diagonal by itself behind them. */
final class HostMatrices {
  private final Map<Matrix, MemorySegment> matrices = new EnumMap<>(Matrix.class);
  private final MemorySegment diagonal;

  /** How large the memory is. */
  static long sizeBytes(PipelineShape shape) {
    return shape.totalBytes() + (long) Float.BYTES * shape.rows();
  }

  HostMatrices(PipelineShape shape, MemorySegment memory) {
    long offsetBytes = 0;
    for (Matrix matrix : Matrix.values()) {
      matrices.put(matrix, memory.asSlice(offsetBytes, matrix.sizeBytes(shape)));
      offsetBytes += matrix.sizeBytes(shape);
    }
    diagonal = memory.asSlice(offsetBytes, (long) Float.BYTES * shape.rows());
  }

  MemorySegment of(Matrix matrix) {
    return matrices.get(matrix);
  }

  MemorySegment diagonal() {
    return diagonal;
  }
}

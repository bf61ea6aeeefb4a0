package io.samepage.benchmarks.cuda;

import io.samepage.samples.pipeline.PipelineShape;

/** The pipeline's matrices: C is the scaled product of A and B, D is C times C transposed. In memory they follow each other. */
enum CudaMatrix {
  A {
    @Override
    long sizeBytes(PipelineShape shape) {
      return shape.aBytes();
    }
  },
  B {
    @Override
    long sizeBytes(PipelineShape shape) {
      return shape.bBytes();
    }
  },
  C {
    @Override
    long sizeBytes(PipelineShape shape) {
      return shape.cBytes();
    }
  },
  D {
    @Override
    long sizeBytes(PipelineShape shape) {
      return shape.dBytes();
    }
  };

  /** What is at both sides of a cut is no matter of two matrices: the driver moves managed memory by so much at most. */
  private static final long ALIGNMENT_BYTES = 2 << 20;

  abstract long sizeBytes(PipelineShape shape);

  long offsetBytes(PipelineShape shape) {
    long offset = 0;
    for (CudaMatrix before : values()) {
      if (before == this) {
        break;
      }
      offset += before.paddedBytes(shape);
    }
    return offset;
  }

  private long paddedBytes(PipelineShape shape) {
    return Math.ceilDiv(sizeBytes(shape), ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }

  /** What all of them take. */
  static long totalBytes(PipelineShape shape) {
    return D.offsetBytes(shape) + D.paddedBytes(shape);
  }
}

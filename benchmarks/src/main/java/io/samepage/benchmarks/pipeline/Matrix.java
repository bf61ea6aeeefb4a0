package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.PipelineShape;

/** The pipeline's matrices: C is the scaled product of A and B, D is C times C transposed. */
public enum Matrix {
  /** The left factor of C. */
  A {
    @Override
    public long sizeBytes(PipelineShape shape) {
      return shape.aBytes();
    }
  },
  /** The right factor of C. */
  B {
    @Override
    public long sizeBytes(PipelineShape shape) {
      return shape.bBytes();
    }
  },
  /** The scaled product of A and B. */
  C {
    @Override
    public long sizeBytes(PipelineShape shape) {
      return shape.cBytes();
    }
  },
  /** C times C transposed. */
  D {
    @Override
    public long sizeBytes(PipelineShape shape) {
      return shape.dBytes();
    }
  };

  /**
   * How large it is.
   *
   * @param shape the sizes of the pipeline
   * @return its bytes
   */
  public abstract long sizeBytes(PipelineShape shape);
}

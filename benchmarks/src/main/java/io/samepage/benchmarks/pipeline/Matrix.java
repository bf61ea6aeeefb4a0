package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.PipelineShape;

/** The pipeline's matrices: C is the scaled product of A and B, D is C times C transposed. */
enum Matrix {
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

  abstract long sizeBytes(PipelineShape shape);
}

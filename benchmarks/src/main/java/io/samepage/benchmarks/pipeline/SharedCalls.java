package io.samepage.benchmarks.pipeline;

import io.samepage.MemoryKind;
import io.samepage.benchmarks.base.RawKernel;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * With LWJGL and without copies: buffers of host memory, or shared virtual memory, which host and kernels use where it is, and one wait
 * before each look of the host. As on PoCL, where the device is the host's processor, nothing is mapped.
 */
final class SharedCalls extends LwjglKernels {
  private final MemoryKind kind;
  private final Map<Matrix, MemorySegment> matrices = new EnumMap<>(Matrix.class);

  SharedCalls(PipelineShape shape, MemoryKind kind) {
    super(shape);
    this.kind = kind;
    for (Matrix matrix : Matrix.values()) {
      matrices.put(matrix, kind == MemoryKind.SVM ? queue.allocateSvm(matrix.sizeBytes(shape)) : host.of(matrix));
    }
    setMatrices(this::setMatrix);
  }

  private void setMatrix(RawKernel kernel, int index, Matrix matrix) {
    if (kind == MemoryKind.SVM) {
      kernel.setPointer(index, host(matrix).address());
    } else {
      kernel.setBuffer(index, queue.createHostBuffer(host(matrix)));
    }
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return matrices.get(matrix);
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    // It is where kernels look.
  }

  @Override
  public void read(Matrix matrix) {
    queue.finish();
    done();
  }

  @Override
  public Diagonal readDiagonal() {
    read(Matrix.D);
    return PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
  }

  @Override
  public long movedBytes() {
    return 0;
  }

  @Override
  void release() {
    if (kind == MemoryKind.SVM) {
      matrices.values().forEach(queue::freeSvm);
    }
  }
}

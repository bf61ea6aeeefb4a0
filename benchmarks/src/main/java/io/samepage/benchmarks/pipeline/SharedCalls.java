package io.samepage.benchmarks.pipeline;

import io.samepage.MemoryKind;
import io.samepage.benchmarks.work.RawKernel;
import io.samepage.benchmarks.work.RawQueue;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * With LWJGL and without copies: buffers of host memory, or shared virtual memory, which host and kernels use where it is, and one wait
 * before each look of the host. As on PoCL, where the device is the host's processor, nothing is mapped.
 */
final class SharedCalls implements PipelineCalls {
  private final PipelineShape shape;
  private final MemoryKind kind;
  private final RawQueue queue;
  private final Map<Matrix, MemorySegment> matrices = new EnumMap<>(Matrix.class);
  private final LwjglKernels kernels;

  SharedCalls(PipelineShape shape, MemoryKind kind) {
    this.shape = shape;
    this.kind = kind;
    queue = new RawQueue(HostMatrices.sizeBytes(shape), true);
    HostMatrices host = new HostMatrices(shape, queue.host());
    for (Matrix matrix : Matrix.values()) {
      matrices.put(matrix, kind == MemoryKind.SVM ? queue.allocateSvm(matrix.sizeBytes(shape)) : host.of(matrix));
    }
    kernels = new LwjglKernels(shape, queue, this::setMatrix);
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
    kernels.done();
  }

  @Override
  public Diagonal readDiagonal() {
    read(Matrix.D);
    return PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
  }

  @Override
  public void multiply() {
    kernels.multiply();
  }

  @Override
  public void gram() {
    kernels.gram();
  }

  @Override
  public long kernelNanos() {
    return kernels.nanos();
  }

  @Override
  public long movedBytes() {
    return 0;
  }

  @Override
  public void close() {
    queue.finish();
    kernels.close();
    if (kind == MemoryKind.SVM) {
      matrices.values().forEach(queue::freeSvm);
    }
    queue.close();
  }
}

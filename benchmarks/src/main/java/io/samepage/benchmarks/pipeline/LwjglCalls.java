package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.RawQueue;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * With LWJGL as an expert does it: a queue in order, arguments that are set once, writes that nobody waits for, reads that wait for the
 * kernel too, and of the diagonal its elements alone.
 */
final class LwjglCalls implements PipelineCalls {
  private final PipelineShape shape;
  private final HostMatrices host;
  private final RawQueue queue;
  private final Map<Matrix, Long> buffers = new EnumMap<>(Matrix.class);
  private final LwjglKernels kernels;
  private long movedBytes;

  LwjglCalls(PipelineShape shape) {
    this.shape = shape;
    queue = new RawQueue(HostMatrices.sizeBytes(shape), true);
    host = new HostMatrices(shape, queue.host());
    for (Matrix matrix : Matrix.values()) {
      buffers.put(matrix, queue.createBuffer(matrix.sizeBytes(shape)));
    }
    kernels = new LwjglKernels(shape, queue, (kernel, index, matrix) -> kernel.setBuffer(index, buffers.get(matrix)));
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return host.of(matrix);
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    queue.write(buffers.get(matrix), offsetBytes, host(matrix).asSlice(offsetBytes, sizeBytes), false);
    movedBytes += sizeBytes;
  }

  @Override
  public void read(Matrix matrix) {
    queue.read(buffers.get(matrix), host(matrix));
    kernels.done();
    movedBytes += matrix.sizeBytes(shape);
  }

  @Override
  public Diagonal readDiagonal() {
    queue.readDiagonal(buffers.get(Matrix.D), shape.rows(), host.diagonal());
    kernels.done();
    movedBytes += host.diagonal().byteSize();
    return PipelineCalls.diagonal(host.diagonal(), shape.rows(), 1);
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
    return movedBytes;
  }

  @Override
  public void close() {
    queue.finish();
    kernels.close();
    queue.close();
  }
}

package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/**
 * With LWJGL as an expert does it: a queue in order, arguments that are set once, writes that nobody waits for, reads that wait for the
 * kernel too, and of the diagonal its elements alone.
 */
final class LwjglCalls extends LwjglKernels {
  private final Map<Matrix, Long> buffers = new EnumMap<>(Matrix.class);
  private long movedBytes;

  LwjglCalls(PipelineShape shape) {
    super(shape);
    for (Matrix matrix : Matrix.values()) {
      buffers.put(matrix, queue.createBuffer(matrix.sizeBytes(shape)));
    }
    setMatrices((kernel, index, matrix) -> kernel.setBuffer(index, buffers.get(matrix)));
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
    done();
    movedBytes += matrix.sizeBytes(shape);
  }

  @Override
  public Diagonal readDiagonal() {
    queue.readDiagonal(buffers.get(Matrix.D), shape.rows(), host.diagonal());
    done();
    movedBytes += host.diagonal().byteSize();
    return PipelineCalls.diagonal(host.diagonal(), shape.rows(), 1);
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }
}

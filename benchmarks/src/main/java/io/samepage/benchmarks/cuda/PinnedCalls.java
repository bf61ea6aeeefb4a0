package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.pipeline.Matrix;
import io.samepage.benchmarks.pipeline.PipelineCalls;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;

/**
 * With the fewest copies, as an expert does it: pinned host memory and device memory that are kept, arguments that are set once, of each
 * matrix only what has changed or will be looked at. Nothing waits but for C, which the host scales, and for the diagonal.
 */
final class PinnedCalls implements PipelineCalls {
  private final PipelineShape shape;
  private final CudaMatrices matrices;
  private final RawCuda cuda = new RawCuda();
  private final MemorySegment host;
  private final MemorySegment diagonal;
  private final long device;
  private final CudaProducts products;
  private long kernelNanos;
  private long movedBytes;

  PinnedCalls(PipelineShape shape) {
    this.shape = shape;
    matrices = new CudaMatrices(shape);
    host = cuda.allocatePinned(matrices.totalBytes());
    diagonal = cuda.allocatePinned((long) Float.BYTES * shape.rows());
    device = cuda.allocate(matrices.totalBytes());
    products = new CudaProducts(cuda, shape, this::address);
  }

  private long address(Matrix matrix) {
    return device + matrices.offsetBytes(matrix);
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return host.asSlice(matrices.offsetBytes(matrix), matrices.sizeBytes(matrix));
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    cuda.upload(address(matrix) + offsetBytes, host(matrix).asSlice(offsetBytes, sizeBytes));
    movedBytes += sizeBytes;
  }

  @Override
  public void read(Matrix matrix) {
    cuda.download(address(matrix), host(matrix));
    cuda.finish();
    movedBytes += matrices.sizeBytes(matrix);
    if (matrix == Matrix.C) {
      kernelNanos += products.multiplyNanos();
    }
  }

  @Override
  public Diagonal readDiagonal() {
    cuda.downloadColumn(address(Matrix.D), Float.BYTES * (shape.rows() + 1L), shape.rows(), Float.BYTES, diagonal);
    cuda.finish();
    kernelNanos += products.gramNanos();
    movedBytes += diagonal.byteSize();
    return PipelineCalls.diagonal(diagonal, shape.rows(), 1);
  }

  @Override
  public void multiply() {
    products.multiply();
  }

  @Override
  public void gram() {
    products.gram();
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public void close() {
    cuda.close();
  }
}

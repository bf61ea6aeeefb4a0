package io.samepage.benchmarks.cuda;

import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;

/**
 * With the fewest copies, as an expert does it: pinned host memory and device memory that are kept, arguments that are set once, of each
 * matrix only what has changed or will be looked at. Nothing waits but for C, which the host scales, and for the diagonal.
 */
final class PinnedSteps implements CudaSteps {
  private final PipelineShape shape;
  private final RawCuda cuda = new RawCuda();
  private final MemorySegment host;
  private final MemorySegment diagonal;
  private final long device;
  private final CudaProducts products;
  private long kernelNanos;

  PinnedSteps(PipelineShape shape) {
    this.shape = shape;
    host = cuda.allocatePinned(CudaMatrix.totalBytes(shape));
    diagonal = cuda.allocatePinned((long) Float.BYTES * shape.rows());
    device = cuda.allocate(CudaMatrix.totalBytes(shape));
    products = new CudaProducts(cuda, shape, this::address);
  }

  private long address(CudaMatrix matrix) {
    return device + matrix.offsetBytes(shape);
  }

  @Override
  public MemorySegment host(CudaMatrix matrix) {
    return host.asSlice(matrix.offsetBytes(shape), matrix.sizeBytes(shape));
  }

  @Override
  public void written(CudaMatrix matrix, long offsetBytes, long sizeBytes) {
    cuda.upload(address(matrix) + offsetBytes, host(matrix).asSlice(offsetBytes, sizeBytes));
  }

  @Override
  public void read(CudaMatrix matrix) {
    cuda.download(address(matrix), host(matrix));
    cuda.finish();
    if (matrix == CudaMatrix.C) {
      kernelNanos += products.multiplyNanos();
    }
  }

  @Override
  public Diagonal readDiagonal() {
    cuda.downloadColumn(address(CudaMatrix.D), Float.BYTES * (shape.rows() + 1L), shape.rows(), Float.BYTES, diagonal);
    cuda.finish();
    kernelNanos += products.gramNanos();
    return HandRun.diagonal(diagonal, shape.rows(), Float.BYTES);
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
  public void close() {
    cuda.close();
  }
}

package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.pipeline.Matrix;
import io.samepage.benchmarks.pipeline.PipelineCalls;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * In managed memory. Without hints the driver brings what is touched when it is touched, on the device while a kernel runs; with hints it
 * is told what is used where, and to bring it before. A kernel counts for what it takes when all that it uses is on the device, so that
 * what it waits for while pages are brought counts as time outside of it, as it does where copies come first.
 */
final class ManagedCalls implements PipelineCalls {
  private static final int TRIALS = 6;

  private final PipelineShape shape;
  private final CudaMatrices matrices;
  private final boolean isHinted;
  private final RawCuda cuda = new RawCuda();
  private final ManagedMemory memory;
  private final CudaProducts products;
  private final long multiplyNanos;
  private final long gramNanos;
  private long kernelNanos;

  ManagedCalls(PipelineShape shape, boolean isHinted) {
    this.shape = shape;
    matrices = new CudaMatrices(shape);
    this.isHinted = isHinted;
    memory = ManagedMemory.allocate(cuda, matrices.totalBytes(), isHinted);
    memory.segment().fill((byte) 0);
    if (isHinted) {
      advise();
    }
    products = new CudaProducts(cuda, shape, matrix -> of(matrix).address());
    multiplyNanos = least(products::multiply, products::multiplyNanos);
    gramNanos = least(products::gram, products::gramNanos);
  }

  private void advise() {
    of(Matrix.A).adviseReadMostly();
    of(Matrix.B).adviseReadMostly();
    of(Matrix.C).advisePreferDevice();
    of(Matrix.D).advisePreferDevice();
  }

  /** Behind the first trial all is on the device. */
  private long least(Runnable launch, LongSupplier nanos) {
    return LongStream.generate(() -> {
      launch.run();
      cuda.finish();
      return nanos.getAsLong();
    }).limit(TRIALS).min().orElseThrow();
  }

  private ManagedMemory of(Matrix matrix) {
    return memory.slice(matrices.offsetBytes(matrix), matrices.sizeBytes(matrix));
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return of(matrix).segment();
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    if (isHinted) {
      of(matrix).slice(offsetBytes, sizeBytes).prefetchToDevice();
    }
  }

  @Override
  public void read(Matrix matrix) {
    if (isHinted) {
      of(matrix).prefetchToHost();
    }
    cuda.finish();
  }

  @Override
  public Diagonal readDiagonal() {
    // Each of its elements is in another page: there is nothing to leave out.
    read(Matrix.D);
    return PipelineCalls.diagonal(host(Matrix.D), shape.rows(), shape.rows() + 1L);
  }

  @Override
  public void multiply() {
    prefetch(Matrix.C);
    products.multiply();
    kernelNanos += multiplyNanos;
  }

  @Override
  public void gram() {
    prefetch(Matrix.D);
    products.gram();
    kernelNanos += gramNanos;
  }

  private void prefetch(Matrix matrix) {
    if (isHinted) {
      of(matrix).prefetchToDevice();
    }
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  /** What the driver brings by itself isn't known. */
  @Override
  public long movedBytes() {
    return 0;
  }

  @Override
  public void close() {
    cuda.close();
  }
}

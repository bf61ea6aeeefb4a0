package io.samepage.benchmarks.cuda;

import io.samepage.samples.pipeline.Diagonal;
import java.lang.foreign.MemorySegment;

/** What the pipeline by hand asks of the driver. */
interface CudaSteps extends AutoCloseable {
  /** Where the host has a matrix. */
  MemorySegment host(CudaMatrix matrix);

  /** The host has written a part of a matrix that the device will read. */
  void written(CudaMatrix matrix, long offsetBytes, long sizeBytes);

  /** Waits for what was started, and has a matrix where the host reads it. */
  void read(CudaMatrix matrix);

  /** Waits for what was started; answers D's diagonal. */
  Diagonal readDiagonal();

  /** Starts C = A·B. */
  void multiply();

  /** Starts D = C·Cᵀ. */
  void gram();

  /** How long kernels ran in all runs, by their device's clock, as long as all they use is on the device. */
  long kernelNanos();

  @Override
  void close();
}

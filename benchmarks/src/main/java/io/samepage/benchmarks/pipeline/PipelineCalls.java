package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.Diagonal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@link HandPipeline} asks of whoever brings bytes and computes. The device has a copy of each matrix, and both its kernels are done
 * in the order in which they are started.
 */
interface PipelineCalls extends AutoCloseable {
  /** Where the host has a matrix. */
  MemorySegment host(Matrix matrix);

  /** The host is about to write a matrix, as a whole or a part of it. Whoever needs not know of it does nothing. */
  default void beforeWrite(Matrix matrix, boolean isWhole) {}

  /** The host has written a part of a matrix, which the kernels started from now on are to see. */
  void write(Matrix matrix, long offsetBytes, long sizeBytes);

  /** Waits until the host has a matrix as the last kernel left it. The host may change it, and then says so by {@link #write}. */
  void read(Matrix matrix);

  /** Waits for the last kernel, and reads the diagonal of D. */
  Diagonal readDiagonal();

  /** Starts C = A·B. */
  void multiply();

  /** Starts D = C·Cᵀ. */
  void gram();

  /** How long those kernels ran that were waited for, by their device's clock. */
  long kernelNanos();

  /** How many bytes were copied, both ways. */
  long movedBytes();

  @Override
  void close();

  /** The diagonal whose elements lie so many floats apart. */
  static Diagonal diagonal(MemorySegment elements, int count, long stride) {
    Diagonal diagonal = Diagonal.EMPTY;
    for (int i = 0; i < count; i++) {
      diagonal = diagonal.with(elements.getAtIndex(ValueLayout.JAVA_FLOAT, i * stride));
    }
    return diagonal;
  }
}

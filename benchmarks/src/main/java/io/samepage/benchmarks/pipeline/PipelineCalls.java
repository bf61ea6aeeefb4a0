package io.samepage.benchmarks.pipeline;

import io.samepage.samples.pipeline.Diagonal;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@link HandPipeline} asks of whoever brings bytes and computes. The device has a copy of each matrix, and both its kernels are done
 * in the order in which they are started.
 */
public interface PipelineCalls extends AutoCloseable {
  /**
   * Where the host has a matrix.
   *
   * @param matrix the matrix
   * @return its bytes
   */
  MemorySegment host(Matrix matrix);

  /**
   * The host is about to write a matrix. Whoever needs not know of it does nothing.
   *
   * @param matrix the matrix
   * @param isWhole whether it writes all of it
   */
  default void beforeWrite(Matrix matrix, boolean isWhole) {}

  /**
   * The host has written a part of a matrix, which the kernels started from now on are to see.
   *
   * @param matrix the matrix
   * @param offsetBytes where the part begins
   * @param sizeBytes how large it is
   */
  void write(Matrix matrix, long offsetBytes, long sizeBytes);

  /**
   * Waits until the host has a matrix as the last kernel left it. The host may change it, and then says so by {@link #write}.
   *
   * @param matrix the matrix
   */
  void read(Matrix matrix);

  /** {@return the diagonal of D} Waits for the last kernel. */
  Diagonal readDiagonal();

  /** Starts C = A·B. */
  void multiply();

  /** Starts D = C·Cᵀ. */
  void gram();

  /** {@return how many nanoseconds those kernels ran that were waited for, by their device's clock} */
  long kernelNanos();

  /** {@return how many bytes were copied by calls for it, both ways} */
  long movedBytes();

  @Override
  void close();

  /**
   * Reads a diagonal.
   *
   * @param elements floats
   * @param count how many of them belong to it
   * @param stride how many floats lie between one and the next
   * @return the diagonal
   */
  static Diagonal diagonal(MemorySegment elements, int count, long stride) {
    Diagonal diagonal = Diagonal.EMPTY;
    for (int i = 0; i < count; i++) {
      diagonal = diagonal.with(elements.getAtIndex(ValueLayout.JAVA_FLOAT, i * stride));
    }
    return diagonal;
  }
}

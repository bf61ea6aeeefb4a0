package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.work.RawKernel;
import io.samepage.benchmarks.work.RawQueue;
import io.samepage.samples.pipeline.PipelineShape;

/** Both kernels with LWJGL, whose arguments are set once. */
final class LwjglKernels implements AutoCloseable {
  private final PipelineShape shape;
  private final RawKernel multiply;
  private final RawKernel gram;
  private long event;
  private long nanos;

  /** Makes a matrix the argument of a kernel. */
  @FunctionalInterface
  interface MatrixArgument {
    void set(RawKernel kernel, int index, Matrix matrix);
  }

  LwjglKernels(PipelineShape shape, RawQueue queue, MatrixArgument argument) {
    this.shape = shape;
    multiply = new RawKernel(queue, OpenClText.read(), OpenClText.MULTIPLY);
    gram = new RawKernel(queue, OpenClText.read(), OpenClText.GRAM);
    argument.set(multiply, 0, Matrix.A);
    argument.set(multiply, 1, Matrix.B);
    argument.set(multiply, 2, Matrix.C);
    setValues(multiply, 3, shape.rows(), shape.inner(), shape.columns());
    argument.set(gram, 0, Matrix.C);
    argument.set(gram, 1, Matrix.D);
    setValues(gram, 2, 0, shape.rows(), shape.columns(), shape.rows());
  }

  private static void setValues(RawKernel kernel, int first, int... values) {
    for (int i = 0; i < values.length; i++) {
      kernel.setValue(first + i, values[i]);
    }
  }

  void multiply() {
    event = multiply.enqueueTiles(shape.columns(), shape.rows(), OpenClText.TILE);
  }

  void gram() {
    event = gram.enqueueTiles(shape.rows(), shape.rows(), OpenClText.TILE);
  }

  /** The kernel that was started last is done: how long it ran is added. */
  void done() {
    if (event != 0) {
      nanos += RawKernel.releaseNanos(event);
      event = 0;
    }
  }

  long nanos() {
    return nanos;
  }

  @Override
  public void close() {
    multiply.close();
    gram.close();
  }
}

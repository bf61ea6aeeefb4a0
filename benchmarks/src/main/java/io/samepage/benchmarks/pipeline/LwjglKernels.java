package io.samepage.benchmarks.pipeline;

import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.base.RawQueue;
import io.samepage.samples.pipeline.PipelineShape;

/** With LWJGL: a queue, the host's matrices, and both kernels, whose arguments are set once. */
abstract class LwjglKernels implements PipelineCalls {
  final PipelineShape shape;
  final RawQueue queue;
  final HostMatrices host;
  private final RawKernel multiply;
  private final RawKernel gram;
  private long event;
  private long nanos;

  /** Makes a matrix the argument of a kernel. */
  @FunctionalInterface
  interface MatrixArgument {
    void set(RawKernel kernel, int index, Matrix matrix);
  }

  LwjglKernels(PipelineShape shape) {
    this.shape = shape;
    queue = new RawQueue(HostMatrices.sizeBytes(shape), true);
    host = new HostMatrices(shape, queue.host());
    multiply = new RawKernel(queue, OpenClText.read(), OpenClText.MULTIPLY);
    gram = new RawKernel(queue, OpenClText.read(), OpenClText.GRAM);
    setValues(multiply, 3, shape.rows(), shape.inner(), shape.columns());
    setValues(gram, 2, 0, shape.rows(), shape.columns(), shape.rows());
  }

  /** Called once, before any kernel is started. */
  final void setMatrices(MatrixArgument argument) {
    argument.set(multiply, 0, Matrix.A);
    argument.set(multiply, 1, Matrix.B);
    argument.set(multiply, 2, Matrix.C);
    argument.set(gram, 0, Matrix.C);
    argument.set(gram, 1, Matrix.D);
  }

  private static void setValues(RawKernel kernel, int first, int... values) {
    for (int i = 0; i < values.length; i++) {
      kernel.setValue(first + i, values[i]);
    }
  }

  @Override
  public final void multiply() {
    event = multiply.enqueueTiles(shape.columns(), shape.rows(), OpenClText.TILE);
  }

  @Override
  public final void gram() {
    event = gram.enqueueTiles(shape.rows(), shape.rows(), OpenClText.TILE);
  }

  /** The kernel that was started last is done: how long it ran is added. */
  final void done() {
    if (event != 0) {
      nanos += RawKernel.releaseNanos(event);
      event = 0;
    }
  }

  @Override
  public final long kernelNanos() {
    return nanos;
  }

  /** Gives back what does not go with the queue. */
  void release() {}

  @Override
  public final void close() {
    queue.finish();
    multiply.close();
    gram.close();
    release();
    queue.close();
  }
}

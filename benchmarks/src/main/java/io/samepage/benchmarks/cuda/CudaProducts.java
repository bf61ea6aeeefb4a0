package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.pipeline.Matrix;
import io.samepage.samples.pipeline.Pipeline;
import io.samepage.samples.pipeline.PipelineShape;
import java.util.function.ToLongFunction;
import jcuda.driver.CUmodule;

/** The sample's two kernels, started by hand. */
final class CudaProducts {
  private static final int TILE = 16;

  private final PipelineShape shape;
  private final CudaFunction multiply;
  private final CudaFunction gram;

  CudaProducts(RawCuda cuda, PipelineShape shape, ToLongFunction<Matrix> address) {
    this.shape = shape;
    CUmodule module = cuda.load(Pipeline.class, "pipeline.ptx");
    long c = address.applyAsLong(Matrix.C);
    multiply = new CudaFunction(cuda, module, "multiply", address.applyAsLong(Matrix.A), address.applyAsLong(Matrix.B), c,
        shape.rows(), shape.inner(), shape.columns());
    gram = new CudaFunction(cuda, module, "gram", c, address.applyAsLong(Matrix.D), 0, shape.rows(), shape.columns(), shape.rows());
  }

  void multiply() {
    launch(multiply, shape.columns());
  }

  void gram() {
    launch(gram, shape.rows());
  }

  private void launch(CudaFunction function, int columns) {
    function.launchMeasured(Math.ceilDiv(columns, TILE), Math.ceilDiv(shape.rows(), TILE), TILE, TILE);
  }

  /** How long the last product of A and B took. It has ended. */
  long multiplyNanos() {
    return multiply.nanos();
  }

  /** How long the last product of C and its transposed took. It has ended. */
  long gramNanos() {
    return gram.nanos();
  }
}

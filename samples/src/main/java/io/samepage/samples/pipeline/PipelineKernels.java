package io.samepage.samples.pipeline;

import static io.samepage.SplitArgument.firstItem;
import static io.samepage.SplitArgument.itemCount;
import static io.samepage.SplitArgument.sliced;

import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.SplitKernel;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.hostview.HostSpace;
import java.util.List;

/** The two products, compiled for all devices of a memory: each computes some rows. */
final class PipelineKernels {
  private static final KernelSource SOURCE = KernelSource.builder()
      .openClResource(PipelineKernels.class, "pipeline.cl")
      .ptxResource(PipelineKernels.class, "pipeline.ptx")
      .java("multiply", List.of(matrixIn("a"), matrixIn("b"), matrixOut("c"), size("rows"), size("inner"), size("columns")),
          TileProduct::multiply)
      .java("gram", List.of(matrixIn("c"), matrixOut("d"), size("first"), size("rows"), size("inner"), size("all")),
          TileProduct::gram)
      .build();

  private final SplitKernel multiply;
  private final SplitKernel gram;

  PipelineKernels(UnifiedMemory memory) {
    multiply = memory.splitKernel(SOURCE, "multiply");
    gram = memory.splitKernel(SOURCE, "gram");
  }

  /** Starts c = a·b, split by rows of {@code a} and {@code c}. */
  void multiply(LaunchMeter meter, UnifiedMatrix a, UnifiedMatrix b, UnifiedMatrix c) {
    meter.add(multiply.launch(tiles(c.rows(), c.columns()), multiplied(a, b, c)));
  }

  /** {@return which rows each device takes of a product} */
  List<SplitKernel.Part> multiplyParts(UnifiedMatrix a, UnifiedMatrix b, UnifiedMatrix c) {
    return multiply.parts(tiles(c.rows(), c.columns()), multiplied(a, b, c));
  }

  private static Object[] multiplied(UnifiedMatrix a, UnifiedMatrix b, UnifiedMatrix c) {
    return new Object[] {sliced(a.all().in(), a.rowBytes()), b.all().in(), sliced(c.all().out(), c.rowBytes()), itemCount(), a.columns(),
        c.columns()};
  }

  /** Starts d = c·cᵀ, split by rows of {@code d}. */
  void gram(LaunchMeter meter, UnifiedMatrix c, UnifiedMatrix d) {
    meter.add(gram.launch(tiles(d.rows(), d.columns()), gramOf(c, d)));
  }

  /** {@return which rows each device takes of a matrix times its own transposed} */
  List<SplitKernel.Part> gramParts(UnifiedMatrix c, UnifiedMatrix d) {
    return gram.parts(tiles(d.rows(), d.columns()), gramOf(c, d));
  }

  private static Object[] gramOf(UnifiedMatrix c, UnifiedMatrix d) {
    return new Object[] {c.all().in(), sliced(d.all().out(), d.rowBytes()), firstItem(), itemCount(), c.columns(), d.columns()};
  }

  /** Runs both once on each device, on matrices to throw away: drivers compile for the group size at the first launch. */
  void warmUp(HostSpace space) {
    UnifiedMatrix a = UnifiedMatrix.allocate(space, 1, 1);
    UnifiedMatrix b = UnifiedMatrix.allocate(space, 1, 1);
    UnifiedMatrix c = UnifiedMatrix.allocate(space, 1, 1);
    HostSteps.fill(a, (row, into) -> into[row] = 1);
    HostSteps.fill(b, (row, into) -> into[row] = 1);
    for (Kernel kernel : multiply.kernels()) {
      kernel.launch(tiles(1, 1), a.all().in(), b.all().in(), c.all().out(), 1, 1, 1).await();
    }
    for (Kernel kernel : gram.kernels()) {
      kernel.launch(tiles(1, 1), c.all().in(), a.all().out(), 0, 1, 1, 1).await();
    }
  }

  private static Grid tiles(int rows, int columns) {
    return Grid.of(columns, rows).local(TileProduct.TILE, TileProduct.TILE);
  }

  private static KernelParameter matrixIn(String name) {
    return KernelParameter.in(name, Float.BYTES);
  }

  private static KernelParameter matrixOut(String name) {
    return KernelParameter.out(name, Float.BYTES);
  }

  private static KernelParameter size(String name) {
    return KernelParameter.value(name, int.class);
  }
}

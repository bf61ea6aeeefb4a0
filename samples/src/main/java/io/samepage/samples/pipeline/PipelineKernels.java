package io.samepage.samples.pipeline;

import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.Region;
import java.util.List;

/** The two products, compiled for one device. */
final class PipelineKernels {
  private static final KernelSource SOURCE = KernelSource.builder()
      .openClResource(PipelineKernels.class, "pipeline.cl")
      .ptxResource(PipelineKernels.class, "pipeline.ptx")
      .java("multiply", List.of(matrixIn("a"), matrixIn("b"), matrixOut("c"), size("rows"), size("inner"), size("columns")),
          TileProduct::multiply)
      .java("gram", List.of(matrixIn("c"), matrixOut("d"), size("first"), size("rows"), size("inner"), size("all")),
          TileProduct::gram)
      .build();

  private final Kernel multiply;
  private final Kernel gram;

  PipelineKernels(Device device) {
    multiply = device.kernel(SOURCE, "multiply");
    gram = device.kernel(SOURCE, "gram");
  }

  /** Starts c = a·b, where {@code a} is rows × inner and {@code b} is inner × columns. */
  void multiply(LaunchMeter meter, Region a, Region b, Region c, int rows, int inner, int columns) {
    meter.launch(multiply, tiles(rows, columns), a.in(), b.in(), c.out(), rows, inner, columns);
  }

  /** Starts d = rows of c from {@code first} on, times c transposed; {@code c} is all × inner and {@code d} is rows × all. */
  void gram(LaunchMeter meter, Region c, Region d, int first, int rows, int inner, int all) {
    meter.launch(gram, tiles(rows, all), c.in(), d.out(), first, rows, inner, all);
  }

  /** Runs both once on matrices to throw away: drivers compile for the group size at the first launch. */
  void warmUp(HostSpace space) {
    UnifiedMatrix a = UnifiedMatrix.allocate(space, 1, 1);
    UnifiedMatrix b = UnifiedMatrix.allocate(space, 1, 1);
    UnifiedMatrix c = UnifiedMatrix.allocate(space, 1, 1);
    HostSteps.fill(a, (row, into) -> into[row] = 1);
    HostSteps.fill(b, (row, into) -> into[row] = 1);
    LaunchMeter meter = new LaunchMeter();
    multiply(meter, a.all(), b.all(), c.all(), 1, 1, 1);
    gram(meter, c.all(), a.all(), 0, 1, 1, 1);
    meter.await();
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

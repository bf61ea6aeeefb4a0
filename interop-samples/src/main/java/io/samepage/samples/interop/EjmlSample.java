package io.samepage.samples.interop;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.ejml.EjmlMatrices;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** A product of EJML's matrices on a device: one call in for each factor, one call out for the product. */
public final class EjmlSample {
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;
  private static final KernelSource PRODUCT = KernelSource.builder()
      .openClC("""
          __kernel void product(__global const double* a, __global const double* b, __global double* c, int inner) {
            size_t row = get_global_id(1), column = get_global_id(0), columns = get_global_size(0);
            double sum = 0;
            for (int k = 0; k < inner; k++) sum += a[row * inner + k] * b[k * columns + column];
            c[row * columns + column] = sum;
          }
          """)
      .java("product", List.of(KernelParameter.in("a", 8), KernelParameter.in("b", 8), KernelParameter.out("c", 8),
          KernelParameter.value("inner", int.class)), (group, arguments) -> {
            MemorySegment a = arguments.segment(0);
            MemorySegment b = arguments.segment(1);
            long inner = arguments.intValue(3);
            long columns = b.byteSize() / 8 / inner;
            for (long row = group.startY(); row < group.endY(); row++) {
              for (long column = group.startX(); column < group.endX(); column++) {
                double sum = 0;
                for (long k = 0; k < inner; k++) {
                  sum += a.getAtIndex(DOUBLE, row * inner + k) * b.getAtIndex(DOUBLE, k * columns + column);
                }
                arguments.segment(2).setAtIndex(DOUBLE, row * columns + column, sum);
              }
            }
          }).build();

  private EjmlSample() {}

  /** {@return a·b} */
  public static DMatrixRMaj product(UnifiedMemory memory, DMatrixRMaj a, DMatrixRMaj b) {
    try (UnifiedRange left = EjmlMatrices.range(memory, a);
        UnifiedRange right = EjmlMatrices.range(memory, b);
        UnifiedRange product = memory.allocate(8L * a.numRows * b.numCols)) {
      memory.devices().getFirst().kernel(PRODUCT, "product")
          .launch(Grid.of(b.numCols, a.numRows), in(left.all()), in(right.all()), out(product.all()), value(a.numCols));
      return EjmlMatrices.doubles(product.all(), a.numRows, b.numCols);
    }
  }
}

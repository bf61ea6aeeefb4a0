package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.LaunchMeter;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import java.lang.foreign.ValueLayout;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.samepage.samples.hostview.HostModes#here")
class PipelineKernelsTest {
  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0", "embedded:1").open();
  private final HostSpace space;
  private final PipelineKernels kernels = new PipelineKernels(memory);
  private final LaunchMeter meter = new LaunchMeter();

  PipelineKernelsTest(Mode mode) {
    space = HostSpace.open(memory, mode);
  }

  @AfterEach
  void closeMemory() {
    space.close();
    memory.close();
  }

  @ParameterizedTest
  @CsvSource({"1,1,1", "16,16,16", "17,33,15", "5,600,7", "40,1,3", "96,5,32"})
  void multiplyGivesTheProductForSizesThatAreNoMultiplesOfATile(int rows, int inner, int columns) {
    UnifiedMatrix a = filled(rows, inner, 1);
    UnifiedMatrix b = filled(inner, columns, 2);
    UnifiedMatrix c = UnifiedMatrix.allocate(space, rows, columns);

    kernels.multiply(meter, a, b, c);
    meter.await();

    float[] left = values(a);
    float[] right = values(b);
    float[] product = values(c);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (double) left[i * inner + k] * right[k * columns + j];
        }
        assertThat((double) product[i * columns + j]).as("row=%d, column=%d", i, j).isCloseTo(sum, Offset.offset(1e-4));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "16,16", "33,17", "7,600", "64,3", "96,20"})
  void gramGivesTheProductWithTheTransposed(int all, int inner) {
    UnifiedMatrix c = filled(all, inner, 3);
    UnifiedMatrix d = UnifiedMatrix.allocate(space, all, all);

    kernels.gram(meter, c, d);
    meter.await();

    float[] factor = values(c);
    float[] product = values(d);
    for (int i = 0; i < all; i++) {
      for (int j = 0; j < all; j++) {
        double sum = 0;
        for (int k = 0; k < inner; k++) {
          sum += (double) factor[i * inner + k] * factor[j * inner + k];
        }
        assertThat((double) product[i * all + j]).as("row=%d, column=%d", i, j).isCloseTo(sum, Offset.offset(1e-4));
      }
    }
  }

  @Test
  void wherePagesAllowBothDevicesTakePart() {
    UnifiedMatrix c = filled(64, 64, 3);
    UnifiedMatrix d = UnifiedMatrix.allocate(space, 64, 64);

    assertThat(kernels.multiplyParts(c, c, d)).hasSize(2);
    assertThat(kernels.gramParts(c, d)).hasSize(2);
  }

  private UnifiedMatrix filled(int rows, int columns, int seed) {
    PipelineInput input = new PipelineInput(new PipelineShape(rows, columns, 1, 1, seed));
    UnifiedMatrix matrix = UnifiedMatrix.allocate(space, rows, columns);
    HostSteps.fill(matrix, (row, into) -> input.rowOfA(row, 0, into));
    return matrix;
  }

  private static float[] values(UnifiedMatrix matrix) {
    try (HostView view = matrix.all().view(Access.READ)) {
      return view.segment().toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}

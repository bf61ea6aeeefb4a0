package io.samepage.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedMemory;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the samples compute, on PoCL and on the embedded device. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InteropSamplesTest {
  private static final int COUNT = 100_000;

  private static void assertSquaresPlusOne(float[] results, int n) {
    assertThat(results).hasSize(n);
    for (int i = 0; i < n; i++) {
      assertThat(results[i]).as("i=%d", i).isEqualTo((float) i * i + 1);
    }
  }

  @Test
  void plainLwjglCodeSharesMemoryWithSamepage() {
    assertSquaresPlusOne(LwjglSample.run(COUNT), COUNT);
    assertSquaresPlusOne(LwjglSample.run(7), 7);
  }

  @Test
  void plainJoclCodeSharesMemoryWithSamepage() {
    assertSquaresPlusOne(JoclSample.run(COUNT), COUNT);
    assertSquaresPlusOne(JoclSample.run(7), 7);
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl:0", "embedded:0"})
  void vectorsOnTheHostAndAKernelOnTheDeviceUseOneSegment(String device) {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(device).open()) {
      for (int n : new int[] {64, 1000, 4097}) {
        float expected = IntStream.range(0, n).map(i -> i % VectorSample.lanes()).sum() * 3f;
        assertThat(VectorSample.run(memory, n, 3)).as("n=%d", n).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"opencl:0", "embedded:0"})
  void matricesOfEjmlAreMultipliedOnTheDevice(String device) {
    Random random = new Random(7);
    DMatrixRMaj a = RandomMatrices_DDRM.rectangle(33, 70, random);
    DMatrixRMaj b = RandomMatrices_DDRM.rectangle(70, 51, random);
    DMatrixRMaj expected = CommonOps_DDRM.mult(a, b, null);
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(device).open()) {
      DMatrixRMaj product = EjmlSample.product(memory, a, b);
      assertThat(MatrixFeatures_DDRM.isIdentical(product, expected, 1e-12)).as("%s", product).isTrue();
      assertThat(memory.statistics().bytesToHost()).isBetween(8L * 33 * 51, 8L * 33 * 51 + 4096);
    }
  }
}

package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineCheckTest {
  private static final PipelineShape SHAPE = new PipelineShape(100, 30, 20, 3, 5);

  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open();
  private final HostSpace space = HostSpace.open(memory, Mode.EXPLICIT);
  private final PipelineInput input = new PipelineInput(SHAPE);
  private final UnifiedMatrix c = UnifiedMatrix.allocate(space, SHAPE.rows(), SHAPE.columns());
  private final UnifiedMatrix d = UnifiedMatrix.allocate(space, SHAPE.rows(), SHAPE.rows());

  @BeforeEach
  void computeWithoutDevices() {
    float[][] scaled = new float[SHAPE.rows()][];
    for (int row = 0; row < scaled.length; row++) {
      scaled[row] = scaledRow(row);
    }
    HostSteps.fill(c, (row, into) -> System.arraycopy(scaled[row], 0, into, 0, into.length));
    HostSteps.fill(d, (row, into) -> {
      for (int column = 0; column < into.length; column++) {
        into[column] = (float) dot(scaled[row], scaled[column]);
      }
    });
  }

  @AfterEach
  void closeMemory() {
    space.close();
    memory.close();
  }

  @Test
  void rightResultsAreVerified() {
    Verdict verdict = verdict(List.of(new UnifiedDiagonal(space, d).read()));

    assertThat(verdict.verified()).as(verdict.explanation()).isTrue();
    assertThat(verdict.maxError()).isBetween(0.0, 1e-6);
    assertThat(verdict.explanation()).startsWith("all elements of C and D");
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, -1, Float.POSITIVE_INFINITY, Float.NaN})
  void oneWrongElementOfCIsFound(float error) {
    List<Diagonal> diagonals = List.of(new UnifiedDiagonal(space, d).read());
    add(c, 77, 13, error);

    assertThat(verdict(diagonals).verified()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-3f, -1, Float.POSITIVE_INFINITY, Float.NaN})
  void oneWrongElementOfDIsFound(float error) {
    List<Diagonal> diagonals = List.of(new UnifiedDiagonal(space, d).read());
    add(d, 99, 0, error);

    assertThat(verdict(diagonals).verified()).isFalse();
  }

  @Test
  void aWrongDiagonalOfAnEarlierRoundIsFound() {
    Diagonal wrong = new Diagonal(SHAPE.rows(), SHAPE.rows(), 0.01);

    Verdict verdict = verdict(List.of(wrong, new UnifiedDiagonal(space, d).read()));

    assertThat(verdict.verified()).isFalse();
    assertThat(verdict.maxError()).isEqualTo(0.01);
  }

  @Test
  void aStaleRowOfAIsFound() {
    int changed = input.changedRow(2);
    float[] stale = scaledRow(changed, 0);
    HostSteps.fillRow(c, changed, (row, into) -> System.arraycopy(stale, 0, into, 0, into.length));

    assertThat(verdict(List.of(new UnifiedDiagonal(space, d).read())).verified()).isFalse();
  }

  @Test
  void largeProductsAreSampledWithTheChangedRowsAndBothEnds() {
    PipelineShape large = new PipelineShape(64, 1 << 16, 128, 4, 5);
    PipelineInput largeInput = new PipelineInput(large);

    int[] rows = new PipelineCheck(large, largeInput).rowsToCheck();

    assertThat(rows).hasSizeBetween(8, 63).isSorted().doesNotHaveDuplicates().contains(0, 63);
    assertThat(rows).contains(largeInput.changedRows().toArray(Integer[]::new));
  }

  private Verdict verdict(List<Diagonal> diagonals) {
    return new PipelineCheck(SHAPE, input).verdict(c, d, diagonals);
  }

  private static void add(UnifiedMatrix matrix, int row, int column, float amount) {
    try (HostView view = matrix.element(row, column).view(Access.READ_WRITE)) {
      view.segment().set(ValueLayout.JAVA_FLOAT, 0, view.segment().get(ValueLayout.JAVA_FLOAT, 0) + amount);
    }
  }

  private float[] scaledRow(int row) {
    int lastChange = 0;
    for (int round = 1; round < SHAPE.rounds(); round++) {
      lastChange = input.changedRow(round) == row ? round : lastChange;
    }
    return scaledRow(row, lastChange);
  }

  private float[] scaledRow(int row, int round) {
    float[] factor = new float[SHAPE.inner()];
    input.rowOfA(row, round, factor);
    double[] product = new double[SHAPE.columns()];
    float[] rowOfB = new float[SHAPE.columns()];
    for (int k = 0; k < factor.length; k++) {
      input.rowOfB(k, rowOfB);
      for (int j = 0; j < product.length; j++) {
        product[j] += (double) factor[k] * rowOfB[j];
      }
    }
    double squares = 0;
    for (double value : product) {
      squares += value * value;
    }
    float[] scaled = new float[product.length];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = (float) (product[j] / Math.sqrt(squares));
    }
    return scaled;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }
}

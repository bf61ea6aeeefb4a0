package io.samepage.samples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.hostview.HostSpace;
import io.samepage.samples.hostview.HostView;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.samepage.samples.hostview.HostModes#here")
class HostStepsTest {
  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open();
  private final HostSpace space;

  HostStepsTest(Mode mode) {
    space = HostSpace.open(memory, mode);
  }

  @AfterEach
  void closeMemory() {
    space.close();
    memory.close();
  }

  @Test
  void scalingGivesEachRowNormOneAndKeepsItsDirection() {
    UnifiedMatrix matrix = UnifiedMatrix.allocate(space, 3, 2);
    HostSteps.fill(matrix, (row, into) -> {
      into[0] = 3 * row;
      into[1] = -4 * row;
    });

    HostSteps.scaleRows(matrix);

    assertThat(values(matrix)).containsExactly(0, 0, 0.6f, -0.8f, 0.6f, -0.8f);
  }

  @Test
  void fillingARowLeavesTheOthers() {
    UnifiedMatrix matrix = UnifiedMatrix.allocate(space, 3, 2);
    HostSteps.fill(matrix, (row, into) -> Arrays.fill(into, row));

    HostSteps.fillRow(matrix, 1, (row, into) -> Arrays.fill(into, 10 * row));

    assertThat(values(matrix)).containsExactly(0, 0, 10, 10, 2, 2);
  }

  @Test
  void theDiagonalOfALargeMatrixIsReadInBatches() {
    int rows = 5000;
    UnifiedMatrix matrix = UnifiedMatrix.allocate(space, rows, rows);
    for (int i = 0; i < rows; i++) {
      try (HostView view = matrix.element(i, i).view(Access.WRITE)) {
        view.segment().set(ValueLayout.JAVA_FLOAT, 0, i == 4500 ? 1.25f : 1);
      }
    }

    Diagonal diagonal = new UnifiedDiagonal(space, matrix).read();

    assertThat(diagonal).isEqualTo(new Diagonal(rows, rows + 0.25, 0.25));
    assertThat(diagonal.error()).isCloseTo(0.25, Offset.offset(0.0));
  }

  @Test
  void theTraceCountsTooWhereNoElementIsFarOff() {
    Diagonal diagonal = Diagonal.EMPTY.with(1.5f).with(1.5f).with(0.5f);

    assertThat(diagonal.trace()).isEqualTo(3.5);
    assertThat(diagonal.error()).isEqualTo(0.5);
    assertThat(new Diagonal(2, 5, 0.1).error()).isEqualTo(1.5);
  }

  @Test
  void anElementThatIsNotANumberStaysInTheError() {
    assertThat(Diagonal.EMPTY.with(Float.NaN).with(1).error()).isNaN();
  }

  private static float[] values(UnifiedMatrix matrix) {
    try (HostView view = matrix.all().view(Access.READ)) {
      return view.segment().toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}

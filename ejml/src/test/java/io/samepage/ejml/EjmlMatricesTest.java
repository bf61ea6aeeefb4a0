package io.samepage.ejml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Matrices of EJML in unified memory and back. */
class EjmlMatricesTest {
  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open();

  @AfterEach
  void close() {
    memory.close();
  }

  @Test
  void doublesGoInAndOutRowByRow() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, Math.PI}});
    UnifiedRange range = EjmlMatrices.range(memory, matrix);
    assertThat(range.sizeBytes()).isEqualTo(48);
    try (HostLease lease = range.host(Access.READ)) {
      assertThat(lease.segment().toArray(ValueLayout.JAVA_DOUBLE)).containsExactly(1, 2, 3, 4, 5, Math.PI);
    }
    DMatrixRMaj back = EjmlMatrices.doubles(range.all(), 2, 3);
    assertThat(back.numRows).isEqualTo(2);
    assertThat(back.numCols).isEqualTo(3);
    assertThat(back.get(1, 2)).isEqualTo(Math.PI);
    assertThat(EjmlMatrices.doubles(range.slice(24, 24), 1, 3).get(0, 1)).isEqualTo(5);
  }

  @Test
  void floatsGoInAndOutRowByRow() {
    FMatrixRMaj matrix = new FMatrixRMaj(new float[][] {{1, 2}, {3, 4}, {5, 6.5f}});
    UnifiedRange range = EjmlMatrices.range(memory, matrix);
    assertThat(range.sizeBytes()).isEqualTo(24);
    try (HostLease lease = range.host(Access.READ_WRITE)) {
      assertThat(lease.segment().toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1, 2, 3, 4, 5, 6.5f);
      lease.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 3, -4);
    }
    assertThat(EjmlMatrices.floats(range.all(), 3, 2).get(1, 1)).isEqualTo(-4);
    EjmlMatrices.write(new FMatrixRMaj(new float[][] {{7, 8}}), range.slice(8, 8));
    assertThat(EjmlMatrices.floats(range.all(), 2, 3).data).containsExactly(1, 2, 7, 8, 5, 6.5f);
  }

  @Test
  void aMatrixIsWhatItsArrayHoldsOfIt() {
    DMatrixRMaj matrix = new DMatrixRMaj(4, 4);
    matrix.reshape(1, 2);
    matrix.set(0, 0, 8);
    matrix.set(0, 1, 9);
    UnifiedRange range = EjmlMatrices.range(memory, matrix);
    assertThat(range.sizeBytes()).isEqualTo(16);
    assertThat(EjmlMatrices.doubles(range.all(), 2, 1).data).containsExactly(8, 9);
  }

  @Test
  void segmentsOfArenasTakeMatricesToo() {
    try (UnifiedArena arena = memory.confinedArena()) {
      MemorySegment segment = arena.allocate(ValueLayout.JAVA_DOUBLE, 4);
      EjmlMatrices.write(new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}}), memory.slice(segment));
      assertThat(segment.getAtIndex(ValueLayout.JAVA_DOUBLE, 2)).isEqualTo(3);
      segment.setAtIndex(ValueLayout.JAVA_DOUBLE, 0, 11);
      assertThat(EjmlMatrices.doubles(memory.slice(segment), 2, 2).get(0, 0)).isEqualTo(11);
    }
  }

  @Test
  void slicesOfAnotherSizeAreRefused() {
    UnifiedRange range = memory.allocate(64);
    DMatrixRMaj doubles = new DMatrixRMaj(3, 3);
    assertThatThrownBy(() -> EjmlMatrices.write(doubles, range.all())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neededBytes=72");
    assertThatThrownBy(() -> EjmlMatrices.write(new FMatrixRMaj(3, 3), range.all())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EjmlMatrices.doubles(range.all(), 3, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EjmlMatrices.floats(range.all(), 3, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> EjmlMatrices.range(memory, new DMatrixRMaj(0, 3))).isInstanceOf(IllegalArgumentException.class);
  }
}

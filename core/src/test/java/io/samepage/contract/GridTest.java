package io.samepage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Grid;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Grids refuse sizes that make no sense, when they are made. */
class GridTest {
  private static void assertRefused(String message, ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
  }

  @Test
  void aGridHasWorkItemsInEachDimension() {
    assertRefused("at least one work item", () -> Grid.of(0));
    assertRefused("y=-1", () -> Grid.of(5, -1));
    assertRefused("z=0", () -> Grid.of(5, 5, 0));
    assertRefused("dimensions=4", () -> new Grid(4, 1, 1, 1, 0, 0, 0, false));
    assertRefused("y=2", () -> new Grid(1, 1, 2, 1, 0, 0, 0, false));
  }

  @Test
  void groupsHaveAsManySizesAsTheGridAndNoneIsEmpty() {
    assertRefused("dimensions=2, sizes=1", () -> Grid.of(8, 8).local(4));
    assertRefused("dimensions=1, sizes=3", () -> Grid.of(8).local(4, 1, 1));
    assertRefused("size=0", () -> Grid.of(8).local(0));
    assertRefused("size=-4", () -> Grid.of(8, 8).local(4, -4));
    assertRefused("localY=0", () -> new Grid(2, 8, 8, 1, 4, 0, 1, false));
  }

  @Test
  void anExactGridDividesIntoWholeGroups() {
    assertRefused("dimension=1, global=9, local=4", () -> Grid.of(8, 9).local(4, 4).exact());
    assertRefused("dimension=0, global=10, local=4", () -> Grid.of(10).exact().local(4));
    assertThat(Grid.of(8, 12).exact().local(4, 6).isExact()).isTrue();
    assertThat(Grid.of(10).local(4).roundedSize(0)).isEqualTo(12);
  }

  @Test
  void sizesAreToldOfThreeDimensionsAlone() {
    Grid grid = Grid.of(5, 6).local(2, 3);
    assertThat(List.of(grid.size(0), grid.size(1), grid.size(2))).containsExactly(5L, 6L, 1L);
    assertThat(List.of(grid.localSize(0), grid.localSize(1), grid.localSize(2))).containsExactly(2L, 3L, 1L);
    for (int wrong : new int[] {-1, 3}) {
      assertThatThrownBy(() -> grid.size(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> grid.localSize(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> grid.roundedSize(wrong)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}

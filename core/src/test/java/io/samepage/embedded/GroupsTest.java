package io.samepage.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Grid;
import io.samepage.WorkGroup;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static List<WorkGroup> groups(Grid grid) {
    List<WorkGroup> groups = new ArrayList<>();
    Groups.of(grid).forEach(groups::add);
    return groups;
  }

  @Test
  void aGridsOwnGroupsAreUsedAndClipped() {
    assertThat(groups(Grid.of(10).local(4))).containsExactly(
        new WorkGroup(0, 4, 0, 1, 0, 1), new WorkGroup(4, 8, 0, 1, 0, 1), new WorkGroup(8, 10, 0, 1, 0, 1));
    assertThat(groups(Grid.of(3, 2, 2).local(2, 2, 1))).containsExactly(
        new WorkGroup(0, 2, 0, 2, 0, 1), new WorkGroup(2, 3, 0, 2, 0, 1), new WorkGroup(0, 2, 0, 2, 1, 2), new WorkGroup(2, 3, 0, 2, 1, 2));
  }

  @Test
  void aGroupLargerThanTheGridIsTheGrid() {
    assertThat(groups(Grid.of(3, 5).local(64, 64))).containsExactly(new WorkGroup(0, 3, 0, 5, 0, 1));
  }

  @Test
  void groupsAreLargeWhereTheDeviceChooses() {
    assertThat(groups(Grid.of(1025))).containsExactly(new WorkGroup(0, 1024, 0, 1, 0, 1), new WorkGroup(1024, 1025, 0, 1, 0, 1));
    assertThat(groups(Grid.of(128, 17))).hasSize(4).contains(new WorkGroup(64, 128, 16, 17, 0, 1));
    assertThat(groups(Grid.of(64, 4, 5))).hasSize(2).contains(new WorkGroup(0, 64, 0, 4, 4, 5));
  }

  @Test
  void sizesNearTheLargestLongDoNotOverflow() {
    long half = Long.MAX_VALUE / 2 + 1;
    assertThat(groups(Grid.of(Long.MAX_VALUE).local(half))).containsExactly(
        new WorkGroup(0, half, 0, 1, 0, 1), new WorkGroup(half, Long.MAX_VALUE, 0, 1, 0, 1));
  }
}

package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StackedLayersTest {
  @Test
  void layersLieSideBySideByColumns() {
    StackedLayers stack = StackedLayers.of(List.of(
        SyntheticNetwork.coordinates(new float[][] {{1, 2}, {0, 3}}),
        SyntheticNetwork.coordinates(new float[][] {{0, 0}, {4, 0}})));

    assertThat(stack.starts()).containsExactly(0, 1, 3, 4, 4);
    assertThat(stack.sources()).containsExactly(0, 0, 1, 1);
    assertThat(stack.weights()).containsExactly(1, 2, 3, 4);
    assertThat(stack.firstEntry(1)).isEqualTo(3);
    assertThat(stack.entryCount(0)).isEqualTo(3);
    assertThat(stack.entryCount(1)).isEqualTo(1);
  }
}

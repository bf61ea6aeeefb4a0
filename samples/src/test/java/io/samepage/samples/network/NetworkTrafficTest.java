package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.samples.accounting.Traffic;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTrafficTest {
  /** Two layers of 1500 neurons, a row 6,000 bytes; one entry a column in the first, none but two in the second. */
  private static final StackedLayers LAYERS = layers();

  @Test
  void theLeastIsTheLiveRowsBothWaysAndTheWeights() {
    Traffic least = new NetworkTraffic(LAYERS, List.of(10, 3), 4096).least();

    // 60,000 and 18,000 bytes of rows: 15 and 5 pages. 3,001 starts: 3 pages. 1,502 entries: 2 pages in each array.
    assertThat(least).isEqualTo(new Traffic((15 + 5 + 3 + 2 + 2) * 4096, (15 + 5) * 4096));
  }

  @Test
  void layersThatNoRowReachesCostNothing() {
    // 1,501 starts: 2 pages. 1,500 entries: 2 pages in each array.
    assertThat(new NetworkTraffic(LAYERS, List.of(10), 4096).least()).isEqualTo(new Traffic((15 + 2 + 2 + 2) * 4096, 15 * 4096));
    assertThat(new NetworkTraffic(LAYERS, List.of(), 4096).least()).isEqualTo(new Traffic(0, 0));
  }

  @Test
  void copyingEveryArgumentBringsTheResultThereAndBackToo() {
    Traffic naive = new NetworkTraffic(LAYERS, List.of(10, 3), 4096).naive();

    long first = 60_000 + 4 * 1_501 + 8 * 1_500 + 60_000;
    long second = 18_000 + 4 * 1_501 + 8 * 2 + 18_000;
    assertThat(naive).isEqualTo(new Traffic(first + second, 60_000 + 18_000));
  }

  private static StackedLayers layers() {
    float[][] first = new float[1500][1500];
    for (int i = 0; i < first.length; i++) {
      first[i][1499 - i] = 1;
    }
    float[][] second = new float[1500][1500];
    second[0][0] = 1;
    second[1][1499] = 1;
    return StackedLayers.of(List.of(SyntheticNetwork.coordinates(first), SyntheticNetwork.coordinates(second)));
  }
}

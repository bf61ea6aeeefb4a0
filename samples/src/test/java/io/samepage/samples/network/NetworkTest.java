package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open();

  @AfterEach
  void closeMemory() {
    memory.close();
  }

  @ParameterizedTest
  @CsvSource({"60,100,6,1", "60,100,6,2", "33,7,4,3", "20,300,5,4", "1,1,1,5"})
  void theImagesAliveBehindEachLayerAreThoseOfPlainLoops(int images, int neurons, int layers, long seed) {
    SyntheticNetwork synthetic = new SyntheticNetwork(images, neurons, layers, seed);
    try (Network network = new Network(memory, synthetic.data())) {
      network.run(new StageMeter(memory, name -> { }));

      List<Integer> expected = IntStream.rangeClosed(1, layers).mapToObj(layer -> synthetic.alive(layer).size()).toList();
      assertThat(network.liveRows()).isEqualTo(expected);
      assertThat(network.categoriesFound()).isEqualTo(synthetic.categories());
      assertVerified(network);
    }
  }

  @Test
  void syntheticNetworksLoseSomeImagesAndKeepSome() {
    SyntheticNetwork synthetic = new SyntheticNetwork(60, 100, 6, 1);

    assertThat(synthetic.categories()).hasSizeBetween(5, 55);
    assertThat(synthetic.alive(1).size()).isBetween(synthetic.categories().size() + 1, 59);
  }

  @Test
  void onlyLiveRowsAndTheWeightsMoveAndEachWeightOnce() {
    // A row is a page, so that the least is reached to the byte.
    SyntheticNetwork synthetic = new SyntheticNetwork(30, 1024, 4, 6);
    try (Network network = new Network(memory, synthetic.data())) {
      StageMeter meter = new StageMeter(memory, name -> { });
      network.run(meter);

      Stage total = meter.total();
      assertThat(total.bytesToDevice()).isEqualTo(network.least().toDevice());
      assertThat(total.bytesToHost()).isEqualTo(network.least().toHost());
      List<Integer> live = network.liveRows();
      assertThat(total.bytesToHost()).isEqualTo(4096L * (30 + live.get(0) + live.get(1) + live.get(2)));
      assertThat(network.kernelSeconds()).isPositive();
    }
  }

  @Test
  void aNetworkWhereEveryImageDiesEndsEarly() {
    NetworkData data = new SyntheticNetwork(20, 50, 5, 7).withEmptyLayer(2).data();
    try (Network network = new Network(memory, data)) {
      network.run(new StageMeter(memory, name -> { }));

      assertThat(network.liveRows()).hasSize(5);
      assertThat(network.liveRows().subList(2, 5)).containsOnly(0);
      assertThat(network.categoriesFound()).isEmpty();
      assertVerified(network);
    }
  }

  @Test
  void aNetworkWithoutWeightsAtAllRuns() {
    NetworkData data = new SyntheticNetwork(20, 50, 1, 7).withEmptyLayer(0).data();
    try (Network network = new Network(memory, data)) {
      network.run(new StageMeter(memory, name -> { }));

      assertThat(network.liveRows()).containsExactly(0);
      assertVerified(network);
    }
  }

  @Test
  void anotherOutcomeThanTheTruthIsNotVerified() {
    NetworkData right = new SyntheticNetwork(60, 100, 3, 8).data();
    TreeSet<Integer> wrong = new TreeSet<>(right.categories());
    wrong.remove(wrong.first());
    try (Network network = new Network(memory, new NetworkData(right.images(), right.layers(), wrong))) {
      network.run(new StageMeter(memory, name -> { }));

      assertThat(network.verify().verified()).isFalse();
      assertThat(network.verify().explanation()).contains("missing=0, surplus=1");
    }
  }

  @Test
  void wrongValuesAreNotVerifiedThoughTheRightImagesAreAlive() {
    NetworkData data = new SyntheticNetwork(60, 100, 3, 8).data();
    float[][] values = new float[60][];
    data.categories().forEach(image -> values[image] = new float[100]);

    assertThat(new NetworkCheck(data).verdict(data.categories(), values).verified()).isFalse();
  }

  private static void assertVerified(Network network) {
    Verdict verdict = network.verify();
    assertThat(verdict.verified()).as(verdict.explanation()).isTrue();
  }
}

package io.samepage.samples.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.HostAccess.Mode;
import io.samepage.UnifiedMemory;
import io.samepage.samples.accounting.Stage;
import io.samepage.samples.accounting.StageMeter;
import io.samepage.samples.accounting.Verdict;
import io.samepage.samples.hostview.HostSpace;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.samepage.samples.hostview.HostModes#here")
class NetworkTest {
  private final Mode mode;
  private final UnifiedMemory memory = UnifiedMemory.builder().devices("embedded").open();
  private final HostSpace space;

  NetworkTest(Mode mode) {
    this.mode = mode;
    space = HostSpace.open(memory, mode);
  }

  @AfterEach
  void closeMemory() {
    space.close();
    memory.close();
  }

  @ParameterizedTest
  @CsvSource({"60,100,6,1", "60,100,6,2", "33,7,4,3", "20,300,5,4", "1,1,1,5"})
  void theImagesAliveBehindEachLayerAreThoseOfPlainLoops(int images, int neurons, int layers, long seed) {
    SyntheticNetwork synthetic = new SyntheticNetwork(images, neurons, layers, seed);
    Network network = new Network(space, synthetic.data());
    network.run(new StageMeter(memory, name -> { }));

    List<Integer> expected = IntStream.rangeClosed(1, layers).mapToObj(layer -> synthetic.alive(layer).size()).toList();
    assertThat(network.liveRows()).isEqualTo(expected);
    assertThat(network.categoriesFound()).isEqualTo(synthetic.categories());
    assertVerified(network);
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
    Network network = new Network(space, synthetic.data());
    StageMeter meter = new StageMeter(memory, name -> { });
    network.run(meter);

    Stage total = meter.total();
    List<Integer> live = network.liveRows();
    assertThat(network.least().toHost()).isEqualTo(4096L * (30 + live.get(0) + live.get(1) + live.get(2)));
    if (mode == Mode.EXPLICIT) {
      assertThat(total.bytesToDevice()).isEqualTo(network.least().toDevice());
      assertThat(total.bytesToHost()).isEqualTo(network.least().toHost());
    } else {
      assertThat(total.bytesToDevice()).isBetween(network.least().toDevice(), (long) (1.02 * network.least().toDevice()));
      assertThat(total.bytesToHost()).isPositive().isLessThanOrEqualTo(network.least().toHost());
      assertThat(meter.hostUse(mode).hostFaults()).isPositive();
    }
    assertThat(network.kernelSeconds()).isPositive();
  }

  @Test
  void aSecondRunBeginsWithAllImagesAgain() {
    SyntheticNetwork synthetic = new SyntheticNetwork(60, 100, 6, 9);
    Network network = new Network(space, synthetic.data());
    network.run(new StageMeter(memory, name -> { }));
    List<Integer> first = network.liveRows();
    network.run(new StageMeter(memory, name -> { }));

    assertThat(network.liveRows()).isEqualTo(first);
    assertThat(network.categoriesFound()).isEqualTo(synthetic.categories()).hasSizeLessThan(60);
    assertVerified(network);
  }

  @Test
  void aNetworkWhereEveryImageDiesEndsEarly() {
    NetworkData data = new SyntheticNetwork(20, 50, 5, 7).withEmptyLayer(2).data();
    Network network = new Network(space, data);
    network.run(new StageMeter(memory, name -> { }));

    assertThat(network.liveRows()).hasSize(5);
    assertThat(network.liveRows().subList(2, 5)).containsOnly(0);
    assertThat(network.categoriesFound()).isEmpty();
    assertVerified(network);
  }

  @Test
  void aNetworkWithoutWeightsAtAllRuns() {
    NetworkData data = new SyntheticNetwork(20, 50, 1, 7).withEmptyLayer(0).data();
    Network network = new Network(space, data);
    network.run(new StageMeter(memory, name -> { }));

    assertThat(network.liveRows()).containsExactly(0);
    assertVerified(network);
  }

  @Test
  void anotherOutcomeThanTheTruthIsNotVerified() {
    NetworkData right = new SyntheticNetwork(60, 100, 3, 8).data();
    TreeSet<Integer> wrong = new TreeSet<>(right.categories());
    wrong.remove(wrong.first());
    Network network = new Network(space, new NetworkData(right.images(), right.layers(), wrong));
    network.run(new StageMeter(memory, name -> { }));

    assertThat(network.verify().verified()).isFalse();
    assertThat(network.verify().explanation()).contains("missing=0, surplus=1");
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

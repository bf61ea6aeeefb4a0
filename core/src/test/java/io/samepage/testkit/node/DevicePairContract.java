package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.random;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.DeviceNode;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What two devices of one back end do side by side, whether or not they copy to each other. */
public abstract class DevicePairContract extends BackendUnderTest {
  /** For subclasses. */
  protected DevicePairContract() {}

  @Nested
  class Pair extends NodeContract {
    private final Random random = new Random(20_261_103);
    private DeviceNode other;

    Pair() {
      super(DevicePairContract.this, 2);
    }

    @Test
    void nodesComeInTheOrderTheyWereAskedFor() {
      List<String> names = subject.deviceNames().subList(0, 2);
      assertThat(fixture.nodes()).extracting(each -> each.info().name()).isEqualTo(names);
      List<DeviceNode> reversed = NodeFixture.open(subject.backend(), names.reversed(), subject.budgetBytes());
      assertThat(reversed).extracting(each -> each.info().name()).isEqualTo(names.reversed());
      reversed.forEach(DeviceNode::close);
    }

    @Test
    void memoriesAndCountersAreSeparate() throws InterruptedException {
      other = fixture.node(1);
      Window mine = fixture.window(node, UNIT_BYTES);
      Window theirs = fixture.window(other, UNIT_BYTES);
      byte[] a = random(random, UNIT_BYTES);
      byte[] b = random(random, UNIT_BYTES);
      fixture.upload(node, mine, 0, a);
      fixture.upload(other, theirs, 0, b);
      assertThat(fixture.download(node, mine, 0, UNIT_BYTES)).isEqualTo(a);
      assertThat(fixture.download(other, theirs, 1, 1000)).isEqualTo(Arrays.copyOfRange(b, 1, 1001));
      assertThat(node.counters().bytesToHost()).isEqualTo(UNIT_BYTES);
      assertThat(other.counters().bytesToHost()).isEqualTo(1000);
    }

    @Test
    void bothRunKernelsAtOnce() throws Exception {
      other = fixture.node(1);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        DeviceNode device = fixture.node(i % 2);
        int by = i + 1;
        tasks.add(() -> {
          countUp(device, by);
          return null;
        });
      }
      ConcurrencyContract.inParallel(tasks);
      assertThat(node.counters().launches()).isEqualTo(200);
      assertThat(other.counters().launches()).isEqualTo(200);
    }

    private void countUp(DeviceNode device, int by) throws InterruptedException {
      Window window = fixture.window(device, UNIT_BYTES);
      fixture.upload(device, window, 4, new int[1000]);
      for (int round = 1; round <= 100; round++) {
        launch(device, "increment", 1000, inOut(window, 4, 4000), value(by));
        assertThat(fixture.downloadInts(device, window, 4, 1000)).containsOnly(by * round);
      }
    }

    @Test
    void closingOneLeavesTheOther() throws InterruptedException {
      List<String> names = subject.deviceNames().subList(0, 2);
      List<DeviceNode> opened = NodeFixture.open(subject.backend(), names, subject.budgetBytes());
      opened.get(0).close();
      Window window = opened.get(1).allocate(UNIT_BYTES);
      byte[] bytes = random(random, UNIT_BYTES);
      fixture.upload(opened.get(1), window, 0, bytes);
      assertThat(fixture.download(opened.get(1), window, 0, UNIT_BYTES)).isEqualTo(bytes);
      opened.get(1).free(window);
      opened.get(1).close();
    }
  }
}

package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.finish;
import static io.samepage.testkit.node.NodeFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.DeviceNode;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What two devices do that copy from each other and reserve address space, parts of which have memory. */
public abstract class SparsePeersContract extends BackendUnderTest {
  /** For subclasses. */
  protected SparsePeersContract() {}

  @Nested
  class SparsePeers extends NodeContract {
    private final Random random = new Random(20_261_121);

    SparsePeers() {
      super(SparsePeersContract.this, 2);
    }

    private static Window backed(DeviceNode on, int unit) {
      Window window = on.reserve(2L * unit);
      on.back(window, unit, unit);
      on.back(window, 0, unit);
      return window;
    }

    private static void free(DeviceNode on, Window window, int unit) {
      on.unback(window, 0, unit);
      on.unback(window, unit, unit);
      on.free(window);
    }

    @Test
    void eachCopiesFromPartsOfTheOthersAddressSpaceAsIfTheyWereOne() throws InterruptedException {
      DeviceNode other = fixture.node(1);
      int unit = Math.toIntExact(node.sparseUnitBytes());
      assertThat(other.sparseUnitBytes()).isEqualTo(unit);
      Window mine = backed(node, unit);
      Window theirs = backed(other, unit);
      byte[] model = random(random, 2 * unit);
      fixture.upload(node, mine, 0, model);
      other.copyFrom(node, List.of(new PeerRun(mine, 1, theirs, 1, 2L * unit - 1)));
      finish(other);
      fixture.upload(other, theirs, 0, new byte[] {model[0]});
      assertThat(fixture.download(other, theirs, 0, 2L * unit)).isEqualTo(model);
      node.fill(mine, 0, 2L * unit, (byte) 0);
      finish(node);
      node.copyFrom(other, List.of(new PeerRun(theirs, 0, mine, 0, 2L * unit)));
      assertThat(fixture.download(node, mine, 0, 2L * unit)).isEqualTo(model);
      finish(node);
      finish(other);
      free(node, mine, unit);
      free(other, theirs, unit);
    }
  }
}

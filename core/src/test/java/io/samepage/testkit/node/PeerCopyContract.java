package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.bytes;
import static io.samepage.testkit.node.NodeFixture.finish;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.random;
import static io.samepage.testkit.node.NodeFixture.run;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.node.DeviceNode;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What two devices do that copy to each other without passing through the host. */
public abstract class PeerCopyContract extends BackendUnderTest {
  /** For subclasses. */
  protected PeerCopyContract() {}

  @Nested
  class Peers extends NodeContract {
    private static final int ROUNDS = 200;

    private final Random random = new Random(20_261_104);
    private DeviceNode other;
    private Window mine;
    private Window theirs;

    Peers() {
      super(PeerCopyContract.this, 2);
    }

    @BeforeEach
    void allocate() {
      other = fixture.node(1);
      mine = fixture.window(node, 4 * UNIT_BYTES);
      theirs = fixture.window(other, 4 * UNIT_BYTES);
    }

    @Test
    void eachCanCopyFromTheOther() {
      assertThat(node.canCopyFrom(other)).isTrue();
      assertThat(other.canCopyFrom(node)).isTrue();
    }

    @Test
    void runsGoWhereTheyBelongAndAreCountedByTheTarget() throws InterruptedException {
      byte[] from = random(random, 4 * UNIT_BYTES);
      byte[] to = random(random, 4 * UNIT_BYTES);
      fixture.upload(other, theirs, 0, from);
      fixture.upload(node, mine, 0, to);
      node.copyFrom(other, List.of(new PeerRun(theirs, 1, mine, 70_000, 100_001), new PeerRun(theirs, 200_000, mine, 3, 1)));
      System.arraycopy(from, 1, to, 70_000, 100_001);
      to[3] = from[200_000];
      assertThat(fixture.download(node, mine, 0, to.length)).isEqualTo(to);
      assertThat(fixture.download(other, theirs, 0, from.length)).isEqualTo(from);
      assertThat(node.counters().bytesFromPeers()).isEqualTo(100_002);
      assertThat(node.counters().bytesWithin()).isZero();
      assertThat(other.counters().bytesFromPeers()).isZero();
      assertThat(node.counters().bytesToHost()).as("nothing passed through the host").isEqualTo(to.length);
      assertThat(other.counters().bytesToHost()).isEqualTo(from.length);
    }

    @Test
    void aCopyWaitsForTheSourcesKernels() throws InterruptedException {
      fixture.upload(other, theirs, 4, 42);
      launch(other, "churn", 1, inOut(theirs, 4, 4), value(20_000_000));
      node.copyFrom(other, List.of(new PeerRun(theirs, 4, mine, 100, 4)));
      assertThat(fixture.downloadInts(node, mine, 100, 1)).containsExactly(TestKernels.churned(42, 20_000_000));
    }

    @Test
    void aCopyWaitsForItsOwnQueue() throws InterruptedException {
      fixture.upload(other, theirs, 0, 7);
      fixture.upload(node, mine, 0, 42);
      launch(node, "churn", 1, inOut(mine, 0, 4), value(20_000_000));
      node.copyFrom(other, List.of(new PeerRun(theirs, 0, mine, 0, 4)));
      launch(node, "increment", 1, inOut(mine, 0, 4), value(1));
      assertThat(fixture.downloadInts(node, mine, 0, 1)).containsExactly(8);
    }

    @Test
    void dataGoesRoundWithoutAWaitInBetween() throws InterruptedException {
      fixture.upload(node, mine, 0, new int[1000]);
      for (int i = 0; i < ROUNDS; i++) {
        launch(node, "increment", 1000, inOut(mine, 0, 4000), value(1));
        other.copyFrom(node, List.of(new PeerRun(mine, 0, theirs, 4, 4000)));
        launch(other, "increment", 1000, inOut(theirs, 4, 4000), value(1000));
        node.copyFrom(other, List.of(new PeerRun(theirs, 4, mine, 0, 4000)));
      }
      MemorySegment back = fixture.host(4000);
      node.download(List.of(run(back, mine, 0)));
      finish(node);
      assertThat(back.toArray(ValueLayout.JAVA_INT)).containsOnly(1001 * ROUNDS);
    }

    @Test
    void copiesInBothDirectionsDoNotWaitForEachOtherForever() throws Exception {
      byte[] a = random(random, UNIT_BYTES);
      byte[] b = random(random, UNIT_BYTES);
      fixture.upload(node, mine, 0, a);
      fixture.upload(other, theirs, 0, b);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        boolean isForward = thread % 2 == 0;
        int offset = UNIT_BYTES * (1 + thread / 2);
        tasks.add(() -> {
          for (int i = 0; i < ROUNDS; i++) {
            copy(isForward, offset);
          }
          finish(isForward ? node : other);
          return null;
        });
      }
      ConcurrencyContract.inParallel(tasks);
      for (int offset : List.of(UNIT_BYTES, 2 * UNIT_BYTES)) {
        assertThat(fixture.download(node, mine, offset, UNIT_BYTES)).isEqualTo(b);
        assertThat(fixture.download(other, theirs, offset, UNIT_BYTES)).isEqualTo(a);
      }
    }

    private void copy(boolean isForward, int offset) {
      if (isForward) {
        node.copyFrom(other, List.of(new PeerRun(theirs, 0, mine, offset, UNIT_BYTES)));
      } else {
        other.copyFrom(node, List.of(new PeerRun(mine, 0, theirs, offset, UNIT_BYTES)));
      }
    }

    @Test
    void aCopySeesUploadsToTheSourceThatNobodyWaitedFor() throws InterruptedException {
      byte[] first = random(random, 1000);
      MemorySegment host = fixture.host(first);
      MemorySegment back = fixture.host(1000);
      other.upload(List.of(run(host, theirs, 9)));
      node.copyFrom(other, List.of(new PeerRun(theirs, 9, mine, 11, 1000)));
      node.download(List.of(run(back, mine, 11)));
      finish(node);
      assertThat(bytes(back)).isEqualTo(first);
    }
  }
}

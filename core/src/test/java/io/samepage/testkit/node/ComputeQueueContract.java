package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.out;
import static io.samepage.testkit.node.NodeFixture.pass;
import static io.samepage.testkit.node.NodeFixture.run;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Grid;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.NodeQueue.After;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compute queues run what they are told in order, and behind what they are told to come behind in other queues. */
abstract class ComputeQueueContract extends NodeContract {
  private static final int INTS = UNIT_BYTES / 4;
  private static final int CHURN_STEPS = 1 << 12;

  private final Random random = new Random(20_261_121);

  ComputeQueueContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  private NodeQueue queue(int index) {
    List<NodeQueue> queues = node.computeQueues();
    return queues.get(index % queues.size());
  }

  private static After behind(NodeFence... ended) {
    return new After(List.of(), List.of(ended));
  }

  private NodeFence launch(NodeQueue queue, String kernel, After after, NodeArgument... arguments) {
    return queue.launch(node.kernel(subject.kernels(), kernel), Grid.of(INTS), List.of(arguments), after);
  }

  private NodeFence increment(NodeQueue queue, Window window, After after) {
    return launch(queue, "increment", after, inOut(window, 0, UNIT_BYTES), value(1));
  }

  private NodeFence uploaded(Window window, int with) {
    int[] values = new int[INTS];
    Arrays.fill(values, with);
    MemorySegment host = fixture.host(UNIT_BYTES);
    MemorySegment.copy(values, 0, host, ValueLayout.JAVA_INT, 0, INTS);
    node.upload(List.of(run(host, window, 0)));
    return node.fence();
  }

  @Test
  void theQueuesAreAlwaysTheSame() {
    assertThat(node.computeQueues()).isNotEmpty().isEqualTo(node.computeQueues());
  }

  @Test
  void aKernelRunsBehindTheUploadsThatItNeeds() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    for (int round = 0; round < 20; round++) {
      After needs = new After(List.of(uploaded(window, round)), List.of());
      pass(increment(queue(round), window, needs));
      assertThat(fixture.downloadInts(node, window, 0, INTS)).containsOnly(round + 1);
    }
  }

  @Test
  void theCommandsOfOneQueueRunInOrder() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    NodeQueue queue = queue(1);
    queue.fill(window, 0, UNIT_BYTES, (byte) 0, After.NOTHING);
    launch(queue, "churn", After.NOTHING, inOut(window, 0, UNIT_BYTES), value(CHURN_STEPS));
    increment(queue, window, After.NOTHING);
    pass(launch(queue, "churn", After.NOTHING, inOut(window, 0, UNIT_BYTES), value(3)));
    int expected = TestKernels.churned(TestKernels.churned(0, CHURN_STEPS) + 1, 3);
    assertThat(fixture.downloadInts(node, window, 0, INTS)).containsOnly(expected);
  }

  @Test
  void aChainThroughAllQueuesRunsInOrder() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    NodeFence last = queue(0).fill(window, 0, UNIT_BYTES, (byte) 0, After.NOTHING);
    int expected = 0;
    for (int i = 0; i < 40; i++) {
      int steps = random.nextInt(CHURN_STEPS);
      last = launch(queue(random.nextInt(8)), "churn", behind(last), inOut(window, 0, UNIT_BYTES), value(steps));
      expected = TestKernels.churned(expected, steps);
    }
    pass(last);
    assertThat(fixture.downloadInts(node, window, 0, INTS)).containsOnly(expected);
  }

  @Test
  void aCommandRunsBehindAllThatItIsToldToComeBehind() throws InterruptedException {
    Window target = fixture.window(node, UNIT_BYTES);
    List<NodeFence> slow = new ArrayList<>();
    List<Window> sources = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sources.add(fixture.window(node, UNIT_BYTES));
      queue(i).fill(sources.get(i), 0, UNIT_BYTES, (byte) 0, After.NOTHING);
      slow.add(launch(queue(i), "churn", After.NOTHING, inOut(sources.get(i), 0, UNIT_BYTES), value(CHURN_STEPS * (4 - i))));
    }
    After after = new After(List.of(), slow);
    NodeFence copied = null;
    for (int i = 0; i < 4; i++) {
      copied = queue(2).copy(new PeerRun(sources.get(i), 0, target, i * UNIT_BYTES / 4L, UNIT_BYTES / 4L), i == 0 ? after : After.NOTHING);
    }
    pass(copied);
    int[] ints = fixture.downloadInts(node, target, 0, INTS);
    for (int i = 0; i < 4; i++) {
      assertThat(Arrays.copyOfRange(ints, i * INTS / 4, (i + 1) * INTS / 4)).as("source %d", i)
          .containsOnly(TestKernels.churned(0, CHURN_STEPS * (4 - i)));
    }
  }

  @Test
  void copiesToTheHostComeBehindTheirQueueAndWhatTheyAreToldToComeBehind() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    Window other = fixture.window(node, UNIT_BYTES);
    MemorySegment host = fixture.host(2 * UNIT_BYTES);
    List<CopyRun> runs = List.of(run(host.asSlice(0, UNIT_BYTES), window, 0), run(host.asSlice(UNIT_BYTES), other, 0));
    if (!queue(0).canDownload()) {
      assertThatThrownBy(() -> queue(0).download(runs, After.NOTHING)).isInstanceOf(UnsupportedOperationException.class);
      return;
    }
    queue(0).fill(window, 0, UNIT_BYTES, (byte) 0, After.NOTHING);
    launch(queue(0), "churn", After.NOTHING, inOut(window, 0, UNIT_BYTES), value(CHURN_STEPS));
    queue(1).fill(other, 0, UNIT_BYTES, (byte) 0, After.NOTHING);
    NodeFence elsewhere = launch(queue(1), "churn", After.NOTHING, inOut(other, 0, UNIT_BYTES), value(2 * CHURN_STEPS));
    long before = node.counters().bytesToHost();
    pass(queue(0).download(runs, behind(elsewhere)));
    assertThat(host.asSlice(0, UNIT_BYTES).toArray(ValueLayout.JAVA_INT)).containsOnly(TestKernels.churned(0, CHURN_STEPS));
    assertThat(host.asSlice(UNIT_BYTES).toArray(ValueLayout.JAVA_INT)).containsOnly(TestKernels.churned(0, 2 * CHURN_STEPS));
    assertThat(node.counters().bytesToHost() - before).isEqualTo(2L * UNIT_BYTES);
  }

  @Test
  void whatHasPassedNeedNotBeWaitedForAgain() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    NodeFence uploaded = uploaded(window, 4);
    pass(uploaded);
    NodeFence first = increment(queue(0), window, new After(List.of(uploaded), List.of()));
    pass(first);
    pass(increment(queue(1), window, new After(List.of(uploaded), List.of(first))));
    assertThat(fixture.downloadInts(node, window, 0, INTS)).containsOnly(6);
  }

  /** Keeps the node's own queue busy, so that what is uploaded next has not arrived when others are told to come behind it. */
  private void keepOwnQueueBusy() {
    Window window = fixture.window(node, UNIT_BYTES);
    node.launch(node.kernel(subject.kernels(), "churn"), Grid.of(INTS), List.of(inOut(window, 0, UNIT_BYTES), value(2 * CHURN_STEPS)));
  }

  @Test
  void aKernelAndWhatIsBehindItComeBehindUploadsAndKernelsThatAreStillUnderWay() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    Window second = fixture.window(node, UNIT_BYTES);
    Window third = fixture.window(node, UNIT_BYTES);
    Window slow = fixture.window(node, UNIT_BYTES);
    Window target = fixture.window(node, 2 * UNIT_BYTES);
    keepOwnQueueBusy();
    NodeFence needed = uploaded(window, 4);
    keepOwnQueueBusy();
    // It begins when what is needed has long arrived.
    After late = new After(List.of(uploaded(slow, 3)), List.of());
    NodeFence churned = launch(queue(1), "churn", late, inOut(slow, 0, UNIT_BYTES), value(CHURN_STEPS));
    increment(queue(0), window, new After(List.of(needed), List.of(churned)));
    queue(0).copy(new PeerRun(slow, 0, target, 0, UNIT_BYTES), After.NOTHING);
    keepOwnQueueBusy();
    NodeFence first = uploaded(second, 7);
    keepOwnQueueBusy();
    increment(queue(0), second, new After(List.of(first, uploaded(third, 9)), List.of()));
    pass(queue(0).copy(new PeerRun(third, 0, target, UNIT_BYTES, UNIT_BYTES), After.NOTHING));
    assertThat(fixture.downloadInts(node, window, 0, INTS)).containsOnly(5);
    assertThat(fixture.downloadInts(node, second, 0, INTS)).containsOnly(8);
    int[] ints = fixture.downloadInts(node, target, 0, 2 * INTS);
    assertThat(Arrays.copyOf(ints, INTS)).as("behind the kernel elsewhere").containsOnly(TestKernels.churned(3, CHURN_STEPS));
    assertThat(Arrays.copyOfRange(ints, INTS, 2 * INTS)).as("behind the second upload").containsOnly(9);
  }

  /** Uploads of equal parts of a window, each with another number in it. */
  private List<CopyRun> parts(Window window, int count) {
    List<CopyRun> runs = new ArrayList<>();
    int partBytes = UNIT_BYTES / count / 4 * 4;
    for (int part = 0; part < count; part++) {
      MemorySegment host = fixture.host(partBytes);
      for (int at = 0; at < partBytes; at += 4) {
        host.set(ValueLayout.JAVA_INT_UNALIGNED, at, part);
      }
      runs.add(run(host, window, (long) part * partBytes));
    }
    return runs;
  }

  private void assertIncremented(Window window, int count) throws InterruptedException {
    int partInts = INTS / count;
    int[] ints = fixture.downloadInts(node, window, 0, count * partInts);
    for (int part = 0; part < count; part++) {
      assertThat(Arrays.copyOfRange(ints, part * partInts, (part + 1) * partInts)).as("part %d of %d", part, count).containsOnly(part + 1);
    }
  }

  /** Where queues don't, commands come behind fences, as in the other tests. */
  private boolean takesUploads() {
    NativeFunctions.tell(node);
    return node.computeQueues().stream().allMatch(NodeQueue::takesUploads);
  }

  @Test
  void aKernelTakesItsUploadsAlongAndHostMemoryIsFreeOnceTheyHaveEnded() throws InterruptedException {
    if (!takesUploads()) {
      return;
    }
    Window slow = fixture.window(node, UNIT_BYTES);
    // Commands of their own, and those that become fewer.
    for (int count : new int[] {1, 3, 15, 16, 100}) {
      Window window = fixture.window(node, UNIT_BYTES);
      keepOwnQueueBusy();
      NodeFence churned = launch(queue(1), "churn", After.NOTHING, inOut(slow, 0, UNIT_BYTES), value(CHURN_STEPS));
      long before = node.counters().bytesToDevice();
      List<CopyRun> runs = parts(window, count);
      NodeFence done = increment(queue(0), window, new After(runs, List.of(), List.of(churned)));
      NodeFence uploaded = node.fence();
      assertThat(node.counters().bytesToDevice() - before).as("%d uploads", count).isEqualTo((long) count * (INTS / count) * 4);
      pass(uploaded);
      runs.forEach(run -> MemorySegment.ofAddress(run.hostAddress()).reinterpret(run.sizeBytes()).fill((byte) -1));
      pass(done);
      assertIncremented(window, count);
    }
  }

  @Test
  void kernelsThatTakeUploadsAlongComeBehindAllElseThatTheyAreToldToComeBehind() throws InterruptedException {
    if (!takesUploads()) {
      return;
    }
    Window window = fixture.window(node, UNIT_BYTES);
    Window slow = fixture.window(node, UNIT_BYTES);
    NodeKernel churn = node.kernel(subject.kernels(), "churn");
    int partBytes = UNIT_BYTES / 4;
    pass(queue(0).fill(window, 0, UNIT_BYTES, (byte) 0, After.NOTHING));
    pass(queue(0).fill(slow, 0, UNIT_BYTES, (byte) 0, After.NOTHING));
    // Each in a queue of its own, and busy for a while.
    NodeFence ended = queue(1).launch(churn, Grid.of(partBytes / 4), List.of(inOut(window, partBytes, partBytes), value(4 * CHURN_STEPS)),
        After.NOTHING);
    launch(queue(2), "churn", After.NOTHING, inOut(slow, 0, UNIT_BYTES), value(CHURN_STEPS));
    NodeFence needed = queue(2).copy(new PeerRun(slow, 0, window, 2L * partBytes, partBytes), After.NOTHING);
    pass(increment(queue(0), window, new After(parts(window, 4).subList(3, 4), List.of(needed), List.of(ended))));
    int[] ints = fixture.downloadInts(node, window, 0, INTS);
    int[] expected = {1, TestKernels.churned(0, 4 * CHURN_STEPS) + 1, TestKernels.churned(0, CHURN_STEPS) + 1, 3 + 1};
    for (int part = 0; part < expected.length; part++) {
      assertThat(Arrays.copyOfRange(ints, part * INTS / 4, (part + 1) * INTS / 4)).as("part %d", part).containsOnly(expected[part]);
    }
  }

  @Test
  void fillsCopiesAndSlicesThatTheDriverCannotExpressTakeUploadsAlong() throws InterruptedException {
    if (!takesUploads()) {
      return;
    }
    Window window = fixture.window(node, UNIT_BYTES);
    Window target = fixture.window(node, UNIT_BYTES);
    pass(queue(0).fill(window, 0, UNIT_BYTES, (byte) 5, After.NOTHING));
    keepOwnQueueBusy();
    queue(0).fill(window, 8, 8, (byte) 1, new After(parts(window, 1), List.of(), List.of()));
    pass(queue(0).copy(new PeerRun(window, 0, target, 0, UNIT_BYTES / 2), After.NOTHING));
    assertThat(fixture.downloadInts(node, target, 0, 6)).containsExactly(0, 0, 0x01010101, 0x01010101, 0, 0);
    keepOwnQueueBusy();
    List<CopyRun> threes = parts(window, 4).subList(3, 4);
    pass(queue(1).copy(new PeerRun(window, UNIT_BYTES * 3 / 4, target, 0, 400), new After(threes, List.of(), List.of())));
    assertThat(fixture.downloadInts(node, target, 0, 100)).containsOnly(3);
    keepOwnQueueBusy();
    After ones = new After(List.of(parts(window, 2).get(1)), List.of(), List.of());
    pass(queue(2).launch(node.kernel(subject.kernels(), "increment"), Grid.of(10), List.of(inOut(window, UNIT_BYTES / 2 + 4, 40), value(1)),
        ones));
    assertThat(fixture.downloadInts(node, window, UNIT_BYTES / 2, 12)).containsExactly(1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1);
  }

  @Test
  void slicesThatTheDriverCannotExpressComeBehindUploadsThatAreStillUnderWay() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    keepOwnQueueBusy();
    After needs = new After(List.of(uploaded(window, 1)), List.of());
    pass(queue(0).launch(node.kernel(subject.kernels(), "increment"), Grid.of(10), List.of(inOut(window, 4, 40), value(1)), needs));
    assertThat(fixture.downloadInts(node, window, 0, 12)).containsExactly(1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1);
  }

  @Test
  void slicesThatTheDriverCannotExpressWorkInEveryQueue() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    pass(uploaded(window, 1));
    NodeFence last = null;
    for (int i = 0; i < 8; i++) {
      After after = last == null ? After.NOTHING : behind(last);
      last = queue(i).launch(node.kernel(subject.kernels(), "increment"), Grid.of(10), List.of(inOut(window, 4, 40), value(1)), after);
    }
    pass(last);
    int[] ints = fixture.downloadInts(node, window, 0, 12);
    assertThat(ints).containsExactly(1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1);
  }

  @Test
  void kernelsAndFillsTellHowTheyEnded() throws InterruptedException {
    Window window = fixture.window(node, UNIT_BYTES);
    NodeFence filled = queue(0).fill(window, 0, UNIT_BYTES, (byte) 1, After.NOTHING);
    NodeFence launched = launch(queue(0), "fill", After.NOTHING, out(window, 0, UNIT_BYTES), value(5));
    pass(launched);
    assertThat(filled.isDone()).isTrue();
    assertThat(launched.kernelNanos()).isPositive();
    assertThat(node.counters().launches()).isEqualTo(1);
  }
}

package io.samepage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Grid;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.FailingBackend;
import io.samepage.testkit.node.InjectedFailures;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The failures that other tests inject do happen, and nothing else. */
@Timeout(120)
class InjectedFailuresTest {
  private final FailingBackend backend = new FailingBackend(new EmbeddedBackend());
  private final Arena arena = Arena.ofShared();
  private List<DeviceNode> nodes;
  private InjectedFailures node;
  private Window window;

  @BeforeEach
  void open() throws InterruptedException {
    nodes = backend.open(backend.probe().devices().stream().map(device -> new DeviceRequest(device, 1 << 20)).toList());
    node = backend.node("embedded:0");
    window = node.allocate(4096);
    set(1, 2);
  }

  @AfterEach
  void close() throws InterruptedException {
    node.heal();
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
    node.free(window);
    nodes.forEach(DeviceNode::close);
    arena.close();
  }

  private void set(int... values) throws InterruptedException {
    node.upload(List.of(run(arena.allocateFrom(ValueLayout.JAVA_INT, values), 0)));
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
  }

  private int[] get() throws InterruptedException {
    MemorySegment host = arena.allocate(8);
    node.download(List.of(run(host, 0)));
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
    return host.toArray(ValueLayout.JAVA_INT);
  }

  private CopyRun run(MemorySegment host, long offset) {
    return new CopyRun(host.address(), window, offset, host.byteSize());
  }

  private NodeFence increment() {
    return node.launch(node.kernel(TestKernels.SOURCE, "increment"), Grid.of(2),
        List.of(new NodeArgument.Memory(window, 0, 8, Access.READ_WRITE), new NodeArgument.Value(10)));
  }

  private void call(Call call) {
    List<CopyRun> runs = List.of(run(arena.allocate(4), 0), run(arena.allocate(4), 4));
    switch (call) {
      case ALLOCATE -> node.free(node.allocate(4096));
      case UPLOAD -> node.upload(runs);
      case DOWNLOAD -> node.download(runs);
      case ZERO -> node.zero(window, 0, 4096);
      case FILL -> node.fill(window, 0, 4096, (byte) 1);
      case COPY_FROM -> node.copyFrom(node, List.of(new PeerRun(window, 0, window, 100, 4), new PeerRun(window, 4, window, 200, 4)));
      case FENCE -> node.fence();
      case LAUNCH -> increment();
    }
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void theChosenCallFailsAtOnceAndNoOther(Call call) {
    long before = node.calls(call);
    node.failNth(call, 2);
    call(call);
    assertThatThrownBy(() -> call(call)).isInstanceOf(DeviceException.class).hasMessageContainingAll("embedded:0", call.name());
    call(call);
    assertThat(node.calls(call) - before).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void allCallsFailUntilHealed(Call call) {
    node.failAll(call);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> call(call)).isInstanceOf(DeviceException.class);
    }
    node.heal();
    call(call);
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"UPLOAD", "DOWNLOAD", "ZERO", "COPY_FROM"})
  void aCopyThatFailsLateFailsTheNextFenceAlone(Call call) throws InterruptedException {
    node.failNthLate(call, 1);
    call(call);
    NodeFence fence = node.fence();
    assertThatThrownBy(() -> fence.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class).hasMessageContaining("injected");
    assertThat(fence.isDone()).isTrue();
    assertThat(get()).as("nothing was done").containsExactly(1, 2);
    assertThat(node.counters().bytesToDevice() + node.counters().bytesToHost() + node.counters().bytesWithin()).isEqualTo(16);
  }

  @Test
  void anUploadThatFailsAtOnceHasDoneHalf() throws InterruptedException {
    node.failNth(Call.UPLOAD, 1);
    assertThatThrownBy(() -> call(Call.UPLOAD)).isInstanceOf(DeviceException.class);
    assertThat(get()).containsExactly(0, 2);
  }

  @Test
  void aLaunchThatFailsLateDoesNotRunAndFailsItsFence() throws InterruptedException {
    node.failNthLate(Call.LAUNCH, 1);
    NodeFence failed = increment();
    assertThatThrownBy(() -> failed.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class).hasMessageContaining("LAUNCH");
    assertThat(get()).containsExactly(1, 2);
    assertThat(increment().await(Long.MAX_VALUE)).isTrue();
    assertThat(get()).containsExactly(11, 12);
  }

  @Test
  void aLaunchBehindACopyThatFailedLateDoesNotRun() throws InterruptedException {
    node.failNthLate(Call.UPLOAD, 1);
    call(Call.UPLOAD);
    assertThatThrownBy(() -> increment().await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class);
    assertThat(get()).containsExactly(1, 2);
  }

  @Test
  void theFenceOfAnotherThreadDoesNotTakeTheFailureAway() throws Exception {
    node.failNthLate(Call.DOWNLOAD, 1);
    call(Call.DOWNLOAD);
    FutureTask<NodeFence> theirs = new FutureTask<>(node::fence);
    Thread.ofPlatform().start(theirs).join();
    assertThatThrownBy(() -> theirs.get().await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class);
    assertThatThrownBy(() -> node.fence().await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class);
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aFenceThatFailsLateHasDoneWhatWasBeforeIt() throws InterruptedException {
    node.failNthLate(Call.FENCE, 1);
    call(Call.UPLOAD);
    assertThatThrownBy(() -> node.fence().await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class);
    assertThat(get()).containsExactly(0, 0);
  }

  @Test
  void allocationsDoNotFailLate() {
    assertThatThrownBy(() -> node.failNthLate(Call.ALLOCATE, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.failAllLate(Call.ALLOCATE)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void heldLaunchFencesPassWhenTheLatchIsOpenedAndOthersAreFree() throws InterruptedException {
    CountDownLatch latch = node.holdFences(Call.LAUNCH);
    NodeFence held = increment();
    assertThat(get()).as("the kernel has run").containsExactly(11, 12);
    assertThat(held.isDone()).isFalse();
    assertThat(held.await(TimeUnit.MILLISECONDS.toNanos(5))).isFalse();
    latch.countDown();
    assertThat(held.await(Long.MAX_VALUE)).isTrue();
    assertThat(held.isDone()).isTrue();
    assertThat(held.kernelNanos()).isPositive();
    assertThat(increment().await(Long.MAX_VALUE)).as("behind the open latch").isTrue();
  }

  @Test
  void heldFencesFailWhenTheLatchIsOpened() throws InterruptedException {
    CountDownLatch latch = node.holdFences(Call.FENCE);
    node.failNthLate(Call.FENCE, 1);
    NodeFence held = node.fence();
    assertThat(held.await(0)).isFalse();
    latch.countDown();
    assertThatThrownBy(() -> held.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class);
  }

  @Test
  void copiesBetweenTwoWrappedNodesWork() throws InterruptedException {
    DeviceNode other = nodes.get(1);
    Window theirs = other.allocate(4096);
    assertThat(other.canCopyFrom(node)).isTrue();
    other.copyFrom(node, List.of(new PeerRun(window, 0, theirs, 8, 8)));
    assertThat(other.fence().await(Long.MAX_VALUE)).isTrue();
    assertThat(other.counters().bytesFromPeers()).isEqualTo(8);
    other.free(theirs);
  }

  @Test
  void nodesAreFoundByName() {
    assertThat(backend.node("embedded:1")).isSameAs(nodes.get(1));
    assertThatThrownBy(() -> backend.node("embedded:2")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("embedded:0");
  }
}

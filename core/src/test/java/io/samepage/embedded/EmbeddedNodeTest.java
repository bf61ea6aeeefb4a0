package io.samepage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory of the embedded device, and its thread. */
@Timeout(120)
class EmbeddedNodeTest {
  private static final long BUDGET_BYTES = 1 << 20;

  private final EmbeddedBackend backend = new EmbeddedBackend();
  private final Arena arena = Arena.ofShared();
  private final List<Window> windows = new ArrayList<>();
  private DeviceNode node;
  private DeviceNode other;

  @BeforeEach
  void open() {
    List<DeviceInfo> devices = backend.probe().devices();
    List<DeviceNode> nodes = backend.open(devices.stream().map(device -> new DeviceRequest(device, BUDGET_BYTES)).toList());
    node = nodes.get(0);
    other = nodes.get(1);
  }

  @AfterEach
  void close() {
    windows.forEach(node::free);
    node.close();
    other.close();
    arena.close();
  }

  /** A window that is freed at the end. */
  private Window window(long sizeBytes) {
    Window window = node.allocate(sizeBytes);
    windows.add(window);
    return window;
  }

  private MemorySegment download(DeviceNode from, Window window) throws InterruptedException {
    MemorySegment host = arena.allocate(window.sizeBytes());
    from.download(List.of(new CopyRun(host.address(), window, 0, host.byteSize())));
    from.fence().await(Long.MAX_VALUE);
    return host;
  }

  @Test
  void newWindowsHoldGarbageUnderAssertions() throws InterruptedException {
    Window window = window(8192);
    assertThat(download(node, window).toArray(ValueLayout.JAVA_BYTE)).containsOnly(0xA5);
  }

  @Test
  void windowsAreAligned() {
    for (int i = 1; i < 20; i++) {
      assertThat(window(1000 * i).handle() % 4096).isZero();
    }
  }

  @Test
  void theBudgetIsTheCapacity() {
    assertThat(node.maxWindowBytes()).isEqualTo(BUDGET_BYTES);
    Window half = node.allocate(BUDGET_BYTES / 2);
    Window rest = node.allocate(BUDGET_BYTES / 2);
    assertThatThrownBy(() -> node.allocate(4096)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("neededBytes=4096", "freeBytes=0", "capacityBytes=" + BUDGET_BYTES, "device=embedded:0");
    other.free(other.allocate(BUDGET_BYTES));
    node.free(half);
    node.free(rest);
    node.free(node.allocate(BUDGET_BYTES));
  }

  @Test
  void nativeMemoryThatTheSystemHasNotGotIsADeviceException() {
    DeviceInfo info = backend.probe().devices().getFirst();
    try (DeviceNode large = backend.open(List.of(new DeviceRequest(info, Long.MAX_VALUE))).getFirst()) {
      for (int i = 0; i < 10; i++) {
        assertThatThrownBy(() -> large.allocate(1L << 61)).isInstanceOf(DeviceException.class)
            .hasMessageContainingAll("malloc", "sizeBytes=" + (1L << 61), "embedded:0");
      }
    }
  }

  @Test
  void aWindowHasAtLeastOneByte() {
    assertThatThrownBy(() -> node.allocate(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sizeBytes=0");
  }

  @Test
  void aWindowIsFreedOnce() {
    Window window = node.allocate(4096);
    node.free(window);
    assertThatThrownBy(() -> node.free(window)).isInstanceOf(IllegalStateException.class);
    node.free(node.allocate(BUDGET_BYTES));
  }

  @Test
  void windowsOfAnotherNodeAreRefused() {
    Window theirs = other.allocate(4096);
    CopyRun run = new CopyRun(arena.allocate(1).address(), theirs, 0, 1);
    assertThatThrownBy(() -> node.upload(List.of(run))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("embedded:0");
    assertThatThrownBy(() -> node.download(List.of(run))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.zero(theirs, 0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.free(theirs)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> node.copyFrom(node, List.of(new PeerRun(theirs, 0, theirs, 8, 1))))
        .isInstanceOf(IllegalArgumentException.class);
    other.free(theirs);
  }

  @Test
  void runsOutsideTheirWindowAreRefusedBeforeAnythingIsCopied() throws InterruptedException {
    Window window = window(4096);
    long host = arena.allocate(8192).address();
    CopyRun inside = new CopyRun(host, window, 0, 4096);
    for (CopyRun outside : List.of(new CopyRun(host, window, 1, 4096), new CopyRun(host, window, -1, 1), new CopyRun(host, window, 0, -1),
        new CopyRun(host, window, Long.MAX_VALUE, 2))) {
      assertThatThrownBy(() -> node.upload(List.of(inside, outside))).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> node.download(List.of(inside, outside))).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> node.zero(window, 4096, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    node.fence().await(Long.MAX_VALUE);
    assertThat(node.counters().runsToDevice() + node.counters().runsToHost()).isZero();
  }

  @Test
  void nodesOfAnotherBackendInstanceAreNoPeers() {
    EmbeddedBackend stranger = new EmbeddedBackend();
    try (DeviceNode far = stranger.open(List.of(new DeviceRequest(stranger.probe().devices().getFirst(), 4096))).getFirst()) {
      assertThat(node.canCopyFrom(far)).isFalse();
      assertThat(node.canCopyFrom(other)).isTrue();
      assertThatThrownBy(() -> node.copyFrom(far, List.of())).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void eachQueueHasADaemonThreadFromItsFirstCommandUntilItIsClosed() {
    Set<Thread> others = Thread.getAllStackTraces().keySet();
    EmbeddedBackend own = new EmbeddedBackend();
    DeviceNode counted = own.open(List.of(new DeviceRequest(own.probe().devices().get(1), 4096))).getFirst();
    Window window = counted.allocate(4096);
    assertThat(threadsBeside(others)).isEmpty();
    counted.fence().awaitUninterruptibly();
    assertThat(threadsBeside(others)).hasSize(1).allMatch(Thread::isDaemon);
    counted.computeQueues().forEach(queue -> queue.fill(window, 0, 1, (byte) 1, NodeQueue.After.NOTHING).awaitUninterruptibly());
    assertThat(threadsBeside(others)).hasSize(1 + counted.computeQueues().size()).allMatch(Thread::isDaemon);
    counted.free(window);
    counted.close();
    assertThat(threadsBeside(others)).isEmpty();
  }

  /** {@return the device's threads; tests before this one may have left some of that name} */
  private static List<Thread> threadsBeside(Set<Thread> others) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("samepage-embedded-1") && !others.contains(thread)).toList();
  }

  @Test
  void aClosedNodeRefusesCommands() {
    node.close();
    assertThatThrownBy(() -> node.fence()).isInstanceOf(IllegalStateException.class).hasMessageContaining("embedded:0");
    assertThatThrownBy(() -> other.copyFrom(node, List.of())).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingGivesBackWhatWasForgotten() {
    Window forgotten = node.allocate(BUDGET_BYTES);
    node.close();
    assertThatThrownBy(() -> node.free(forgotten)).isInstanceOf(IllegalStateException.class);
  }
}

package io.samepage.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Grid;
import io.samepage.JavaKernel;
import io.samepage.KernelBuildException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What kernels in Java see, and what a failure fails. */
@Timeout(120)
class EmbeddedQueueTest {
  private final EmbeddedBackend backend = new EmbeddedBackend();
  private final Arena arena = Arena.ofShared();
  private DeviceNode node;
  private DeviceNode other;
  private Window window;

  @BeforeEach
  void open() {
    List<DeviceNode> nodes = backend.open(backend.probe().devices().stream().map(device -> new DeviceRequest(device, 1 << 20)).toList());
    node = nodes.get(0);
    other = nodes.get(1);
    window = node.allocate(4096);
  }

  @AfterEach
  void close() {
    node.free(window);
    node.close();
    other.close();
    arena.close();
  }

  private NodeFence launch(JavaKernel body, NodeArgument... arguments) {
    List<KernelParameter> parameters = List.of(KernelParameter.inOut("a", 1), KernelParameter.value("b", int.class));
    KernelSource source = KernelSource.builder().java("body", parameters, body).build();
    return node.launch(node.kernel(source, "body"), Grid.of(1), List.of(arguments));
  }

  private static void pass(NodeFence fence) throws InterruptedException {
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  /** Holds the queue up until the latch is open. */
  private CountDownLatch hold() {
    CountDownLatch latch = new CountDownLatch(1);
    launch((group, arguments) -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
    return latch;
  }

  /** Enqueues an upload that fails: its window is gone when it runs. */
  private void failAnUpload() {
    CountDownLatch latch = hold();
    Window gone = node.allocate(4096);
    node.upload(List.of(new CopyRun(arena.allocate(10).address(), gone, 0, 10)));
    node.free(gone);
    latch.countDown();
  }

  private static void assertFails(NodeFence fence, String what) {
    assertThatThrownBy(() -> fence.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("embedded:0", what);
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void whateverABodyThrowsFailsItsLaunchAlone() throws InterruptedException {
    for (Throwable thrown : List.of(new IllegalStateException("mine"), new StackOverflowError("mine"), new OutOfMemoryError("mine"),
        new AssertionError("mine"))) {
      NodeFence failed = launch((group, arguments) -> EmbeddedQueueTest.<RuntimeException>sneak(thrown));
      NodeFence behind = node.fence();
      assertThatThrownBy(() -> failed.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("embedded:0", "kernel body", "mine").hasCause(thrown);
      pass(behind);
      pass(launch((group, arguments) -> { }));
    }
    assertThat(node.counters().launches()).isEqualTo(8);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void everyWaiterSeesTheFailureWithItsOwnStack() {
    NodeFence failed = launch((group, arguments) -> {
      throw new IllegalStateException("mine");
    });
    AtomicReference<Throwable> first = new AtomicReference<>();
    assertThatThrownBy(() -> failed.await(Long.MAX_VALUE)).satisfies(first::set);
    assertThatThrownBy(() -> failed.await(0)).isNotSameAs(first.get()).isInstanceOf(DeviceException.class);
  }

  @Test
  void aBodyThatInterruptsItsThreadDisturbsNobody() throws InterruptedException {
    AtomicBoolean wasInterrupted = new AtomicBoolean();
    pass(launch((group, arguments) -> Thread.currentThread().interrupt()));
    pass(launch((group, arguments) -> wasInterrupted.set(Thread.currentThread().isInterrupted())));
    assertThat(wasInterrupted).isFalse();
  }

  @Test
  void aFailedCopyFailsTheNextFenceAndNoLater() throws InterruptedException {
    failAnUpload();
    assertFails(node.fence(), "upload");
    pass(node.fence());
  }

  @Test
  void aLaunchBehindAFailedCopyDoesNotRun() throws InterruptedException {
    AtomicBoolean hasRun = new AtomicBoolean();
    failAnUpload();
    assertFails(launch((group, arguments) -> hasRun.set(true)), "upload");
    assertThat(hasRun).isFalse();
    pass(launch((group, arguments) -> hasRun.set(true)));
    assertThat(hasRun).isTrue();
  }

  @Test
  void commandsBehindAFailedCopyGoOn() throws InterruptedException {
    MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3);
    MemorySegment back = arena.allocate(12);
    failAnUpload();
    node.upload(List.of(new CopyRun(host.address(), window, 0, 12)));
    node.download(List.of(new CopyRun(back.address(), window, 0, 12)));
    assertFails(node.fence(), "upload");
    assertThat(back.toArray(ValueLayout.JAVA_INT)).containsExactly(1, 2, 3);
    assertThat(node.counters().bytesToDevice()).as("what failed is not counted").isEqualTo(12);
  }

  @Test
  void theFenceOfAnotherThreadDoesNotTakeTheFailureAway() throws Exception {
    failAnUpload();
    FutureTask<NodeFence> theirs = new FutureTask<>(node::fence);
    Thread.ofPlatform().start(theirs).join();
    assertFails(theirs.get(), "upload");
    assertFails(node.fence(), "upload");
    pass(node.fence());
  }

  @Test
  void theFailureOfAThreadThatIsGoneIsToldOnce() throws Exception {
    CountDownLatch latch = hold();
    Window gone = node.allocate(4096);
    Thread.ofPlatform().start(() -> node.upload(List.of(new CopyRun(arena.allocate(10).address(), gone, 0, 10)))).join();
    node.free(gone);
    latch.countDown();
    assertFails(node.fence(), "upload");
    pass(node.fence());
  }

  @Test
  void aCopyFromADeviceWhereAnUploadFailedFailsToo() throws InterruptedException {
    Window target = other.allocate(4096);
    failAnUpload();
    other.copyFrom(node, List.of(new PeerRun(window, 0, target, 0, 10)));
    assertThatThrownBy(() -> other.fence().await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class).hasMessageContaining("upload");
    assertFails(node.fence(), "upload");
    pass(other.fence());
    assertThat(other.counters().bytesFromPeers()).isZero();
    other.free(target);
  }

  @Test
  void segmentsAreExactlyTheSliceAndReadOnlyWhereTheKernelReads() throws InterruptedException {
    pass(launch((group, arguments) -> {
      assertThat(arguments.segment(0).address()).isEqualTo(window.handle() + 13);
      assertThat(arguments.segment(0).byteSize()).isEqualTo(100);
      assertThat(arguments.segment(0).isReadOnly()).isTrue();
      assertThat(arguments.segment(1).isReadOnly()).isFalse();
      assertThat(arguments.segment(2).isReadOnly()).isFalse();
    }, memory(13, Access.READ), memory(200, Access.WRITE), memory(300, Access.READ_WRITE)));
  }

  private NodeArgument memory(long offset, Access access) {
    return new NodeArgument.Memory(window, offset, 100, access);
  }

  @Test
  void argumentsAreOfTheKindTheyAre() throws InterruptedException {
    pass(launch((group, arguments) -> {
      assertThat(arguments.value(1)).isEqualTo(7);
      assertThatThrownBy(() -> arguments.segment(1)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> arguments.value(0)).isInstanceOf(ClassCastException.class);
      assertThatThrownBy(() -> arguments.segment(2)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> arguments.value(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }, memory(0, Access.READ_WRITE), new NodeArgument.Value(7)));
  }

  @Test
  void aSegmentThatABodyKeepsIsDeadAfterTheLaunch() throws InterruptedException {
    AtomicReference<MemorySegment> kept = new AtomicReference<>();
    pass(launch((group, arguments) -> kept.set(arguments.segment(0)), memory(0, Access.READ)));
    assertThat(kept.get().scope().isAlive()).isFalse();
    NodeFence later = launch((group, arguments) -> kept.get().get(ValueLayout.JAVA_BYTE, 0));
    assertThatThrownBy(() -> later.await(Long.MAX_VALUE)).hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void argumentsOutsideTheirWindowAreRefused() {
    assertThatThrownBy(() -> launch((group, arguments) -> { }, memory(4000, Access.READ))).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(node.counters().launches()).isZero();
  }

  @Test
  void kernelTimesAreMeasured() throws InterruptedException {
    NodeFence fence = launch((group, arguments) -> {
      long start = System.nanoTime();
      while (System.nanoTime() - start < 1_000_000) {
        Thread.onSpinWait();
      }
    });
    pass(fence);
    assertThat(fence.kernelNanos()).isGreaterThanOrEqualTo(1_000_000);
  }

  @Test
  void aKernelWithoutAJavaFormIsRefusedWithTheFormsThereAre() {
    KernelSource source = KernelSource.builder().openClC("text").java("other", List.of(), (group, arguments) -> { }).build();
    assertThatThrownBy(() -> node.kernel(source, "scale")).isInstanceOf(KernelBuildException.class)
        .hasMessageContainingAll("kernel=scale", "device=embedded:0", "openClC=true", "ptx=false", "java=[other]");
  }
}

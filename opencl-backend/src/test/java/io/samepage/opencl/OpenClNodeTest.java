package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.NativeFunctions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What OpenCL nodes do besides the contract of all nodes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OpenClNodeTest {
  private static final int WINDOW_BYTES = 64 << 10;
  /** Of a kernel that takes a tenth of a second. */
  private static final int STEPS = 1 << 26;

  private final Arena arena = Arena.ofConfined();
  private OpenClNode node;
  private Window window;

  @BeforeEach
  void open() {
    node = Devices.open();
    window = node.allocate(WINDOW_BYTES);
  }

  @AfterEach
  void close() throws InterruptedException {
    node.fence().await(Long.MAX_VALUE);
    node.free(window);
    node.close();
    arena.close();
  }

  private static KernelSource source(String text) {
    return KernelSource.builder().openClC(text).build();
  }

  @Test
  void refusedCopiesNameDeviceCallErrorAndPlace() throws InterruptedException {
    MemorySegment host = arena.allocate(10);
    CopyRun good = new CopyRun(host.address(), window, 0, 10);
    CopyRun bad = new CopyRun(host.address(), window, WINDOW_BYTES - 9, 10);
    assertThatThrownBy(() -> node.upload(List.of(good, bad))).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clEnqueueWriteBuffer", node.info().name(), node.info().description(), "CL_INVALID_VALUE (-30)",
            "offsetBytes=65527", "sizeBytes=10");
    assertThatThrownBy(() -> node.download(List.of(bad))).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clEnqueueReadBuffer", "CL_INVALID_VALUE (-30)");
    assertThat(node.counters().runsToDevice()).isEqualTo(1);
    assertThat(node.fence().await(Long.MAX_VALUE)).as("the queue goes on").isTrue();
  }

  private NodeFence increment(Grid grid, CopyRun... uploads) {
    NativeFunctions.tell(node);
    NodeQueue queue = node.computeQueues().getFirst();
    assertThat(queue.takesUploads()).isTrue();
    return queue.launch(node.kernel(TestKernels.SOURCE, "increment"), grid, List.of(slice(0, 128), new NodeArgument.Value(1)),
        new NodeQueue.After(List.of(uploads), List.of(), List.of()));
  }

  @Test
  void anUploadThatIsRefusedTakesItsKernelAlongAndTheQueuesGoOn() throws InterruptedException {
    MemorySegment host = arena.allocate(128).fill((byte) 1);
    CopyRun good = new CopyRun(host.address(), window, 0, 128);
    CopyRun bad = new CopyRun(host.address(), window, WINDOW_BYTES - 9, 10);
    assertThatThrownBy(() -> increment(Grid.of(32), good, bad)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clEnqueueWriteBuffer", node.info().name(), node.info().description(), "CL_INVALID_VALUE (-30)",
            "offsetBytes=65527", "sizeBytes=10");
    assertThat(node.counters().runsToDevice()).isEqualTo(1);
    assertThat(node.counters().launches()).isZero();
    assertThat(node.fence().await(Long.MAX_VALUE)).as("the uploads before it have ended").isTrue();
    assertThat(increment(Grid.of(32), good).await(Long.MAX_VALUE)).as("the queues go on").isTrue();
    assertFirst(0x01010102);
  }

  @Test
  void theUploadsOfAKernelThatIsRefusedEnd() throws InterruptedException {
    MemorySegment host = arena.allocate(128).fill((byte) 1);
    CopyRun good = new CopyRun(host.address(), window, 0, 128);
    long limit = Devices.found().limits().maxGroupItems();
    assertThatThrownBy(() -> increment(Grid.of(2 * limit).local(2 * limit), good)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clEnqueueNDRangeKernel", node.info().name(), "CL_INVALID_WORK_GROUP_SIZE (-54)");
    assertThat(node.counters().launches()).isZero();
    assertThat(node.fence().await(Long.MAX_VALUE)).isTrue();
    assertFirst(0x01010101);
  }

  private void assertFirst(int expected) throws InterruptedException {
    MemorySegment host = arena.allocate(ValueLayout.JAVA_INT);
    node.download(List.of(new CopyRun(host.address(), window, 0, 4)));
    node.fence().await(Long.MAX_VALUE);
    assertThat(host.get(ValueLayout.JAVA_INT, 0)).isEqualTo(expected);
  }

  @Test
  void refusedAllocationsNameTheErrorAndTheSize() {
    assertThatThrownBy(() -> node.allocate(1L << 60)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clCreateBuffer", "CL_INVALID_BUFFER_SIZE (-61)", "sizeBytes=" + (1L << 60));
  }

  @Test
  void aWindowIsAnArgumentItselfUnlessAnotherArgumentLiesInItToo() {
    assertThat(buffers(slice(0, 128))).containsExactly(window.handle());
    assertThat(buffers(slice(0, 128), slice(128, 128))).doesNotContain(window.handle()).doesNotHaveDuplicates();
  }

  private NodeArgument slice(long offset, long size) {
    return new NodeArgument.Memory(window, offset, size, Access.READ_WRITE);
  }

  private List<Long> buffers(NodeArgument... arguments) {
    try (PlacedArguments placed = new PlacedArguments(node, node.queueHandle(), List.of(arguments), new EventList())) {
      placed.place(Devices.found().limits().alignmentBytes());
      return IntStream.range(0, placed.size()).mapToObj(placed::buffer).toList();
    }
  }

  @Test
  void whatIsRefusedBehindAKernelThatIsEnqueuedFailsItsFence() throws InterruptedException {
    NodeKernel fill = node.kernel(TestKernels.SOURCE, "fill");
    NodeArgument beyondTheEnd = new NodeArgument.Memory(window, 4, WINDOW_BYTES, Access.WRITE);
    NodeFence fence = node.launch(fill, Grid.of(1), List.of(beyondTheEnd, new NodeArgument.Value(7)));
    assertThatThrownBy(() -> fence.await(Long.MAX_VALUE)).isInstanceOf(DeviceException.class)
        .hasMessageContainingAll("clEnqueueCopyBuffer", "CL_INVALID_VALUE (-30)");
    assertThat(fence.isDone()).isTrue();
    assertThat(node.counters().launches()).isEqualTo(1);
    assertThat(node.fence().await(Long.MAX_VALUE)).as("the queue goes on").isTrue();
  }

  @Test
  void theLargestWindowIsGranted() {
    node.free(node.allocate(node.maxWindowBytes()));
  }

  @Test
  void aDeviceThatWasNotFoundIsNotOpened() {
    DeviceInfo other = new DeviceInfo("opencl:77", "opencl", "none", "none", DeviceInfo.Kind.GPU, 1, 1,
        Set.of(MemoryKind.DISCRETE));
    assertThatThrownBy(() -> new OpenClBackend().open(List.of(new DeviceRequest(other, 1)))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("opencl:77").hasMessageContaining("opencl:0");
  }

  @Test
  void theLogOfABrokenProgramSaysWhereItIsBroken() {
    KernelBuildException refusal = catchThrowableOfType(KernelBuildException.class,
        () -> node.kernel(source("__kernel void k(__global int* a) {\n  a[0] = undeclaredName;\n}"), "k"));
    assertThat(refusal.log()).contains("undeclaredName").contains(":2:");
    assertThat(refusal).hasMessageContainingAll(node.info().name(), "CL_BUILD_PROGRAM_FAILURE (-11)", "undeclaredName");
  }

  @Test
  void anUnknownKernelIsAnsweredWithThoseThereAre() {
    assertThatThrownBy(() -> node.kernel(TestKernels.SOURCE, "ad")).isInstanceOf(KernelBuildException.class)
        .hasMessageContainingAll("name=ad,", "[add, affine, churn, copy, fill, increment, stamp, weigh]");
  }

  @Test
  void programsAreBuiltOnceForTheSameText() {
    String text = "__kernel void once(__global int* a) { a[0] = 1; } __kernel void twice(__global int* a) { a[0] = 2; }";
    assertThat(node.kernel(source(text), "once")).isSameAs(node.kernel(source(text), "once"))
        .isNotSameAs(node.kernel(source(text), "twice"));
  }

  @Test
  void groupsBeyondTheLimitAreRefusedWithTheLimit() {
    NodeKernel kernel = node.kernel(TestKernels.SOURCE, "increment");
    long limit = Devices.found().limits().maxGroupItems();
    node.checkGrid(kernel, Grid.of(limit).local(limit));
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(8 * limit).local(2 * limit))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(node.info().name(), "kernel=increment", "limit=");
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(limit, limit).local(limit, 2))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("items=" + 2 * limit, "limit=" + limit);
  }

  @Test
  void aGroupSizeThatTheKernelPrescribesIsKept() throws InterruptedException {
    NodeKernel kernel = node.kernel(source("""
        __kernel __attribute__((reqd_work_group_size(16, 1, 1))) void prescribed(__global int* a) {
          a[get_global_id(0)] = get_local_size(0);
        }
        """), "prescribed");
    node.checkGrid(kernel, Grid.of(30).local(16));
    node.checkGrid(kernel, Grid.of(32));
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(32).local(8))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("required=16");
    assertThatThrownBy(() -> node.checkGrid(kernel, Grid.of(30))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("required=16", "global=30");
    NodeFence fence = node.launch(kernel, Grid.of(32), List.of(memory(0, 128, Access.WRITE)));
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  private NodeArgument memory(long offset, long size, Access access) {
    return new NodeArgument.Memory(window, offset, size, access);
  }

  @Test
  void onlyMisalignedSlicesAreCopiedAndOnlyWhereTheyMust() throws InterruptedException {
    NodeKernel add = node.kernel(TestKernels.SOURCE, "add");
    node.launch(add, Grid.of(32), List.of(memory(0, 128, Access.READ), memory(128, 128, Access.READ), memory(256, 128, Access.WRITE)));
    assertThat(node.counters().bytesWithin()).as("aligned").isZero();
    node.launch(add, Grid.of(32), List.of(memory(4, 128, Access.READ), memory(256, 128, Access.READ), memory(512, 128, Access.WRITE)));
    assertThat(node.counters().bytesWithin()).as("one read").isEqualTo(128);
    node.launch(add, Grid.of(32), List.of(memory(0, 128, Access.READ), memory(128, 128, Access.READ), memory(260, 128, Access.WRITE)));
    assertThat(node.counters().bytesWithin()).as("one written whole").isEqualTo(2 * 128);
    NodeKernel increment = node.kernel(TestKernels.SOURCE, "increment");
    NodeFence fence = node.launch(increment, Grid.of(32), List.of(memory(4, 128, Access.READ_WRITE), new NodeArgument.Value(1)));
    assertThat(node.counters().bytesWithin()).as("one changed").isEqualTo(4 * 128);
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void oneLaunchAtATimeHasTemporaryBuffersAndOthersWaitForNone() throws Exception {
    LongKernels.tryUntilSeen(STEPS, "another launch returned", steps -> {
      NodeFence aligned = churn(0, steps);
      NodeFence first = churn(4, steps);
      boolean hasNotWaited = !aligned.isDone();
      NodeFence second = churn(8, steps);
      assertThat(first.isDone()).as("the temporaries of the launch before are gone").isTrue();
      NodeFence last = churn(0, 1);
      boolean isSeen = hasNotWaited && !second.isDone();
      assertThat(last.await(Long.MAX_VALUE)).isTrue();
      return isSeen;
    });
  }

  /** Slices at other offsets than 0 are misaligned. */
  private NodeFence churn(long offset, int steps) {
    return node.launch(node.kernel(TestKernels.SOURCE, "churn"), Grid.of(1),
        List.of(memory(offset, 4, Access.READ_WRITE), new NodeArgument.Value(steps)));
  }

  @Test
  void kernelTimesAreMeasured() throws InterruptedException {
    NodeKernel churn = node.kernel(TestKernels.SOURCE, "churn");
    NodeFence fence = node.launch(churn, Grid.of(1), List.of(memory(4, 4, Access.READ_WRITE), new NodeArgument.Value(10_000_000)));
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
    assertThat(fence.kernelNanos()).isGreaterThan(1_000_000);
    node.upload(List.of(new CopyRun(arena.allocate(4).address(), window, 0, 4)));
    NodeFence copies = node.fence();
    assertThat(copies.await(Long.MAX_VALUE)).isTrue();
    assertThat(copies.kernelNanos()).isZero();
  }
}

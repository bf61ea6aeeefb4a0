package io.samepage.cuda;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that use the host's own pages: which do, and what their kernels get. On the test double. */
class HostMemoryKindTest {
  private static final KernelSource FAILING = KernelSource.builder().ptxResource(HostMemoryKindTest.class, "FailingKernels.ptx").build();
  private static final long BYTES = 1 << 16;
  /** Much more than what is written of it. */
  private static final long SPARSE_BYTES = 256 << 20;

  @BeforeEach
  @AfterEach
  void reset() {
    DoubleNative.reset();
  }

  private static UnifiedMemory open() {
    return UnifiedMemory.builder().devices("cuda:0").memoryKind(MemoryKind.COHERENT).open();
  }

  private static boolean isOffered(int... attributes) {
    DoubleNative.reset();
    for (int attribute : attributes) {
      DoubleNative.attribute(0, attribute, 1);
    }
    return new CudaBackend().probe().devices().getFirst().memoryKinds().contains(MemoryKind.COHERENT);
  }

  @Test
  void itIsOfferedWhereKernelsCanUseTheHostsPointersAndTheMemoryIsOne() {
    int integrated = CUdevice_attribute.CU_DEVICE_ATTRIBUTE_INTEGRATED;
    int registered = CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM;
    assertThat(isOffered()).isFalse();
    assertThat(isOffered(registered)).as("over a bus").isFalse();
    assertThat(isOffered(integrated)).as("by other pointers").isFalse();
    assertThat(isOffered(integrated, registered)).isTrue();
    assertThat(isOffered(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS)).isTrue();
    DoubleNative.isIntegrated(0);
    DoubleNative.attribute(0, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS, 0);
    DoubleNative.attribute(0, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED, 0);
    assertThat(new CudaBackend().probe().devices().getFirst().memoryKinds()).containsExactly(MemoryKind.DISCRETE);
  }

  @Test
  void aDeviceThatDoesNotOfferItIsRefused() {
    assertThatThrownBy(HostMemoryKindTest::open).isInstanceOf(MemoryKindException.class).hasMessageContaining("cuda:0");
  }

  @Test
  void kernelsGetTheHostsPointerAndNothingIsRegisteredWhereAllOfItCanBeUsed() {
    DoubleNative.usesAllHostMemory(0);
    try (UnifiedMemory memory = open(); UnifiedRange range = memory.allocate(BYTES)) {
      assertSamePointer(memory, range);
      assertThat(DoubleNative.registeredBytes()).isZero();
      assertThat(DoubleNative.calls("cuMemHostRegister_v2") + DoubleNative.calls("cuMemAlloc_v2")).isZero();
    }
  }

  private static void assertSamePointer(UnifiedMemory memory, UnifiedRange range) {
    Device device = memory.devices().getFirst();
    try (DeviceLease lease = device.acquire(range.slice(64, 128), Access.READ); HostLease host = range.slice(64, 128).host(Access.READ)) {
      assertThat(lease.handle() + lease.handleOffsetBytes()).isEqualTo(host.segment().address());
    }
    device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES / 4), out(range), value(6)).await();
    try (HostLease host = range.host(Access.READ)) {
      assertThat(host.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(6);
    }
  }

  @Test
  void whereItMustBeRegisteredItIsAsLongAsTheRangeIsThere() {
    DoubleNative.isIntegrated(0);
    try (UnifiedMemory memory = open()) {
      long ofTrial = DoubleNative.calls("cuMemHostRegister_v2");
      assertThat(ofTrial).isPositive();
      try (UnifiedRange range = memory.allocate(BYTES)) {
        assertThat(DoubleNative.registeredBytes()).as("not used yet").isZero();
        assertSamePointer(memory, range);
        range.slice(0, BYTES / 2).discard();
        assertSamePointer(memory, range);
        assertThat(DoubleNative.registeredBytes()).isEqualTo(BYTES);
        assertThat(DoubleNative.calls("cuMemHostRegister_v2") - ofTrial).as("once").isEqualTo(PinnedChunks.of(range));
      }
      assertThat(DoubleNative.registeredBytes()).isZero();
    }
  }

  @Test
  void ofTouchedMemoryWhatIsDiscardedIsZeroInTheSameFramesAndGoesNowhere() {
    DoubleNative.isIntegrated(0);
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").deviceMemoryKind("cuda:0", MemoryKind.COHERENT).open();
        UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(BYTES).fill((byte) 1);
      Device integrated = memory.devices().getFirst();
      Device other = memory.devices().getLast();
      integrated.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(BYTES / 4), inOut(segment), value(1)).await();
      segment.set(ValueLayout.JAVA_INT, 0, 9);
      long registered = DoubleNative.registeredBytes();
      memory.slice(segment).discard();
      assertThat(DoubleNative.registeredBytes()).isEqualTo(registered).isPositive();
      other.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(BYTES / 4), inOut(segment), value(3)).await();
      assertThat(memory.statistics().bytesToDevice()).as("zeros don't move").isZero();
      assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(3);
      memory.slice(segment).discard();
      assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(0);
      integrated.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(BYTES / 4), inOut(segment), value(5)).await();
      assertThat(segment.toArray(ValueLayout.JAVA_INT)).containsOnly(5);
    }
  }

  @Test
  void whatNobodyHasWrittenTakesNoMemoryWhereItIsDiscarded() throws IOException {
    DoubleNative.isIntegrated(0);
    try (UnifiedMemory memory = open(); UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(SPARSE_BYTES);
      segment.set(ValueLayout.JAVA_INT, SPARSE_BYTES / 4, 5);
      for (Slice slice : List.of(memory.allocate(SPARSE_BYTES).all(), memory.slice(segment))) {
        Slice written = slice.slice(SPARSE_BYTES / 2, BYTES);
        memory.devices().getFirst().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES / 4), out(written), value(6)).await();
        slice.discard();
        try (HostLease host = slice.host(Access.READ)) {
          assertThat(host.segment().get(ValueLayout.JAVA_INT, SPARSE_BYTES / 4)).isZero();
          assertThat(host.segment().asSlice(SPARSE_BYTES / 2, BYTES).toArray(ValueLayout.JAVA_INT)).containsOnly(0);
          assertThat(residentBytes(host.segment().address())).isLessThan(SPARSE_BYTES / 4);
        }
      }
    }
  }

  /** How much of the mapping around an address has frames. */
  private static long residentBytes(long address) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    int mapping = 0;
    while (!isOf(address, lines.get(mapping))) {
      mapping++;
    }
    String size = lines.subList(mapping, lines.size()).stream().filter(line -> line.startsWith("Rss:")).findFirst().orElseThrow();
    return Long.parseLong(size.replaceAll("\\D", "")) << 10;
  }

  private static boolean isOf(long address, String line) {
    Matcher bounds = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) .*").matcher(line);
    return bounds.matches() && Long.parseUnsignedLong(bounds.group(1), 16) <= address
        && address < Long.parseUnsignedLong(bounds.group(2), 16);
  }

  @Test
  void fillsAndCopiesGoFromOneRegisteredPieceToTheNext() {
    DoubleNative.isIntegrated(0);
    CudaBackend backend = new CudaBackend();
    DeviceRequest request = new DeviceRequest(backend.probe().devices().getFirst(), 1 << 30, MemoryKind.COHERENT);
    try (DeviceNode node = backend.open(List.of(request)).getFirst(); Arena arena = Arena.ofShared()) {
      MemorySegment host = arena.allocate(3 * HostPins.CHUNK_BYTES, 4096);
      node.useHost(host.address(), host.byteSize());
      Window window = node.wrap(host.address(), host.byteSize());
      long border = HostPins.CHUNK_BYTES - host.address() % HostPins.CHUNK_BYTES;
      node.fill(window, border - 100, 200, (byte) 7);
      node.computeQueues().getFirst().copy(new PeerRun(window, border - 100, window, border + HostPins.CHUNK_BYTES - 50, 200),
          new NodeQueue.After(List.of(node.fence()), List.of())).awaitUninterruptibly();
      assertThat(host.asSlice(border - 101, 202).toArray(ValueLayout.JAVA_BYTE)).startsWith(0, 7, 7).endsWith(7, 7, 0);
      assertThat(host.asSlice(border + HostPins.CHUNK_BYTES - 50, 200).mismatch(host.asSlice(border - 100, 200))).isEqualTo(-1);
      node.free(window);
      node.leaveHost(host.address(), host.byteSize());
    }
  }

  @Test
  void whatTheDriverDoesNotRegisterIsRefusedAndNothingChanges() {
    DoubleNative.isIntegrated(0);
    try (UnifiedMemory memory = open(); UnifiedRange range = memory.allocate(BYTES)) {
      DoubleNative.fail("cuMemHostRegister_v2", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, false);
      Device device = memory.devices().getFirst();
      assertThatThrownBy(() -> device.acquire(range.all(), Access.READ)).isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("cuMemHostRegister", "CUDA_ERROR_OUT_OF_MEMORY (2)", "sizeBytes=");
      assertSamePointer(memory, range);
    }
  }

  @Test
  void aDriverThatRefusesTheHostsMemoryAfterAllIsFoundOutWhenTheDeviceIsOpened() {
    DoubleNative.isIntegrated(0);
    for (String call : List.of("cuMemHostRegister_v2", "cuLaunchKernel", "cuMemsetD32Async", "cuMemcpyDtoDAsync_v2")) {
      DoubleNative.fail(call, 1, CUresult.CUDA_ERROR_NOT_SUPPORTED, false);
      assertThatThrownBy(HostMemoryKindTest::open).isInstanceOfSatisfying(MemoryKindException.class, e -> {
        assertThat(e.asked()).isEqualTo(MemoryKind.COHERENT);
        assertThat(e.offered()).containsExactly(MemoryKind.DISCRETE);
      }).hasMessageContaining("cuda:0").hasMessageContaining("CUDA_ERROR_NOT_SUPPORTED (801)");
    }
    assertThat(DoubleNative.registeredBytes()).isZero();
    open().close();
  }

  @Test
  void aCopyOfTheHostsMemoryIsFoundOutAndSaid() {
    FoundDevice device = DeviceScan.run("libcuda.so.1").devices().getFirst();
    try (CudaNode node = new CudaNode(device, new CudaContext(device), MemoryKind.DISCRETE); Arena arena = Arena.ofShared()) {
      MemorySegment host = arena.allocate(HostPagesTrial.HOST_BYTES, 4096);
      Window copy = node.allocate(host.byteSize());
      assertThatThrownBy(() -> HostPagesTrial.compare(node, host, copy)).isInstanceOf(MemoryKindException.class)
          .hasMessageContaining("cuda:0").hasMessageContaining("does not see what a kernel");
      assertThat(node.counters().launches()).isZero();
      node.free(copy);
    }
  }

  @Test
  void theDoubleLetsNoKernelUseHostMemoryWhereTheDeviceCannot() {
    FoundDevice device = DeviceScan.run("libcuda.so.1").devices().getFirst();
    try (CudaNode node = new CudaNode(device, new CudaContext(device), MemoryKind.COHERENT)) {
      assertThatThrownBy(() -> HostPagesTrial.run(node)).isInstanceOf(MemoryKindException.class)
          .hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS (700)");
    }
  }

  @Test
  void aDeviceThatIsLostPoisonsWhatItsKernelWasToWriteAndNothingElse() {
    DoubleNative.usesAllHostMemory(0);
    try (UnifiedMemory memory = open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange written = memory.allocate(BYTES);
      UnifiedRange broken = memory.allocate(BYTES);
      device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES / 4), out(written), value(5)).await();
      Fence trapped = device.kernel(FAILING, "trap").launch(Grid.of(1), inOut(broken));
      assertThatThrownBy(trapped::await).isInstanceOf(KernelFailedException.class);
      assertThatThrownBy(() -> broken.host(Access.READ).close()).isInstanceOf(PoisonedPageException.class);
      try (HostLease host = written.host(Access.READ)) {
        assertThat(host.segment().toArray(ValueLayout.JAVA_INT)).as("the frames are the host's").containsOnly(5);
      }
      assertThatThrownBy(() -> device.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(BYTES), in(written), out(broken)).await())
          .isInstanceOf(DeviceException.class);
    }
  }
}

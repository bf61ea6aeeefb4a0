package io.samepage.cuda;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelBuildException;
import io.samepage.KernelFailedException;
import io.samepage.KernelSource;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What drivers refuse and devices fail at, on the test double. */
class CudaFailuresTest {
  private static final KernelSource FAILING = KernelSource.builder().ptxResource(CudaFailuresTest.class, "FailingKernels.ptx").build();
  private static final long BYTES = 1 << 16;

  private UnifiedMemory memory;
  private Device device;
  private Device other;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").open();
    device = memory.devices().getFirst();
    other = memory.devices().getLast();
  }

  @AfterEach
  void close() {
    memory.close();
    DoubleNative.reset();
  }

  private UnifiedRange filled(int value) {
    UnifiedRange range = memory.allocate(BYTES);
    fillOnHost(range, value);
    return range;
  }

  private static void fillOnHost(UnifiedRange range, int value) {
    try (HostLease lease = range.host(Access.WRITE)) {
      for (long i = 0; i < BYTES / 4; i++) {
        lease.segment().setAtIndex(ValueLayout.JAVA_INT, i, value);
      }
    }
  }

  private static int[] ints(UnifiedRange range) {
    try (HostLease lease = range.host(Access.READ)) {
      return lease.segment().toArray(ValueLayout.JAVA_INT);
    }
  }

  private static void fillOn(Device where, UnifiedRange range, int value) {
    where.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES / 4), out(range), value(value)).await();
  }

  private void loseDevice() {
    UnifiedRange argument = memory.allocate(BYTES);
    Fence trapped = device.kernel(FAILING, "trap").launch(Grid.of(1), inOut(argument));
    assertThatThrownBy(trapped::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)")
        .hasMessageContaining("cuda:0");
    assertPoisoned(argument);
  }

  private static void assertPoisoned(UnifiedRange range) {
    assertThatThrownBy(() -> range.host(Access.READ).close()).isInstanceOf(PoisonedPageException.class).hasMessageContaining(range.name());
  }

  @Test
  void whatALostDeviceAloneHeldIsPoisonedExactly() {
    UnifiedRange alone = filled(1);
    UnifiedRange duplicated = filled(2);
    UnifiedRange elsewhere = filled(3);
    UnifiedRange atHome = filled(4);
    fillOn(device, alone, 10);
    device.acquire(duplicated.all(), Access.READ).close();
    fillOn(other, elsewhere, 30);
    loseDevice();
    assertPoisoned(alone);
    assertThat(alone.all().residency().nodes(0)).isEmpty();
    assertThat(ints(duplicated)).containsOnly(2);
    assertThat(duplicated.all().residency().nodes(0)).containsExactly(Residency.HOST);
    assertThat(ints(elsewhere)).containsOnly(30);
    assertThat(ints(atHome)).containsOnly(4);
  }

  @Test
  void onlyThePagesThatTheLostDeviceHadWrittenArePoisoned() {
    UnifiedRange range = filled(1);
    Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
    fill.launch(Grid.of(BYTES / 8), out(range.slice(0, BYTES / 2)), value(5)).await();
    loseDevice();
    try (HostLease lease = range.slice(BYTES / 2, BYTES / 2).host(Access.READ)) {
      assertThat(lease.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(1);
    }
    assertPoisoned(range);
    int pages = (int) (BYTES / range.all().residency().pageSizeBytes());
    assertThat(range.all().residency().poisonedPages()).isEqualTo(pages / 2);
  }

  @Test
  void everythingElseGoesOnAfterADeviceIsLost() {
    UnifiedRange alone = filled(1);
    fillOn(device, alone, 10);
    loseDevice();
    fillOnHost(alone, 20);
    assertThat(ints(alone)).as("overwritten as a whole").containsOnly(20);
    Kernel increment = other.kernel(TestKernels.SOURCE, "increment");
    increment.launch(Grid.of(BYTES / 4), inOut(alone), value(2)).await();
    assertThat(ints(alone)).containsOnly(22);
  }

  @Test
  void aLostDeviceRefusesFurtherWorkAndSaysWhy() {
    Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
    UnifiedRange range = filled(1);
    UnifiedRange another = filled(3);
    loseDevice();
    assertThatThrownBy(() -> fill.launch(Grid.of(BYTES / 4), out(range), value(2)).await()).isInstanceOf(DeviceException.class)
        .hasMessageContaining("cuda:0").hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)");
    assertThatThrownBy(() -> device.acquire(another.all(), Access.READ)).isInstanceOf(DeviceException.class)
        .hasMessageContaining("lost=");
    assertThat(ints(another)).containsOnly(3);
  }

  @Test
  void aLostDeviceWorksAgainInANewMemory() {
    loseDevice();
    memory.close();
    memory = UnifiedMemory.builder().devices("cuda:0").open();
    device = memory.devices().getFirst();
    UnifiedRange range = memory.allocate(BYTES);
    fillOn(device, range, 7);
    assertThat(ints(range)).containsOnly(7);
  }

  @Test
  void ofTouchedMemoryTheHostKeepsWhatItHasWhenADeviceIsLost() {
    try (UnifiedArena arena = memory.sharedArena()) {
      MemorySegment alone = arena.allocate(BYTES);
      MemorySegment duplicated = arena.allocate(BYTES);
      MemorySegment brought = arena.allocate(BYTES);
      Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
      duplicated.fill((byte) 1);
      device.acquire(memory.slice(duplicated), Access.READ).close();
      fill.launch(Grid.of(BYTES / 4), out(alone), value(5)).await();
      fill.launch(Grid.of(BYTES / 4), out(brought), value(6)).await();
      assertThat(brought.get(ValueLayout.JAVA_INT, 0)).as("touched").isEqualTo(6);
      loseDevice();
      assertThat(duplicated.toArray(ValueLayout.JAVA_INT)).containsOnly(0x01010101);
      assertThat(brought.get(ValueLayout.JAVA_INT, 0)).isEqualTo(6);
      assertThat(alone.toArray(ValueLayout.JAVA_INT)).as("what poisoned pages read as").containsOnly(0xDEADBEEF);
      assertPoisoned(memory.range(alone));
    }
  }

  @Test
  void theDriverMayHaveLessMemoryThanTheBudgetSays() {
    UnifiedRange first = filled(1);
    fillOn(device, first, 2);
    DoubleNative.fail("cuMemAlloc_v2", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, false);
    UnifiedRange second = filled(3);
    fillOn(device, second, 4);
    assertThat(ints(first)).as("evicted for the second").containsOnly(2);
    assertThat(ints(second)).containsOnly(4);
    assertThat(device.statistics().evictedBytes()).isEqualTo(BYTES);
  }

  @Test
  void memoryThatTheDriverNeverGivesIsSaid() {
    DoubleNative.fail("cuMemAlloc_v2", 1, CUresult.CUDA_ERROR_OUT_OF_MEMORY, true);
    UnifiedRange range = filled(3);
    OutOfDeviceMemoryException refusal = catchThrowableOfType(OutOfDeviceMemoryException.class, () -> fillOn(device, range, 4));
    assertThat(refusal).hasMessageContaining("cuda:0");
    assertThat(refusal.getCause()).hasMessageContaining("cuMemAlloc").hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY (2)")
        .hasMessageContaining("sizeBytes=" + BYTES);
    assertThat(ints(range)).containsOnly(3);
  }

  @Test
  void ptxThatDoesNotAssembleIsRefusedWithItsLog() {
    KernelSource source = KernelSource.builder()
        .ptx(".version 7.0\n.target sm_75\n.address_size 64\n.visible .entry broken()\n{\n  no.such.instruction;\n}\n").build();
    KernelBuildException refusal = catchThrowableOfType(KernelBuildException.class, () -> device.kernel(source, "broken"));
    assertThat(refusal).hasMessageContaining("cuda:0").hasMessageContaining("CUDA_ERROR_INVALID_PTX (218)");
    assertThat(refusal.log()).contains("test double of ptxas", "line 6", "no.such.instruction");
  }

  @Test
  void ptxThatIsNewerThanTheDriverIsRefused() {
    KernelSource source = KernelSource.builder().ptx(".version 9.9\n.target sm_75\n.address_size 64\n").build();
    assertThatThrownBy(() -> device.kernel(source, "any")).isInstanceOf(KernelBuildException.class)
        .hasMessageContaining("CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)").hasMessageContaining("9.9");
  }

  @Test
  void aRefusedLaunchChangesNothing() {
    UnifiedRange range = filled(3);
    Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
    DoubleNative.fail("cuLaunchKernel", 1, CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, false);
    assertThatThrownBy(() -> fill.launch(Grid.of(BYTES / 4), out(range), value(2))).isInstanceOf(DeviceException.class)
        .hasMessageContaining("CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)");
    assertThat(ints(range)).containsOnly(3);
    fill.launch(Grid.of(BYTES / 4), out(range), value(2)).await();
    assertThat(ints(range)).containsOnly(2);
  }

  @Test
  void aKernelWithoutAPtxFormIsRefused() {
    KernelSource source = KernelSource.builder().openClC("__kernel void fill(__global int* a) {}").build();
    assertThatThrownBy(() -> device.kernel(source, "fill")).isInstanceOf(KernelBuildException.class).hasMessageContaining("PTX")
        .hasMessageContaining("cuda:0").hasMessageContaining("name=fill");
  }

  @Test
  void aKernelThatReachesBeyondItsMemoryLosesTheDevice() {
    UnifiedRange range = memory.allocate(BYTES);
    UnifiedRange kept = filled(6);
    Fence beyond = device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BYTES), out(range), value(2));
    assertThatThrownBy(beyond::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("CUDA_ERROR_ILLEGAL_ADDRESS (700)");
    assertPoisoned(range);
    assertThat(ints(kept)).containsOnly(6);
    assertThat(DoubleNative.notes()).contains("no device memory: device=0");
  }

  @Test
  void devicesThatMayNotUseEachOthersMemoryCopyByWayOfTheHost() {
    memory.close();
    DoubleNative.peersAllowed(false);
    memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").open();
    UnifiedRange range = memory.allocate(BYTES);
    UnifiedRange target = memory.allocate(BYTES);
    fillOn(memory.devices().getFirst(), range, 9);
    Device second = memory.devices().getLast();
    second.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(BYTES), in(range), out(target)).await();
    assertThat(ints(target)).containsOnly(9);
    assertThat(second.statistics().bytesDeviceToDevice()).isZero();
    assertThat(DoubleNative.calls("cuMemcpyPeerAsync")).isZero();
  }
}

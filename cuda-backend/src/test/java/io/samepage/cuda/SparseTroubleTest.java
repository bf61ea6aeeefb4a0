package io.samepage.cuda;

import static io.samepage.Argument.in;
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
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.FutureTask;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pieces of address space while others use them in their own ways, and a driver that doesn't take them back, on the test double. */
class SparseTroubleTest {
  @RegisterExtension
  static final SparseDouble MAPPING = new SparseDouble(SparseDouble.PAGE_BYTES);

  private static final long PAGE = SparseDouble.PAGE_BYTES;
  private static final long UNIT = 16 * PAGE;
  private static final String TIMEOUT = "samepage.fault.timeoutMillis";

  private OwnCuda own;
  private UnifiedMemory memory;
  private Device device;

  @BeforeEach
  void open() {
    own = new OwnCuda(0);
    memory = CudaInterop.builder(own.context()).open();
    device = memory.devices().getFirst();
  }

  @AfterEach
  void close() {
    memory.close();
    own.close();
  }

  /** An arena of a memory whose fault handler is impatient from now on. */
  private UnifiedArena impatientArena() {
    System.setProperty(TIMEOUT, "100");
    try {
      return memory.sharedArena();
    } finally {
      System.clearProperty(TIMEOUT);
    }
  }

  private Fence fill(Slice slice, int value) {
    return device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(value));
  }

  private long address(Slice slice) {
    try (DeviceLease lease = device.acquire(slice, Access.READ)) {
      return lease.handle() + lease.handleOffsetBytes();
    }
  }

  private static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(ValueLayout.JAVA_INT);
    }
  }

  /** The copy to the host must not wait in the call: so the memory is pinned, by an upload of some length. */
  private static void assertIsPinned(Device device, Slice slice) {
    device.acquire(slice, Access.READ).close();
    assertThat(DoubleNative.registeredBytes()).isPositive();
  }

  @Test
  void aReadThatTheFaultHandlerGaveUpIsOverBeforeItsPieceGoes() throws Exception {
    UnifiedArena arena = impatientArena();
    MemorySegment touched = arena.allocate(4 * UNIT);
    touched.fill((byte) 1);
    assertIsPinned(device, memory.slice(touched));
    fill(memory.slice(touched), 5).await();
    FutureTask<Void> closing = new FutureTask<>(arena::close, null);
    DoubleNative.hold(true);
    try {
      assertThat(touched.get(ValueLayout.JAVA_INT, 0)).as("nothing came in time").isEqualTo(0xDEADBEEF);
      long waits = DoubleNative.calls("cuStreamSynchronize");
      Thread.ofPlatform().start(closing);
      while (DoubleNative.calls("cuStreamSynchronize") == waits && !closing.isDone()) {
        Thread.onSpinWait();
      }
    } finally {
      DoubleNative.hold(false);
    }
    closing.get();
  }

  @Test
  void whatLiesAcrossPiecesIsUsedAlongWithALeaseAlsoWhereMemoryIsAdoptedElsewhereInTheRange() throws Exception {
    UnifiedRange range = memory.allocate(8 * PAGE);
    fill(range.slice(0, 4 * PAGE), 7).await();
    try (DeviceLease lease = device.acquire(range.slice(0, 2 * PAGE), Access.READ)) {
      long first = lease.handle() + lease.handleOffsetBytes();
      CudaInterop.adopt(device, range.slice(6 * PAGE, PAGE), own.allocate(PAGE));
      FutureTask<Long> other = new FutureTask<>(() -> address(range.slice(PAGE, 2 * PAGE)));
      Thread.ofPlatform().start(other);
      assertThat(other.get()).as("across others").isEqualTo(first + PAGE);
    }
  }

  @Test
  void ofPiecesBesideAdoptedMemoryAllGoWhereARequestNeedsLessThanTheyHoldAndHasNoOtherRoom() {
    memory.close();
    DoubleNative.granularity(4 * PAGE);
    memory = CudaInterop.builder(own.context()).deviceBudget("cuda:0", 9 * PAGE).open();
    device = memory.devices().getFirst();
    UnifiedRange range = memory.allocate(24 * PAGE);
    fill(range.slice(2 * PAGE, 4 * PAGE), 7).await();
    CudaInterop.adopt(device, range.slice(20 * PAGE, PAGE), own.allocate(PAGE));
    Slice across = range.slice(3 * PAGE, 2 * PAGE);
    UnifiedRange sum = memory.allocate(2 * PAGE);
    device.kernel(TestKernels.SOURCE, "add").launch(Grid.of(2 * PAGE / 4), in(across), in(across), out(sum)).await();
    assertThat(device.usedBytes()).as("two pages of each").isEqualTo(4 * PAGE);
    assertThat(ints(sum.all())).containsOnly(14);
    assertThat(ints(range.slice(2 * PAGE, 4 * PAGE))).containsOnly(7);
  }

  @Test
  void ofARangeThatIsClosedAllGoesButWhatTheDriverDoesNotTakeBack() {
    UnifiedRange range = memory.allocate(4 * PAGE);
    fill(range.all(), 1).await();
    long first = address(range.all());
    DoubleNative.fail("cuMemUnmap", 1, CUresult.CUDA_ERROR_UNKNOWN, false);
    assertThatThrownBy(range::close).isInstanceOf(DeviceException.class).hasMessageContaining("cuMemUnmap");
    assertThat(DoubleNative.mappings()).isEqualTo(1);
    assertThat(device.usedBytes()).as("charged").isZero();
    VirtualMemoryNative calls = VirtualMemoryNative.find().orElseThrow();
    OwnCuda.succeed(calls.unmap(first, PAGE));
    OwnCuda.succeed(calls.free(first, 4 * PAGE));
  }
}

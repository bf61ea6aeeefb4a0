package io.samepage.cuda;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import jcuda.driver.CUcontext;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Samepage on a context of the program's, beside its own kernels, stream and events, on the test double. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CudaOwnContextTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int COUNT = 16 * 1024;

  private OwnCuda own;
  private UnifiedMemory memory;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    own = new OwnCuda(0);
    memory = CudaInterop.builder(own.context(), own.stream()).open();
  }

  @AfterEach
  void close() {
    own.hold(false);
    closeMemory();
    own.close();
    DoubleNative.reset();
  }

  private void closeMemory() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }

  private Device device() {
    return memory.devices().getFirst();
  }

  private UnifiedRange sequence() {
    UnifiedRange range = memory.allocate(4L * COUNT);
    try (HostLease lease = range.host(Access.WRITE)) {
      lease.segment().copyFrom(MemorySegment.ofArray(IntStream.range(0, COUNT).toArray()));
    }
    return range;
  }

  private static int[] ints(UnifiedRange range) {
    try (HostLease lease = range.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  @Test
  void theContextIsTheProgramsAndStaysWhenTheMemoryIsClosed() {
    assertThat(memory.devices()).extracting(Device::name).containsExactly("cuda:0");
    assertThat(CudaInterop.context(device())).isEqualTo(own.context());
    assertThat(ints(sequence())).startsWith(0, 1, 2);
    closeMemory();
    assertThat(own.works()).isTrue();
    assertThat(DoubleNative.calls("cuDevicePrimaryCtxRetain")).as("of the primary context").isZero();
    assertThat(DoubleNative.usedBytes(0)).isZero();
  }

  @Test
  void whatIsNoContextOrStreamOfItIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.builder(null)).withMessageContaining("context=null");
    assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.builder(new CUcontext()));
    assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.builder(own.context(), new CUstream()))
        .withMessageContaining("No stream");
    try (OwnCuda other = new OwnCuda(0)) {
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.builder(own.context(), other.stream()))
          .withMessageContaining("another context");
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.builder(own.context(), other.context()))
          .withMessageContaining("Two contexts are of one device");
    }
    OwnCuda gone = new OwnCuda(1);
    gone.close();
    assertThatThrownBy(() -> CudaInterop.builder(gone.context())).isInstanceOf(DeviceException.class).hasMessageContaining("context=");
  }

  @Test
  void contextsOfTwoDevicesCopyToEachOtherWithoutTheHost() {
    closeMemory();
    try (OwnCuda other = new OwnCuda(1)) {
      memory = CudaInterop.builder(own.context(), other.context()).open();
      assertThat(memory.devices()).extracting(Device::name).containsExactly("cuda:0", "cuda:1");
      UnifiedRange range = sequence();
      for (Device device : memory.devices()) {
        device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(COUNT), inOut(range), value(1)).await();
      }
      assertThat(ints(range)).startsWith(2, 3, 4);
      assertThat(memory.devices().getLast().statistics().bytesDeviceToDevice()).isEqualTo(4L * COUNT);
      assertThat(CudaInterop.context(memory.devices().getLast())).isEqualTo(other.context());
      closeMemory();
    }
  }

  @Test
  void workThatFailsPoisonsWhatTheLeaseWasToWrite() {
    UnifiedRange range = sequence();
    UnifiedRange other = sequence();
    DeviceLease lease = device().acquire(range.slice(4096, 8192), Access.READ_WRITE);
    own.hold(true);
    own.trap(CudaInterop.pointer(lease));
    CompletableFuture<Void> closed = CudaInterop.closeWhen(lease, own.stream());
    own.hold(false);
    assertThatThrownBy(closed::join).hasCauseInstanceOf(KernelFailedException.class).hasMessageContaining("cuda:0")
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED (719)");
    assertThat(range.all().residency().poisonedPages()).isEqualTo(8192 / range.all().residency().pageSizeBytes());
    assertThat(lease.isOpen()).isFalse();
    assertThat(ints(other)).startsWith(0, 1, 2);
  }

  @Test
  void anEventOfOurOwnInTheProgramsStreamIsGivenBack() {
    UnifiedRange range = sequence();
    DeviceLease lease = device().acquire(range.all(), Access.READ);
    CudaInterop.closeWhen(lease, own.stream()).join();
    long events = DoubleNative.liveEvents();
    assertThatThrownBy(() -> CudaInterop.closeWhen(lease, own.stream())).isInstanceOf(IllegalStateException.class);
    CudaInterop.closeWhen(device().acquire(range.all(), Access.READ), own.stream()).join();
    assertThat(DoubleNative.liveEvents()).isEqualTo(events);
  }

  @Test
  void theProgramGetsAStreamThatSamepageDoesNotUse() {
    CUstream stream = CudaInterop.stream(device());
    assertThat(CudaInterop.stream(device())).isSameAs(stream);
    long before = DoubleNative.calls("cuStreamDestroy_v2");
    UnifiedRange range = sequence();
    device().kernel(TestKernels.SOURCE, "increment").launch(Grid.of(COUNT), inOut(range), value(1)).await();
    CudaInterop.closeWhen(device().acquire(range.all(), Access.READ), stream).join();
    Device device = device();
    closeMemory();
    assertThat(DoubleNative.calls("cuStreamDestroy_v2") - before).as("five of its own, and this one").isEqualTo(6);
    assertThatThrownBy(() -> CudaInterop.stream(device)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsNoLeaseOfCudaOrNoEventOrAnotherContextsStreamIsRefusedAndChangesNothing() {
    UnifiedRange range = sequence();
    try (DeviceLease lease = device().acquire(range.all(), Access.WRITE); OwnCuda other = new OwnCuda(0)) {
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.closeWhen(lease, new CUevent()));
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.closeWhen(lease, (CUstream) null));
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.closeWhen(lease, other.stream()))
          .withMessageContaining("another context").withMessageContaining("cuda:0");
      assertThat(lease.isOpen()).isTrue();
    }
    try (UnifiedMemory embedded = UnifiedMemory.builder().devices("embedded:0").open()) {
      DeviceLease its = embedded.devices().getFirst().acquire(embedded.allocate(4096).all(), Access.READ);
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.closeWhen(its, own.event())).withMessageContaining("embedded:0");
      assertThatIllegalArgumentException().isThrownBy(() -> CudaInterop.stream(embedded.devices().getFirst()));
      its.close();
    }
  }
}

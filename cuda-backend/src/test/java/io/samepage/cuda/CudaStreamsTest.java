package io.samepage.cuda;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How streams and events are used, on the test double, which can hold all its streams. */
@Timeout(60)
class CudaStreamsTest {
  private static final Grid GRID = Grid.of(1024);

  @BeforeEach
  void reset() {
    DoubleNative.reset();
  }

  @AfterEach
  void letGo() {
    DoubleNative.hold(false);
    DoubleNative.reset();
  }

  @Test
  void launchesAreSubmittedWithoutWaitingForTheDevice() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0").open(); UnifiedRange range = memory.allocate(4096)) {
      Device device = memory.devices().getFirst();
      Kernel increment = device.kernel(TestKernels.SOURCE, "increment");
      device.kernel(TestKernels.SOURCE, "fill").launch(GRID, out(range), value(1)).await();
      DoubleNative.hold(true);
      Fence first = increment.launch(GRID, inOut(range), value(2));
      Fence second = increment.launch(GRID, inOut(range), value(3));
      assertThat(first.isDone()).isFalse();
      assertThat(second.isDone()).isFalse();
      DoubleNative.hold(false);
      second.await();
      assertThat(first.isDone()).isTrue();
      try (HostLease lease = range.host(Access.READ)) {
        assertThat(lease.segment().toArray(ValueLayout.JAVA_INT)).containsOnly(6);
      }
    }
  }

  @Test
  void eventsAreUsedAgain() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0").open(); UnifiedRange range = memory.allocate(4096)) {
      Kernel increment = memory.devices().getFirst().kernel(TestKernels.SOURCE, "increment");
      for (int i = 0; i < 200; i++) {
        increment.launch(GRID, inOut(range), value(1)).await();
      }
      assertThat(DoubleNative.calls("cuEventRecord")).isGreaterThanOrEqualTo(400);
      assertThat(DoubleNative.calls("cuEventCreate")).isLessThan(50);
    }
  }

  @Test
  void closingAMemoryGivesEverythingBack() {
    long events = DoubleNative.liveEvents();
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").open(); UnifiedRange range = memory.allocate(1 << 20)) {
      for (Device device : memory.devices()) {
        device.kernel(TestKernels.SOURCE, "fill").launch(GRID, out(range.slice(0, 4096)), value(1)).await();
        assertThat(DoubleNative.usedBytes(device == memory.devices().getFirst() ? 0 : 1)).isPositive();
      }
    }
    assertThat(DoubleNative.usedBytes(0) + DoubleNative.usedBytes(1)).isZero();
    assertThat(DoubleNative.liveEvents()).isEqualTo(events);
    assertThat(DoubleNative.calls("cuModuleUnload")).isEqualTo(2);
    assertThat(DoubleNative.calls("cuDevicePrimaryCtxRelease_v2")).isEqualTo(DoubleNative.calls("cuDevicePrimaryCtxRetain")).isEqualTo(2);
    // A stream's thread ends by itself.
    while (DoubleNative.liveStreams() > 0) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
    }
  }
}

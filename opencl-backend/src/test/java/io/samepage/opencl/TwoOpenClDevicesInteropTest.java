package io.samepage.opencl;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lwjgl.opencl.CL10;

/** A context of the program's with two of PoCL's devices. */
@Tag("two-devices")
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoOpenClDevicesInteropTest {
  private static final int COUNT = 4096;

  private final OwnOpenCl own = new OwnOpenCl(2);
  private final UnifiedMemory memory = OpenClInterop.builder(own.context()).open();

  @AfterEach
  void close() {
    own.endGates();
    try {
      memory.close();
    } finally {
      own.close();
    }
  }

  @Test
  void bothDevicesAreThereAndTheQueuesAlone() {
    assertThat(memory.devices()).extracting(Device::name).containsExactly("opencl:0", "opencl:1");
    try (UnifiedMemory one = OpenClInterop.builder(own.context(), own.queue()).open()) {
      assertThat(one.devices()).extracting(Device::name).containsExactly("opencl:0");
    }
  }

  @Test
  void whatTheProgramsKernelWritesOnOneTheOtherGetsWithoutTheHost() {
    UnifiedRange range = memory.allocate(4L * COUNT);
    Device first = memory.devices().get(0);
    Device second = memory.devices().get(1);
    OpenClInterop.adopt(first, range.all(), own.buffer(IntStream.range(0, COUNT).toArray()));
    UserEvent gate = own.gate();
    DeviceLease lease = first.acquire(range.all(), Access.READ_WRITE);
    long event = own.increment(OpenClInterop.buffer(lease), COUNT, 10, gate.handle());
    CompletableFuture<Void> closed = OpenClInterop.closeWhen(lease, event);
    UnifiedRange beside = memory.allocate(4L * COUNT);
    second.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(COUNT), inOut(beside), value(1)).await();
    assertThat(closed).isNotDone();
    gate.end(CL10.CL_COMPLETE);
    second.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(COUNT), inOut(range), value(1)).await();
    assertThat(memory.statistics().bytesDeviceToDevice()).isEqualTo(4L * COUNT);
    assertThat(memory.statistics().bytesToHost()).isZero();
    try (HostLease host = range.host(Access.READ)) {
      assertThat(host.segment().toArray(ValueLayout.JAVA_INT)).isEqualTo(IntStream.range(11, 11 + COUNT).toArray());
    }
    closed.join();
    assertThat(CL10.clReleaseEvent(event)).isZero();
  }
}

package io.samepage.opencl;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lwjgl.opencl.CL10;

/** Samepage on a context of the program's, beside its own kernels and events. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenClInteropTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int COUNT = 64 * 1024;
  private static final int FAILURE = -9999;

  private final OwnOpenCl own = new OwnOpenCl();
  private UnifiedMemory memory = OpenClInterop.builder(own.context(), own.queue()).open();

  @AfterEach
  void close() {
    own.endGates();
    try {
      if (memory != null) {
        memory.close();
      }
    } finally {
      own.close();
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
  void theContextIsRetainedAsLongAsTheMemoryIsOpen() {
    int open = own.contextReferences();
    memory.close();
    memory = null;
    int closed = own.contextReferences();
    assertThat(closed).isLessThan(open);
    try (OwnOpenCl other = new OwnOpenCl()) {
      int before = other.contextReferences();
      UnifiedMemory.Builder builder = OpenClInterop.builder(other.context());
      builder.open().close();
      builder.open().close();
      assertThat(other.contextReferences()).isEqualTo(before);
    }
  }

  @Test
  void launchesWithUploadsLeaveNothingThatRetainsTheContext() {
    try (OwnOpenCl other = new OwnOpenCl()) {
      int before = other.contextReferences();
      try (UnifiedMemory its = OpenClInterop.builder(other.context()).open()) {
        Kernel kernel = its.devices().getFirst().kernel(TestKernels.SOURCE, "increment");
        UnifiedRange range = its.allocate(4L * COUNT);
        for (int i = 0; i < 3; i++) {
          try (HostLease lease = range.host(Access.READ_WRITE)) {
            lease.segment().setAtIndex(INT, i, 10);
          }
          kernel.launch(Grid.of(COUNT), inOut(range.all()), value(1)).await();
        }
        assertThat(ints(range)).startsWith(13, 12, 11, 3);
      }
      assertThat(other.contextReferences()).isEqualTo(before);
    }
  }

  @Test
  void devicesHaveTheNamesThatTheyHaveOtherwise() {
    assertThat(device().name()).isEqualTo("opencl:0");
    assertThat(memory.devices()).hasSize(1);
    try (UnifiedMemory both = OpenClInterop.builder(own.context()).devices("opencl:0", "embedded:0").open();
        UnifiedMemory automatic = OpenClInterop.builder(own.context()).devices("auto").open()) {
      assertThat(both.devices()).extracting(Device::name).containsExactly("opencl:0", "embedded:0");
      assertThat(automatic.devices()).extracting(Device::name).containsExactly("opencl:0");
      for (UnifiedMemory each : new UnifiedMemory[] {memory, both, automatic}) {
        try (DeviceLease lease = each.device("opencl").acquire(each.allocate(8).all(), Access.WRITE)) {
          assertThat(OwnOpenCl.contextOf(OpenClInterop.buffer(lease))).isEqualTo(own.context());
        }
      }
    }
  }

  @Test
  void whatIsNoContextOrQueueOfItIsRefused() {
    assertThatThrownBy(() -> OpenClInterop.builder(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("context=0");
    assertThatThrownBy(() -> OpenClInterop.builder(0, own.queue())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OpenClInterop.builder(own.context(), 0)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("queue=0");
    try (OwnOpenCl other = new OwnOpenCl()) {
      assertThatThrownBy(() -> OpenClInterop.builder(own.context(), other.queue())).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another context").hasMessageContaining(Long.toHexString(other.context()));
    }
  }

  @Test
  void anEventIsRetainedUntilItIsComplete() {
    UserEvent gate = own.gate();
    int before = gate.references();
    CompletableFuture<Void> closed = OpenClInterop.closeWhen(device().acquire(sequence().all(), Access.READ), gate.handle());
    assertThat(gate.references()).isEqualTo(before + 1);
    gate.end(CL10.CL_COMPLETE);
    closed.join();
    assertThat(gate.references()).isEqualTo(before);
  }

  @Test
  void anEventThatFailsPoisonsWhatTheLeaseWasToWrite() {
    UnifiedRange range = sequence();
    UserEvent gate = own.gate();
    DeviceLease lease = device().acquire(range.slice(4096, 8192), Access.READ_WRITE);
    long event = own.increment(OpenClInterop.buffer(lease), COUNT, 7, gate.handle());
    CompletableFuture<Void> closed = OpenClInterop.closeWhen(lease, event);
    gate.end(FAILURE);
    assertThatThrownBy(closed::join).hasCauseInstanceOf(KernelFailedException.class)
        .hasMessageContaining("event=0x" + Long.toHexString(event));
    assertThat(range.all().residency().poisonedPages()).isEqualTo(2);
    assertThat(lease.isOpen()).isFalse();
  }

  @Test
  void whatIsNoLeaseOfOpenClOrNoEventIsRefusedAndChangesNothing() {
    UnifiedRange range = sequence();
    DeviceLease lease = device().acquire(range.all(), Access.WRITE);
    assertThatThrownBy(() -> OpenClInterop.closeWhen(lease, 0)).isInstanceOf(IllegalArgumentException.class);
    lease.close();
    UserEvent gate = own.gate();
    int before = gate.references();
    assertThatThrownBy(() -> OpenClInterop.closeWhen(lease, gate.handle())).isInstanceOf(IllegalStateException.class);
    assertThat(gate.references()).isEqualTo(before);
    try (UnifiedMemory other = UnifiedMemory.builder().devices("embedded:0").open()) {
      Device embedded = other.devices().getFirst();
      UnifiedRange itsRange = other.allocate(4096);
      DeviceLease its = embedded.acquire(itsRange.all(), Access.READ);
      assertThatThrownBy(() -> OpenClInterop.buffer(its)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("embedded:0");
      assertThatThrownBy(() -> OpenClInterop.closeWhen(its, gate.handle())).isInstanceOf(IllegalArgumentException.class);
      its.close();
      assertThatThrownBy(() -> OpenClInterop.adopt(embedded, itsRange.all(), 8)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}

package io.samepage.coherence;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceChanges;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.NoSuchDeviceException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Devices that come after a memory was opened, or go. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LateDevicesTest {
  private static final int BLOCK_BYTES = 2 << 20;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final ComingBackend backend = new ComingBackend("embedded:0");
  private final UnifiedMemory memory = new CoherentMemoryBuilder().backends(List.of(backend)).open();
  private final Device first = memory.devices().getFirst();

  @AfterEach
  void closeMemory() {
    memory.close();
  }

  private Device second() {
    backend.plug("embedded:0", "embedded:1");
    return memory.refreshDevices().attached().getFirst();
  }

  private static Fence increment(Device device, Slice slice) {
    return device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), 1);
  }

  private static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  @Test
  void aDeviceThatComesIsAttachedOnce() {
    assertThat(memory.refreshDevices()).isEqualTo(new DeviceChanges(List.of(), List.of()));
    backend.plug("embedded:0", "embedded:1");
    DeviceChanges changes = memory.refreshDevices();
    assertThat(changes.attached()).extracting(Device::name).containsExactly("embedded:1");
    assertThat(changes.lost()).isEmpty();
    assertThat(memory.devices()).containsExactly(first, changes.attached().getFirst());
    assertThat(memory.device("embedded:1")).isSameAs(changes.attached().getFirst());
    assertThat(memory.backends().getFirst().devices()).hasSize(2);
    assertThat(memory.refreshDevices()).isEqualTo(new DeviceChanges(List.of(), List.of()));
  }

  @Test
  void aDeviceIsToldOfTheHostsPagesBeforeAnybodyCanUseIt() {
    memory.allocate(BLOCK_BYTES);
    memory.allocate(BLOCK_BYTES);
    List<Integer> attached = new ArrayList<>();
    backend.whenHostIsUsed(() -> attached.add(memory.devices().size()));
    Device second = second();
    assertThat(attached).as("each time it was told").containsExactly(1, 1);
    assertThat(memory.devices()).containsExactly(first, second);
  }

  @Test
  void rangesThatWereThereKeepWhatIsWhereAndAreUsedByIt() {
    UnifiedRange range = memory.allocate(5 * BLOCK_BYTES + 4096);
    UnifiedRange untouched = memory.allocate(1L << 40);
    first.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(BLOCK_BYTES / 4), out(range.slice(0, BLOCK_BYTES)), 1).await();
    first.acquire(range.slice(BLOCK_BYTES, BLOCK_BYTES), Access.READ).close();
    increment(first, range.slice(3 * BLOCK_BYTES + 8192, 4096)).await();
    Residency before = range.all().residency();
    Device second = second();
    Residency after = range.all().residency();
    for (int page = 0; page < before.pageCount(); page++) {
      assertThat(after.nodes(page)).as("page %s", page).isEqualTo(before.nodes(page));
    }
    assertThat(after.untouchedPages()).isEqualTo(before.untouchedPages()).isPositive();
    assertThat(after.pagesOn(second.name())).isZero();
    increment(second, range.all()).await();
    assertThat(range.all().residency().pagesOn(second.name())).isEqualTo(before.pageCount());
    assertThat(range.all().residency().pagesOn(first.name())).isZero();
    assertThat(ints(range.slice(BLOCK_BYTES - 4, 8))).containsExactly(2, 1);
    assertThat(ints(range.slice(3 * BLOCK_BYTES + 8188, 8))).containsExactly(1, 2);
    assertThat(second.statistics().bytesDeviceToDevice()).as("by way of no host").isEqualTo(BLOCK_BYTES + 4096);
    assertThat(memory.statistics().bytesToDevice()).isZero();
    increment(second, untouched.slice(1L << 39, 4)).await();
    assertThat(ints(untouched.slice(1L << 39, 4))).containsExactly(1);
  }

  @Test
  void whatIsOpenAndInFlightGoesOn() {
    UnifiedRange range = memory.allocate(3 * BLOCK_BYTES);
    try (HostLease lease = range.slice(0, 4096).host(Access.WRITE);
        DeviceLease read = first.acquire(range.slice(4096, 4096), Access.READ)) {
      lease.segment().set(INT, 0, 41);
      Fence fence = increment(first, range.slice(BLOCK_BYTES, BLOCK_BYTES));
      Device second = second();
      assertThat(increment(second, range.slice(2 * BLOCK_BYTES, BLOCK_BYTES))).isNotNull();
      fence.await();
      assertThat(read.isOpen()).isTrue();
    }
    increment(memory.devices().get(1), range.all()).await();
    assertThat(ints(range.slice(0, 4))).containsExactly(42);
    assertThat(ints(range.slice(BLOCK_BYTES, 2 * BLOCK_BYTES))).containsOnly(2);
  }

  @Test
  void othersLaunchAndAllocateMeanwhile() {
    UnifiedRange range = memory.allocate(2 * BLOCK_BYTES);
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
      for (int i = 0; i < 500; i++) {
        increment(memory.devices().getLast(), range.slice(0, 4L * 4096));
        try (UnifiedRange mine = memory.allocate(4096)) {
          increment(memory.devices().getLast(), mine.all()).await();
          assertThat(ints(mine.all())).containsOnly(1);
        }
      }
    });
    second();
    for (int i = 0; i < 500; i++) {
      increment(memory.devices().get(i % 2), range.slice(BLOCK_BYTES, 4L * 4096));
    }
    other.join();
    assertThat(ints(range.slice(0, 4L * 4096))).containsOnly(500);
    assertThat(ints(range.slice(BLOCK_BYTES, 4L * 4096))).containsOnly(500);
  }

  @Test
  void memoryThatTheHostTouchesIsUsedByIt() {
    try (UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(BLOCK_BYTES, 4096);
      segment.set(INT, 0, 5);
      Slice slice = memory.slice(segment);
      increment(first, slice);
      Device second = second();
      increment(second, slice);
      assertThat(segment.get(INT, 0)).isEqualTo(7);
      segment.set(INT, 4, 10);
      memory.splitKernel(TestKernels.SOURCE, "increment").launch(Grid.of(BLOCK_BYTES / 4), sliced(segment, 4), 1);
      assertThat(segment.get(INT, 0)).isEqualTo(8);
      assertThat(segment.get(INT, 4)).isEqualTo(11);
      assertThat(segment.get(INT, BLOCK_BYTES - 4)).isEqualTo(3);
      assertThat(second.statistics().launches()).isEqualTo(2);
    }
  }

  @Test
  void aDeviceThatHasGoneIsReportedAndStays() {
    Device second = second();
    UnifiedRange range = memory.allocate(4096);
    increment(second, range.all()).await();
    backend.plug("embedded:0");
    assertThat(memory.refreshDevices()).isEqualTo(new DeviceChanges(List.of(), List.of(second)));
    assertThat(memory.devices()).containsExactly(first, second);
    assertThat(ints(range.all())).containsOnly(1);
    backend.plug("embedded:0", "embedded:1");
    assertThat(memory.refreshDevices()).isEqualTo(new DeviceChanges(List.of(), List.of()));
  }

  @Test
  void namesSayWhichDevicesAreAttached() {
    backend.plug("embedded:0", "embedded:1");
    assertThat(memory.refreshDevices("embedded:0").attached()).isEmpty();
    assertThatThrownBy(() -> memory.refreshDevices("embedded:7")).isInstanceOfSatisfying(NoSuchDeviceException.class, e ->
        assertThat(e.available()).containsExactly("embedded:0", "embedded:1"));
    assertThatIllegalArgumentException().isThrownBy(() -> memory.refreshDevices("all", "all"));
    assertThatIllegalArgumentException().isThrownBy(() -> memory.refreshDevices(" "));
    assertThat(memory.refreshDevices("embedded:1", "all").attached()).extracting(Device::name).containsExactly("embedded:1");
    try (UnifiedMemory named = new CoherentMemoryBuilder().backends(List.of(backend)).devices("embedded:0").open()) {
      assertThat(named.refreshDevices().attached()).isEmpty();
      assertThat(named.refreshDevices("embedded:1").attached()).hasSize(1);
    }
  }

  @Test
  void whereADriverRefusesNothingIsAttachedAndAllGoesOn() {
    backend.plug("embedded:0", "embedded:1");
    backend.refuseToOpen(true);
    assertThatThrownBy(memory::refreshDevices).isInstanceOf(DeviceException.class).hasMessageContaining("refuses");
    assertThat(memory.devices()).containsExactly(first);
    UnifiedRange range = memory.allocate(4096);
    increment(first, range.all()).await();
    backend.refuseToOpen(false);
    increment(memory.refreshDevices().attached().getFirst(), range.all()).await();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aClosedMemoryLooksForNothing() {
    UnifiedMemory closed = new CoherentMemoryBuilder().backends(List.of(backend)).open();
    closed.close();
    assertThatIllegalStateException().isThrownBy(closed::refreshDevices);
  }
}

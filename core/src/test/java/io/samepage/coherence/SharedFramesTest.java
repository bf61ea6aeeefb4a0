package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.INT;
import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseBrokenException;
import io.samepage.LeaseTimeoutException;
import io.samepage.MemoryKind;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedRange;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A device that uses the host's pages, alone and beside one that has copies: device 0 has memory of its own, device 1 has none. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedFramesTest {
  private static final int COPIES = 0;
  private static final int SHARES = 1;
  private static final Duration NOT_AT_ALL = Duration.ZERO;

  private static FaultyMemory mixed(boolean isRelaxed) {
    return new FaultyMemory(isRelaxed, MemoryKind.DISCRETE, MemoryKind.COHERENT);
  }

  private static long uploaded(FaultyMemory world) {
    return world.memory().statistics().bytesToDevice();
  }

  private static long downloaded(FaultyMemory world) {
    return world.memory().statistics().bytesToHost();
  }

  @Test
  void whatItsKernelsWriteIsTheHostsForOtherDevices() {
    try (FaultyMemory world = mixed(false)) {
      UnifiedRange range = world.pages(4);
      fill(range.all(), 1);
      world.launchIncrement(COPIES, world.pages(1).all(), 1).await();
      world.device(COPIES).acquire(range.all(), Access.READ).close();
      assertThat(uploaded(world)).isEqualTo(4 * PAGE);
      world.launchIncrement(SHARES, pages(range, 1, 2), 5).await();
      assertThat(range.all().residency().pagesOn(world.device(COPIES).name())).isEqualTo(2);
      assertThat(range.all().residency().pagesOn(world.device(SHARES).name())).isEqualTo(4);
      world.launchIncrement(COPIES, range.all(), 10).await();
      assertThat(uploaded(world)).isEqualTo(6 * PAGE);
      assertThat(downloaded(world)).isZero();
      world.launchIncrement(SHARES, range.all(), 100).await();
      assertThat(downloaded(world)).isEqualTo(4 * PAGE);
      assertThat(ints(range.all())).startsWith(111).contains(116);
      assertThat(downloaded(world)).isEqualTo(4 * PAGE);
      assertThat(uploaded(world)).isEqualTo(6 * PAGE);
    }
  }

  @Test
  void whatItOverwritesIsNotBroughtToTheHostBefore() {
    try (FaultyMemory world = mixed(false)) {
      UnifiedRange range = world.pages(4);
      world.launchFill(COPIES, range.all(), 1).await();
      world.launchFill(SHARES, pages(range, 1, 2), 2).await();
      assertThat(downloaded(world)).isZero();
      assertThat(ints(range.all())).startsWith(1).contains(2).endsWith(1);
      assertThat(downloaded(world)).isEqualTo(2 * PAGE);
    }
  }

  @Test
  void touchesSeeWhatBothKindsWroteInTurn() {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(64L * PAGE);
      Slice slice = world.memory().slice(segment);
      for (int round = 0; round < 10; round++) {
        world.launchFill(COPIES, slice, round).await();
        assertThat(segment.getAtIndex(INT, 7)).isEqualTo(round);
        segment.setAtIndex(INT, 7, -round);
        world.launchIncrement(SHARES, slice, 1000).await();
        assertThat(segment.getAtIndex(INT, 7)).isEqualTo(1000 - round);
        assertThat(segment.getAtIndex(INT, 40_000)).isEqualTo(1000 + round);
        segment.setAtIndex(INT, 40_000, round);
        world.launchIncrement(COPIES, slice, 1).await();
        assertThat(segment.getAtIndex(INT, 40_000)).isEqualTo(round + 1);
        assertThat(segment.getAtIndex(INT, 40_001)).isEqualTo(1001 + round);
      }
    }
  }

  /** It was the only copy, and the host's frame has something else. */
  @Test
  void aRefusedLaunchLeavesWithAnotherDeviceWhatItWasToOverwrite() {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      UnifiedRange range = world.pages(4);
      List<Slice> slices = List.of(world.memory().slice(segment), range.all());
      for (Slice slice : slices) {
        fill(slice, 3);
        world.launchFill(COPIES, slice, 4).await();
        world.node(SHARES).failNth(Call.LAUNCH, 1);
        assertThatThrownBy(() -> world.launchFill(SHARES, slice, 5)).isInstanceOf(DeviceException.class);
      }
      assertThat(segment.toArray(INT)).containsOnly(4);
      slices.forEach(slice -> assertThat(ints(slice)).containsOnly(4));
      world.launchIncrement(SHARES, slices.getFirst(), 1);
      assertThat(segment.toArray(INT)).containsOnly(5);
    }
  }

  @Test
  void aRefusedLaunchLeavesPagesPoisonedThatItWasToOverwrite() {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(2L * PAGE);
      Slice slice = world.memory().slice(segment);
      Fence broken = world.launchBroken(SHARES, slice);
      assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
      world.node(SHARES).failNth(Call.LAUNCH, 1);
      assertThatThrownBy(() -> world.launchFill(SHARES, slice, 5)).isInstanceOf(DeviceException.class);
      assertThat(segment.getAtIndex(INT, 3)).isEqualTo(0xDEADBEEF);
      assertThatThrownBy(() -> slice.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
      world.launchFill(SHARES, slice, 6).await();
      assertThat(segment.toArray(INT)).containsOnly(6);
    }
  }

  /** A touch brings the pages around, which another device alone had when the kernel was enqueued. */
  @Test
  void aTouchBesideAKernelBringsNothingOverWhatItHasWritten() throws InterruptedException {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment);
      world.launchFill(COPIES, slice, 1).await();
      CountDownLatch written = new CountDownLatch(1);
      CountDownLatch gate = world.gate();
      Beside<Fence> launch = Beside.start(() -> world.launchFillThenWait(SHARES, slice.slice(PAGE, PAGE), 2, written, gate));
      assertThat(written.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(segment.getAtIndex(INT, 0)).isEqualTo(1);
      gate.countDown();
      launch.get().await();
      assertThat(segment.asSlice(PAGE, PAGE).toArray(INT)).containsOnly(2);
      assertThat(segment.asSlice(2L * PAGE).toArray(INT)).containsOnly(1);
    }
  }

  @Test
  void theHostWaitsForAKernelThatWritesItsPages() {
    try (FaultyMemory world = mixed(false)) {
      UnifiedRange range = world.pages(1);
      fill(range.all(), 1);
      CountDownLatch gate = world.gate();
      Fence fence = world.launchGated(SHARES, range.all(), gate);
      assertThatThrownBy(() -> range.all().host(Access.READ, NOT_AT_ALL)).isInstanceOf(LeaseTimeoutException.class);
      gate.countDown();
      assertThat(ints(range.all())).containsOnly(2);
      assertThat(fence.isDone()).isTrue();
    }
  }

  @Test
  void aRelaxedHostReadsBesideAKernelAndWaitsToWrite() {
    try (FaultyMemory world = mixed(true); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(2L * PAGE);
      Slice slice = world.memory().slice(segment);
      fill(slice, 1);
      CountDownLatch gate = world.gate();
      Fence fence = world.launchGated(SHARES, slice, gate);
      assertThat(segment.toArray(INT)).containsOnly(1);
      for (int i = 0; i < 3; i++) {
        try (HostLease lease = slice.host(Access.READ, NOT_AT_ALL)) {
          assertThat(lease.segment().toArray(INT)).containsOnly(1);
        }
      }
      assertThatThrownBy(() -> slice.host(Access.READ_WRITE, NOT_AT_ALL)).isInstanceOf(LeaseTimeoutException.class);
      assertThat(fence.isDone()).isFalse();
      gate.countDown();
      fence.await();
      assertThat(segment.toArray(INT)).containsOnly(2);
      assertThat(ints(slice)).containsOnly(2);
    }
  }

  @Test
  void aRelaxedHostWaitsForDevicesWithMemoryOfTheirOwn() {
    try (FaultyMemory world = mixed(true)) {
      UnifiedRange range = world.pages(1);
      CountDownLatch gate = world.gate();
      world.launchGated(COPIES, range.all(), gate);
      assertThatThrownBy(() -> range.all().host(Access.READ, NOT_AT_ALL)).isInstanceOf(LeaseTimeoutException.class);
      gate.countDown();
      assertThat(ints(range.all())).containsOnly(1);
    }
  }

  @Test
  void aRelaxedHostIsToldOfAFailureByTheNextLease() {
    try (FaultyMemory world = mixed(true)) {
      UnifiedRange range = world.pages(2);
      fill(range.all(), 1);
      CountDownLatch gate = world.gate();
      Fence fence = world.launchBroken(SHARES, pages(range, 0, 1), gate);
      try (HostLease lease = range.all().host(Access.READ, NOT_AT_ALL)) {
        gate.countDown();
        assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
        assertThat(lease.segment().getAtIndex(INT, PAGE / 4)).isEqualTo(1);
      }
      assertThatThrownBy(() -> range.all().host(Access.READ)).isInstanceOf(PoisonedPageException.class);
      assertThat(ints(pages(range, 1, 1))).containsOnly(1);
    }
  }

  @Test
  void aStoreIntoTheSliceOfAnOpenWritingLeaseIsTold() {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment);
      segment.setAtIndex(INT, 0, 1);
      world.device(SHARES).acquire(slice, Access.READ_WRITE).close();
      DeviceLease lease = world.device(SHARES).acquire(slice, Access.READ_WRITE);
      segment.setAtIndex(INT, PAGE / 4 + 3, 7);
      assertThatThrownBy(lease::close).isInstanceOfSatisfying(LeaseBrokenException.class,
          e -> assertThat(e.offsetBytes()).isEqualTo(PAGE));
      assertThat(lease.isOpen()).isFalse();
      assertThat(world.openLeases()).isZero();
      world.launchIncrement(COPIES, slice, 1).await();
      assertThat(segment.getAtIndex(INT, PAGE / 4 + 3)).isEqualTo(8);
    }
  }

  /** What the user's own code does on the device is in the frames at once. */
  @Test
  void whatALeaseItselfWritesBreaksItNotAndIsTheHosts() {
    try (FaultyMemory world = mixed(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment).slice(100, 2L * PAGE);
      world.device(COPIES).acquire(world.memory().slice(segment), Access.READ).close();
      try (DeviceLease lease = world.device(SHARES).acquire(slice, Access.READ_WRITE)) {
        MemorySegment own = MemorySegment.ofAddress(lease.handle() + lease.handleOffsetBytes()).reinterpret(slice.sizeBytes());
        own.fill((byte) 9);
      }
      assertThat(segment.asSlice(100, 2L * PAGE).toArray(JAVA_BYTE)).containsOnly(9);
      assertThat(segment.get(JAVA_BYTE, 99)).isZero();
      world.launchIncrement(COPIES, world.memory().slice(segment), 1).await();
      assertThat(segment.get(INT, 100)).isEqualTo(0x0909090A);
    }
  }

  @Test
  void itTakesNoMemoryAndTellsItsKind() {
    try (FaultyMemory world = mixed(false)) {
      world.launchFill(SHARES, world.pages(100).all(), 1).await();
      assertThat(world.device(SHARES).usedBytes()).isZero();
      assertThat(world.device(SHARES).memoryKind()).isEqualTo(MemoryKind.COHERENT);
      assertThat(world.device(COPIES).memoryKind()).isEqualTo(MemoryKind.DISCRETE);
    }
  }
}

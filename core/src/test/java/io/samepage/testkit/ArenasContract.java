package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.BrokenPromiseException;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.LeaseBrokenException;
import io.samepage.LeaseConflictException;
import io.samepage.OutOfHostMemoryException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arenas of touched memory as arenas, and device leases on them. */
public abstract class ArenasContract extends MemoryContract {

  private void fill(MemorySegment segment, int with) {
    kernel("fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(with));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 8, 64, 4096, 1 << 16, 1 << 21, 1 << 25, 1L << 32})
  void alignmentIsHonouredAndMemoryIsZero(long alignment) {
    try (UnifiedArena arena = memory().confinedArena()) {
      for (int size : new int[] {1, 100, 70_000}) {
        MemorySegment segment = arena.allocate(size, alignment);
        assertThat(segment.address() % alignment).isZero();
        assertThat(segment.byteSize()).isEqualTo(size);
        assertThat(segment.mismatch(MemorySegment.ofArray(new byte[size]))).isEqualTo(-1);
        segment.fill((byte) 1);
      }
    }
  }

  @Test
  void anEmptySegmentCanBeAllocated() {
    try (UnifiedArena arena = memory().confinedArena()) {
      MemorySegment empty = arena.allocate(0, 64);
      assertThat(empty.byteSize()).isZero();
      assertThat(empty.address() % 64).isZero();
      assertThat(empty.scope().isAlive()).isTrue();
      assertThatThrownBy(() -> memory().slice(empty)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void badSizesAndAlignmentsAreRefused() {
    try (UnifiedArena arena = memory().confinedArena()) {
      assertThatThrownBy(() -> arena.allocate(-1, 1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("byteSize=-1");
      assertThatThrownBy(() -> arena.allocate(8, 3)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("byteAlignment=3");
      assertThatThrownBy(() -> arena.allocate(8, 0)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> arena.allocate(1L << 60)).isInstanceOf(OutOfHostMemoryException.class);
      assertThat(arena.allocate(4).get(INT, 0)).isZero();
    }
  }

  @Test
  void typedAllocationsWork() {
    try (UnifiedArena arena = memory().confinedArena()) {
      MemorySegment ints = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3);
      MemorySegment doubles = arena.allocate(ValueLayout.JAVA_DOUBLE, 10);
      assertThat(ints.toArray(ValueLayout.JAVA_INT)).containsExactly(1, 2, 3);
      assertThat(doubles.byteSize()).isEqualTo(80);
      kernel("increment").launch(Grid.of(3), inOut(ints), value(5));
      assertThat(ints.toArray(ValueLayout.JAVA_INT)).containsExactly(6, 7, 8);
    }
  }

  @Test
  void segmentsOfAClosedArenaCantBeUsed() {
    UnifiedArena arena = memory().confinedArena();
    MemorySegment segment = arena.allocate(100);
    fill(segment, 1);
    arena.close();
    assertThat(arena.scope().isAlive()).isFalse();
    assertThatThrownBy(() -> segment.get(INT, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> memory().slice(segment)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> fill(segment, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> arena.allocate(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("arena-1");
    assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closingGivesEverythingBack() {
    for (int round = 0; round < 3; round++) {
      UnifiedArena arena = memory().sharedArena();
      for (int i = 0; i < 5; i++) {
        fill(arena.allocate(3 * page()), 1);
      }
      assertThat(memory().statistics().openRanges()).isEqualTo(5);
      arena.close();
      assertThat(memory().statistics().openRanges()).isZero();
      assertThat(memory().statistics().openLeases()).isZero();
      assertThat(device().usedBytes()).isZero();
    }
  }

  @Test
  void aConfinedArenaIsItsThreadsAlone() {
    try (UnifiedArena arena = memory().confinedArena(); OtherThread other = new OtherThread("other")) {
      MemorySegment segment = arena.allocate(8);
      assertThatThrownBy(() -> other.run(() -> arena.allocate(8))).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> other.run(() -> segment.get(INT, 0))).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> other.run(arena::close)).isInstanceOf(WrongThreadException.class);
      assertThat(arena.scope().isAlive()).isTrue();
      assertThat(segment.get(INT, 0)).isZero();
    }
  }

  @Test
  void aSharedArenaIsUsedAndClosedByAnyThread() {
    try (OtherThread other = new OtherThread("other")) {
      UnifiedArena arena = memory().sharedArena();
      MemorySegment segment = other.call(() -> arena.allocate(8));
      fill(segment, 3);
      assertThat(other.call(() -> segment.get(INT, 4))).isEqualTo(3);
      other.run(arena::close);
      assertThat(arena.scope().isAlive()).isFalse();
    }
  }

  @Test
  void closingWaitsForLaunchesInFlight() {
    UnifiedArena arena = memory().confinedArena();
    MemorySegment segment = arena.allocate(4 * page());
    fill(segment, 1);
    kernel("churn").launch(Grid.of(segment.byteSize() / 4), inOut(segment), value(20_000));
    arena.close();
    assertThat(device().usedBytes()).isZero();
  }

  @Test
  void closingWithAnOpenLeaseThrowsAndChangesNothing() {
    UnifiedArena arena = memory().confinedArena();
    MemorySegment a = arena.allocate(8);
    MemorySegment b = arena.allocate(8);
    fill(b, 4);
    try (DeviceLease lease = device().acquire(memory().slice(b), Access.READ)) {
      assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(memory().range(b).name());
      assertThat(lease.isOpen()).isTrue();
      assertThat(b.get(INT, 0)).isEqualTo(4);
      assertThat(arena.allocate(8).get(INT, 0)).isZero();
    }
    try (HostLease lease = memory().slice(a).host(Access.READ)) {
      assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
      assertThat(lease.segment().get(INT, 0)).isZero();
    }
    arena.close();
  }

  @Test
  void closingWhileASegmentIsInUseThrowsAndChangesNothing() throws Exception {
    UnifiedArena arena = memory().sharedArena();
    MemorySegment segment = arena.allocate(8);
    fill(segment, 4);
    // A system call that is under way keeps the arena of its buffer open: a pipe that nobody writes to.
    Pipe pipe = Pipe.open();
    try (OtherThread reader = new OtherThread("reader"); Pipe.SinkChannel sink = pipe.sink()) {
      MemorySegment inUse = arena.allocate(8);
      inUse.fill((byte) 1);
      Future<Integer> read = reader.start(() -> pipe.source().read(inUse.asByteBuffer()));
      while (!isIn("read0", reader)) {
        assertThat(read).isNotDone();
        Thread.onSpinWait();
      }
      assertThatThrownBy(arena::close).isInstanceOf(IllegalStateException.class);
      assertThat(arena.scope().isAlive()).isTrue();
      assertThat(segment.get(INT, 4)).isEqualTo(4);
      fill(segment, 5);
      assertThat(segment.get(INT, 4)).isEqualTo(5);
      sink.write(java.nio.ByteBuffer.wrap(new byte[8]));
      assertThat(OtherThread.result(read)).isEqualTo(8);
    }
    arena.close();
    assertThat(memory().statistics().openRanges()).isZero();
  }

  private static boolean isIn(String method, OtherThread thread) {
    return Thread.getAllStackTraces().entrySet().stream().filter(entry -> entry.getKey().getName().equals(thread.name()))
        .anyMatch(entry -> Arrays.stream(entry.getValue()).anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  @Test
  void closingTheMemoryWithAnOpenArenaThrowsAndNamesIt() {
    UnifiedMemory own = builder().open();
    UnifiedArena arena = own.confinedArena();
    MemorySegment segment = arena.allocate(8);
    assertThatThrownBy(own::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(arena.name());
    own.devices().getFirst().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(2), out(segment), value(9));
    assertThat(segment.get(INT, 0)).isEqualTo(9);
    arena.close();
    own.close();
    assertThatThrownBy(own::confinedArena).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manySmallSegmentsLiveSideBySide() {
    try (UnifiedArena arena = memory().confinedArena()) {
      List<MemorySegment> segments = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        segments.add(arena.allocate(40));
        segments.get(i).fill((byte) i);
      }
      for (int i = 0; i < 300; i += 3) {
        kernel("copy").launch(Grid.of(40), in(segments.get(i)), out(segments.get(i + 1)));
      }
      for (int i = 0; i < 300; i++) {
        assertThat(segments.get(i).get(ValueLayout.JAVA_BYTE, 39)).isEqualTo((byte) (i % 3 == 1 ? i - 1 : i));
      }
    }
  }

  @Test
  void aDeviceLeaseThatTheHostStoresIntoIsBrokenAndTheDeviceWins() {
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(8 * page());
      fill(segment, 4);
      DeviceLease lease = device().acquire(memory().slice(segment.asSlice(page(), 4 * page())), Access.READ_WRITE);
      segment.setAtIndex(INT, 2 * page() / 4 + 3, 99);
      assertThatThrownBy(lease::close).isInstanceOfSatisfying(LeaseBrokenException.class, e -> {
        assertThat(e.range()).isSameAs(memory().range(segment));
        assertThat(e.offsetBytes()).isEqualTo(2 * page());
        assertThat(e.lease()).contains("device lease", memory().range(segment).name());
        assertThat(e).hasMessageContaining(e.lease());
      }).hasMessageContaining(memory().range(segment).name()).hasMessageContaining("device lease");
      assertThat(lease.isOpen()).isFalse();
      assertThat(memory().statistics().openLeases()).isZero();
      assertThat(segment.toArray(INT)).containsOnly(4);
    }
  }

  @Test
  void aDeviceLeaseOnPartOfAPageIsBrokenByStoresIntoThatPartAlone() {
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(page());
      fill(segment, 4);
      DeviceLease kept = device().acquire(memory().slice(segment.asSlice(40, 80)), Access.READ_WRITE);
      segment.setAtIndex(INT, 9, 7);
      segment.setAtIndex(INT, 30, 8);
      kept.close();
      DeviceLease broken = device().acquire(memory().slice(segment.asSlice(40, 80)), Access.WRITE);
      segment.setAtIndex(INT, 12, 5);
      assertThatThrownBy(broken::close).isInstanceOf(LeaseBrokenException.class);
      assertThat(segment.getAtIndex(INT, 9)).isEqualTo(7);
      assertThat(segment.getAtIndex(INT, 30)).isEqualTo(8);
      assertThat(segment.getAtIndex(INT, 12)).isEqualTo(4);
    }
  }

  @Test
  void loadsUnderADeviceLeaseBreakNothing() {
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(2 * page());
      fill(segment, 4);
      segment.setAtIndex(INT, 3, 5);
      try (DeviceLease lease = device().acquire(memory().slice(segment), Access.READ_WRITE)) {
        assertThat(segment.getAtIndex(INT, 3)).isEqualTo(5);
        assertThat(segment.getAtIndex(INT, 4)).isEqualTo(4);
        assertThat(lease.isOpen()).isTrue();
      }
      assertThat(segment.getAtIndex(INT, 3)).isEqualTo(5);
    }
  }

  @Test
  void aDeviceLeaseThatWritesHasItsPagesForItself() {
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(page());
      try (DeviceLease lease = device().acquire(memory().slice(segment.asSlice(0, 8)), Access.WRITE)) {
        assertThatThrownBy(() -> fill(segment.asSlice(64, 64), 1)).isInstanceOf(LeaseConflictException.class);
        assertThat(lease.isOpen()).isTrue();
      }
      fill(segment.asSlice(64, 64), 1);
      assertThat(segment.get(INT, 64)).isEqualTo(1);
    }
  }

  @Test
  void threadsThatTouchOnePageAtOnceAllSeeTheKernelsResult() {
    try (UnifiedArena arena = memory().sharedArena()) {
      MemorySegment segment = arena.allocate(page());
      List<OtherThread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        threads.add(new OtherThread("toucher-" + i));
      }
      for (int round = 1; round <= 50; round++) {
        int expected = round;
        fill(segment, expected);
        List<Future<int[]>> seen = threads.stream().map(thread -> thread.start(() -> segment.toArray(INT))).toList();
        seen.forEach(future -> assertThat(OtherThread.result(future)).containsOnly(expected));
      }
      threads.forEach(OtherThread::close);
    }
  }

  @Test
  void hostAccessSaysThatArenasWork() {
    HostAccess access = memory().hostAccess();
    assertThat(access.isTransparent()).isTrue();
    assertThat(access.reason()).isNotBlank();
  }

  @Test
  void plainSegmentsAreArgumentsAndTheirUseIsInferred() {
    try (UnifiedArena arena = memory().confinedArena()) {
      MemorySegment a = arena.allocate(2 * page());
      MemorySegment b = arena.allocate(2 * page());
      a.fill((byte) 1);
      kernel("copy").launch(Grid.of(2 * page()), a, b);
      assertThat(b.mismatch(a)).isEqualTo(-1);
      kernel("increment").launch(Grid.of(1), b.asSlice(page(), 4), 1);
      assertThat(b.get(INT, page())).isEqualTo(0x01010102);
      assertThatThrownBy(() -> kernel("increment").launch(Grid.of(1), b.asReadOnly(), 1)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("read-only");
    }
  }

  @Test
  void anOutputThatTheHostTouchedLastGoesUpUnlessItIsDeclaredOut() {
    try (UnifiedArena arena = memory().confinedArena()) {
      MemorySegment a = arena.allocate(page());
      MemorySegment b = arena.allocate(page());
      Kernel scale = device().kernel(ArgumentKernels.SOURCE, "scale");
      b.fill((byte) 1);
      assertThat(Moved.during(memory(), () -> scale.launch(Grid.of(page() / 4), a, b, 2f).await()).bytesToDevice()).isEqualTo(page());
      b.fill((byte) 1);
      assertThat(Moved.during(memory(), () -> scale.launch(Grid.of(page() / 4), a, out(b), 2f).await()).bytesToDevice()).isZero();
      assertThat(b.get(INT, 0)).isZero();
    }
  }

  @Test
  void checkedLaunchesOnTouchedMemoryLeaveRightResults() {
    try (UnifiedMemory checked = builder().checkLaunches(true).open(); UnifiedArena arena = checked.sharedArena()) {
      MemorySegment a = arena.allocate(2 * page());
      Kernel fill = checked.devices().getFirst().kernel(TestKernels.SOURCE, "fill");
      for (int round = 1; round < 5; round++) {
        a.fill((byte) round);
        fill.launch(Grid.of(page() / 2), out(a), round);
        assertThat(a.toArray(INT)).containsOnly(round);
      }
      assertThatThrownBy(() -> fill.launch(Grid.of(page() / 2 - 1), out(a), 9)).isInstanceOfSatisfying(BrokenPromiseException.class,
          broken -> assertThat(broken.slice()).isEqualTo(checked.slice(a.asSlice(2 * page() - 4))));
      assertThat(a.get(INT, 2 * page() - 4)).isEqualTo(0xFFF5A5A5);
    }
  }
}

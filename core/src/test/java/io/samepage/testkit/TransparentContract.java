package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.HostStatistics;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Memory that is touched as it is: what a program sees, and what moves for it. */
public abstract class TransparentContract extends TouchContract {
  @Test
  void touchingAfterALaunchSeesItsResultWithoutAnyMark() {
    MemorySegment a = allocate(3 * BLOCK_BYTES + 40);
    fill(a, 7);
    assertThat(loads(a)).containsOnly(7);
    increment(a, 2);
    assertThat(a.getAtIndex(INT, 0)).isEqualTo(9);
    assertThat(a.getAtIndex(INT, a.byteSize() / 4 - 1)).isEqualTo(9);
    increment(a, 1);
    assertThat(loads(a)).containsOnly(10);
  }

  @Test
  void hostStoresAreSeenByTheNextLaunch() {
    MemorySegment a = allocate(BLOCK_BYTES + 3 * page());
    MemorySegment b = allocate(a.byteSize());
    store(a, 1);
    copy(a, b);
    assertThat(loads(b)).isEqualTo(sequence(1, a.byteSize()));
    for (int round = 0; round < 20; round++) {
      a.setAtIndex(INT, 1000 + round, -round);
      copy(a, b);
      assertThat(b.getAtIndex(INT, 1000 + round)).isEqualTo(-round);
      assertThat(b.getAtIndex(INT, 1100)).isEqualTo(1101);
    }
  }

  @Test
  void storesAndKernelsTakeTurnsOnTheSamePages() {
    MemorySegment a = allocate(5 * page());
    for (int round = 0; round < 30; round++) {
      int expected = 100 * round;
      store(a, expected);
      increment(a, 1);
      increment(a, 1);
      assertThat(loads(a)).isEqualTo(sequence(expected + 2, a.byteSize()));
    }
  }

  @Test
  void aNewSegmentIsZeroOnTheHostAndOnTheDevice() {
    MemorySegment a = allocate(4 * page());
    MemorySegment b = allocate(4 * page());
    assertThat(loads(a)).containsOnly(0);
    fill(b, 3);
    copy(a, b);
    assertThat(loads(b)).containsOnly(0);
  }

  @Test
  void memoryThatIsUsedAgainIsZeroAgain() {
    for (int round = 0; round < 5; round++) {
      try (UnifiedArena other = memory().confinedArena()) {
        MemorySegment a = other.allocate(3 * UNIT_BYTES);
        assertThat(a.mismatch(MemorySegment.ofArray(new byte[3 * UNIT_BYTES]))).isEqualTo(-1);
        store(a, 5);
        fill(other.allocate(UNIT_BYTES), 9);
        increment(a, 1);
        assertThat(a.getAtIndex(INT, 0)).isEqualTo(6);
      }
    }
  }

  @Test
  void exactlyTheWrittenPagesMoveToTheDevice() {
    int pages = 1500;
    MemorySegment a = allocate(pages * page());
    MemorySegment b = allocate(page());
    store(a, 1);
    increment(a, 0);
    assertThat(a.mismatch(MemorySegment.ofArray(sequence(1, a.byteSize())))).isEqualTo(-1);
    increment(a, 0);
    SplittableRandom random = new SplittableRandom(7);
    for (int count : new int[] {1, 10, 300}) {
      // Resident on both sides, and clean.
      assertThat(a.mismatch(MemorySegment.ofArray(loads(a)))).isEqualTo(-1);
      copyFirst(a, b);
      TreeSet<Integer> written = new TreeSet<>();
      while (written.size() < count) {
        written.add(random.nextInt(pages));
      }
      written.forEach(p -> a.setAtIndex(INT, p * page() / 4 + 5, p));
      long before = memory().statistics().bytesToDevice();
      copyFirst(a, b);
      long moved = memory().statistics().bytesToDevice() - before;
      assertThat(moved).as("bytes moved for %s pages", count).isBetween(whereCopied(count * page(), 0),
          whereCopied((long) (1.05 * count * page()), 0));
    }
  }

  @Test
  void nothingMovesWhereNothingWasTouched() {
    MemorySegment a = allocate(2 * BLOCK_BYTES);
    fill(a, 1);
    increment(a, 1);
    Moved moved = Moved.during(memory(), () -> {
      for (int i = 0; i < 10; i++) {
        increment(a, 1);
      }
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(loads(a)).containsOnly(12);
  }

  @Test
  void blocksThatStayCleanAreReadAndWrittenAsEver() {
    MemorySegment a = allocate(2 * BLOCK_BYTES + 5 * page());
    MemorySegment b = allocate(a.byteSize());
    store(a, 1);
    for (int round = 1; round < 40; round++) {
      copy(a, b);
      if (round % 13 == 0) {
        a.setAtIndex(INT, 77_777, round);
        a.setAtIndex(INT, 600_000, -round);
      }
    }
    copy(a, b);
    int[] expected = sequence(1, a.byteSize());
    expected[77_777] = 39;
    expected[600_000] = -39;
    assertThat(loads(b)).isEqualTo(expected);
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void touchingOneByteOfManyPagesBringsNoMoreThanItsSurroundings() {
    int units = 256;
    MemorySegment a = allocate((long) units * UNIT_BYTES);
    fill(a, 3);
    long before = memory().hostStatistics().fetchedPages();
    // Far apart, so that nothing is taken for a sweep or for a dense use.
    for (int unit = 0; unit < units; unit += 37) {
      assertThat(a.get(ValueLayout.JAVA_BYTE, (long) unit * UNIT_BYTES + 123)).isEqualTo((byte) 0);
    }
    long fetched = memory().hostStatistics().fetchedPages() - before;
    assertThat(fetched).isBetween(whereCopied(7, 0), whereCopied(7L * UNIT_BYTES / page(), 0));
  }

  @Test
  void hostStatisticsTellWhatHasHappened() {
    assertThat(memory().hostStatistics().fetchedPages()).isZero();
    MemorySegment a = allocate(4 * UNIT_BYTES);
    store(a, 1);
    increment(a, 1);
    assertThat(loads(a)).isEqualTo(sequence(2, a.byteSize()));
    HostStatistics statistics = memory().hostStatistics();
    long pages = a.byteSize() / page();
    assertThat(statistics.fetchedPages()).isEqualTo(whereCopied(pages, 0));
    assertThat(statistics.writtenPages()).isEqualTo(whereCopied(pages, 0));
    assertThat(statistics.faults()).isBetween(2L, 3 * pages);
    assertThat(statistics.fetchNanos()).isPositive();
    assertThat(statistics.scanNanos() > 0).isEqualTo(copies());
    assertThat(statistics.poisonedPages()).isZero();
    assertThat(memory().statistics().bytesToHost()).isEqualTo(whereCopied(a.byteSize(), 0));
  }

  @Test
  void bytesBesideASliceThatAKernelWritesAreKept() {
    MemorySegment a = allocate(4 * page());
    store(a, 0);
    MemorySegment part = a.asSlice(page() - 8, page() + 16);
    fill(part, -1);
    int[] expected = sequence(0, a.byteSize());
    Arrays.fill(expected, (int) page() / 4 - 2, (int) page() / 2 + 2, -1);
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void bytesThatTheHostStoresBesideASliceAreKept() {
    MemorySegment a = allocate(2 * page());
    fill(a, 1);
    MemorySegment slice = a.asSlice(400, 800);
    for (int round = 2; round < 20; round++) {
      a.setAtIndex(INT, 99, round);
      a.setAtIndex(INT, 300, -round);
      fill(slice, 10 * round);
      assertThat(a.getAtIndex(INT, 99)).isEqualTo(round);
      assertThat(a.getAtIndex(INT, 100)).isEqualTo(10 * round);
      assertThat(a.getAtIndex(INT, 299)).isEqualTo(10 * round);
      assertThat(a.getAtIndex(INT, 300)).isEqualTo(-round);
      assertThat(a.getAtIndex(INT, 1500)).isEqualTo(1);
    }
  }

  @Test
  void slicesOfOnePageCanBeWrittenByOneLaunch() {
    MemorySegment a = allocate(2 * page());
    store(a, 0);
    kernel("copy").launch(Grid.of(128), in(a.asSlice(0, 128)), out(a.asSlice(512, 128)));
    kernel("add").launch(Grid.of(16), in(a.asSlice(512, 64)), in(a.asSlice(0, 64)), out(a.asSlice(page() - 32, 64)));
    int[] expected = sequence(0, a.byteSize());
    System.arraycopy(expected, 0, expected, 128, 32);
    for (int i = 0; i < 16; i++) {
      expected[(int) page() / 4 - 8 + i] = 2 * i;
    }
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void residencyTellsWhatTouchingHasDone() {
    MemorySegment a = allocate(4 * UNIT_BYTES);
    Slice all = memory().slice(a);
    String device = device().name();
    assertThat(all.residency().untouchedPages()).isEqualTo(all.residency().pageCount());
    fill(a, 1);
    assertThat(all.residency().pagesOn(device)).isEqualTo(64);
    assertThat(all.residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(0, 64));
    assertThat(a.get(INT, 0)).isEqualTo(1);
    assertThat(all.residency().nodes(0)).containsExactlyInAnyOrder(device, Residency.HOST);
    assertThat(all.residency().nodes(63)).containsExactlyInAnyOrder(holders(device));
    a.set(INT, page(), 5);
    assertThat(all.residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(all.residency().nodes(0)).containsExactlyInAnyOrder(device, Residency.HOST);
    increment(a, 1);
    assertThat(all.residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(0, 64));
    assertThat(a.get(INT, page())).isEqualTo(6);
  }

  @Test
  void hostLeasesAndTouchingSeeTheSameBytes() {
    MemorySegment a = allocate(3 * page());
    fill(a, 4);
    try (HostLease lease = memory().host(Access.READ_WRITE, List.of(memory().slice(a)))) {
      assertThat(lease.segment().toArray(INT)).containsOnly(4);
      lease.segment().setAtIndex(INT, 3, 8);
      assertThat(lease.segment().address()).isNotEqualTo(a.address());
      assertThat(memory().range(lease.segment())).isSameAs(memory().range(a));
    }
    assertThat(a.getAtIndex(INT, 3)).isEqualTo(8);
    a.setAtIndex(INT, 4, 9);
    increment(a, 1);
    try (HostLease lease = memory().range(a).host(Access.READ)) {
      assertThat(lease.segment().getAtIndex(INT, 3)).isEqualTo(9);
      assertThat(lease.segment().getAtIndex(INT, 4)).isEqualTo(10);
      assertThat(lease.segment().getAtIndex(INT, 5)).isEqualTo(5);
    }
  }

  @Test
  void aHostLeaseThatOverwritesIsNotDisturbedByTouchesBesideIt() {
    MemorySegment a = allocate(UNIT_BYTES);
    fill(a, 4);
    try (HostLease lease = memory().slice(a.asSlice(page(), 2 * page())).host(Access.WRITE)) {
      lease.segment().fill((byte) 1);
      assertThat(a.getAtIndex(INT, 0)).isEqualTo(4);
      assertThat(lease.segment().getAtIndex(INT, 7)).isEqualTo(0x01010101);
    }
    assertThat(a.getAtIndex(INT, page() / 4)).isEqualTo(0x01010101);
    increment(a, 1);
    assertThat(a.getAtIndex(INT, page() / 4)).isEqualTo(0x01010102);
    assertThat(a.getAtIndex(INT, 0)).isEqualTo(5);
  }

  @Test
  void deviceLeasesSeeWhatTheHostStored() {
    MemorySegment a = allocate(2 * page());
    store(a, 5);
    device().acquire(memory().slice(a), Access.READ).close();
    a.setAtIndex(INT, 3, 0);
    try (DeviceLease lease = device().acquire(memory().slice(a), Access.READ_WRITE)) {
      assertThat(lease.handle()).isNotZero();
    }
    assertThat(memory().slice(a).residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(0, 2));
    int[] expected = sequence(5, a.byteSize());
    expected[3] = 0;
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void severalDevicesSeeEachOthersResultsAndTheHosts() {
    MemorySegment a = allocate(BLOCK_BYTES);
    store(a, 0);
    int turn = 0;
    for (int round = 0; round < 4; round++) {
      for (Device device : memory().devices()) {
        device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(a.byteSize() / 4), inOut(a), value(1));
        turn++;
        if (round % 2 == 1) {
          a.setAtIndex(INT, turn, -turn);
          assertThat(a.getAtIndex(INT, 400_000 % (a.byteSize() / 4))).isEqualTo((int) (400_000 % (a.byteSize() / 4)) + turn);
          a.setAtIndex(INT, turn, 0);
        }
      }
    }
    assertThat(a.getAtIndex(INT, a.byteSize() / 4 - 1)).isEqualTo((int) (a.byteSize() / 4) - 1 + turn);
  }

  @Test
  void whatIsEvictedComesHome() {
    try (var small = builder().deviceBudget(devices().getFirst(), 4L * UNIT_BYTES).open();
        UnifiedArena own = small.confinedArena()) {
      Device device = small.devices().getFirst();
      MemorySegment[] segments = new MemorySegment[6];
      for (int i = 0; i < segments.length; i++) {
        segments[i] = own.allocate(2L * UNIT_BYTES - 4 * i);
        fill(device, segments[i], i + 1);
      }
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < segments.length; i++) {
          device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(segments[i].byteSize() / 4), inOut(segments[i]), value(10));
        }
      }
      for (int i = 0; i < segments.length; i++) {
        assertThat(loads(segments[i])).containsOnly(i + 31);
      }
      assertThat(device.statistics().evictedBytes() > 0).isEqualTo(copies());
      assertThat(device.usedBytes()).isLessThanOrEqualTo(device.budgetBytes());
    }
  }

  @Test
  void aRangeLargerThanTheDeviceIsUsedInParts() {
    try (var small = builder().deviceBudget(devices().getFirst(), 4L * UNIT_BYTES).open();
        UnifiedArena own = small.sharedArena()) {
      Device device = small.devices().getFirst();
      MemorySegment large = own.allocate(20L * UNIT_BYTES + 100);
      store(large, 0);
      for (long at = 0; at < large.byteSize() - 3000; at += UNIT_BYTES / 2 + 1004) {
        MemorySegment part = large.asSlice(at, Math.min(large.byteSize() - at, UNIT_BYTES / 2 + 1004));
        device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(part.byteSize() / 4), inOut(part), value(1_000_000));
      }
      assertThat(large.getAtIndex(INT, 3)).isEqualTo(1_000_003);
      assertThat(large.getAtIndex(INT, 200_000)).isEqualTo(1_200_000);
    }
  }

  @Test
  void readOnlyPartsAreInArgumentsAlone() {
    MemorySegment a = allocate(page()).asReadOnly();
    MemorySegment b = allocate(page());
    copy(a, b);
    assertThat(loads(b)).containsOnly(0);
    assertThatThrownBy(() -> out(a)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
  }

  @Test
  void segmentsThatAreNotWholeInOneOfOurRangesAreRefused() {
    MemorySegment a = allocate(100);
    assertThatThrownBy(() -> memory().slice(MemorySegment.ofArray(new int[4]))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> memory().slice(a.reinterpret(5000))).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("outside its range");
    assertThatThrownBy(() -> memory().slice(a.asSlice(10, 0))).isInstanceOf(IllegalArgumentException.class);
    try (var other = builder().open(); UnifiedArena theirs = other.confinedArena()) {
      MemorySegment b = theirs.allocate(100);
      assertThatThrownBy(() -> memory().slice(b)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(memory().toString()).hasMessageContaining(other.toString());
    }
  }

  @Test
  void rangesOfAnArenaAreFoundByAnyPartOfASegment() {
    MemorySegment a = allocate(3 * page());
    UnifiedRange range = memory().range(a.asSlice(page() + 3, 7));
    assertThat(range).isSameAs(memory().range(a));
    assertThat(memory().slice(a.asSlice(page() + 3, 7)).offsetBytes()).isEqualTo(page() + 3);
    assertThat(range.sizeBytes()).isEqualTo(3 * page());
    assertThatThrownBy(range::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("arena");
    assertThat(range.isOpen()).isTrue();
  }

  @Test
  void discardedPagesAreZeroWhereverTheyAreTouchedAndNothingMoves() {
    MemorySegment a = allocate(2 * BLOCK_BYTES + 3 * UNIT_BYTES);
    store(a, 1);
    increment(a, 1).await();
    a.setAtIndex(INT, 12_345, 6);
    // What this touch brings along may still be on its way: discarding waits for it.
    memory().slice(a).discard();
    Moved moved = Moved.during(memory(), () -> {
      assertThat(loads(a.asSlice(0, BLOCK_BYTES + UNIT_BYTES))).containsOnly(0);
      increment(a, 2).await();
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(loads(a)).containsOnly(2);
    assertThat(intsSeenByDevice(a)).containsOnly(2);
  }

  @Test
  void whatADeviceAloneHasIsDiscardedThereToo() {
    MemorySegment a = onDevice(5, BLOCK_BYTES + UNIT_BYTES);
    Moved moved = Moved.during(memory(), () -> {
      memory().slice(a).discard();
      assertThat(loads(a)).containsOnly(0);
      assertThat(intsSeenByDevice(a)).containsOnly(0);
    });
    assertThat(moved.bytesToDevice()).isZero();
    // The device's copy, which the host then reads.
    assertThat(moved.bytesToHost()).isEqualTo(whereCopied(a.byteSize(), 0));
  }

  @Test
  void storesAfterDiscardingAreSeenAndTheirPagesAloneMove() {
    int pages = 600;
    MemorySegment a = allocate(pages * page());
    MemorySegment b = allocate(page());
    for (int round = 1; round <= 10; round++) {
      store(a, round);
      if (round % 2 == 0) {
        copyFirst(a, b);
      }
      memory().slice(a).discard();
      a.setAtIndex(INT, 70 * page() / 4 + round, round);
      long before = memory().statistics().bytesToDevice();
      copyFirst(a, b);
      assertThat(memory().statistics().bytesToDevice() - before).as("round %s", round).isEqualTo(whereCopied(page(), 0));
      assertThat(intsSeenByDevice(a.asSlice(70 * page(), page()))).contains(round).doesNotContain(round + 1);
      assertThat(a.getAtIndex(INT, 70 * page() / 4 + round)).isEqualTo(round);
      assertThat(a.getAtIndex(INT, 1)).isZero();
    }
  }

  @Test
  void discardingKeepsThePagesThatBelongToTheSliceInPart() {
    for (boolean isOnDevice : new boolean[] {false, true}) {
      MemorySegment a = allocate(2 * UNIT_BYTES);
      store(a, 1);
      if (isOnDevice) {
        increment(a, 0);
      }
      int[] expected = sequence(1, a.byteSize());
      memory().slice(a.asSlice(page() - 4, UNIT_BYTES)).discard();
      Arrays.fill(expected, (int) page() / 4, (UNIT_BYTES / (int) page()) * (int) page() / 4, 0);
      assertThat(loads(a)).isEqualTo(expected);
      assertThat(intsSeenByDevice(a)).isEqualTo(expected);
    }
  }

  @Test
  void theNeighboursOfDiscardedPagesCanBeTouchedAllTheWhile() {
    int slots = 20;
    int rounds = 300;
    MemorySegment a = allocate(3 * slots * page());
    Crew.run(3, Duration.ofMinutes(2), thread -> {
      for (int round = 1; round <= rounds; round++) {
        MemorySegment mine = a.asSlice((3L * (round % slots) + thread) * page(), page());
        mine.setAtIndex(INT, 7, round);
        if (thread == 0) {
          increment(mine, 1);
          memory().slice(mine).discard();
        }
        assertThat(mine.getAtIndex(INT, 7)).isEqualTo(thread == 0 ? 0 : round);
      }
    }, () -> "pages are discarded beside touches");
    for (int slot = 0; slot < slots; slot++) {
      int last = slot == 0 ? rounds : rounds - slots + slot;
      for (int thread = 0; thread < 3; thread++) {
        assertThat(a.getAtIndex(INT, (3L * slot + thread) * page() / 4 + 7)).isEqualTo(thread == 0 ? 0 : last);
      }
    }
  }
}

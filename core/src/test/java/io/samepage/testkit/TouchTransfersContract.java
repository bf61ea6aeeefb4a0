package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefetching, filling and copying memory that is touched as it is. */
public abstract class TouchTransfersContract extends TouchContract {
  private Slice slice(MemorySegment segment) {
    return memory().slice(segment);
  }

  private long faults() {
    return memory().hostStatistics().faults();
  }

  @Test
  void touchesBehindAPrefetchToTheHostCauseNoFault() {
    MemorySegment a = onDevice(1, 2 * BLOCK_BYTES + 3 * page());
    long before = faults();
    long moved = memory().statistics().bytesToHost();
    Fence fence = slice(a).prefetchToHost();
    assertThat(fence.isDone()).isTrue();
    assertThat(loads(a)).isEqualTo(sequence(1, a.byteSize()));
    store(a, 5);
    assertThat(faults()).isEqualTo(before);
    assertThat(memory().statistics().bytesToHost() - moved).isEqualTo(whereCopied(a.byteSize(), 0));
    increment(a, 1);
    assertThat(loads(a)).isEqualTo(sequence(6, a.byteSize()));
  }

  @Test
  void pagesThatAreAtHomeAreMappedByAPrefetch() {
    MemorySegment untouched = allocate(BLOCK_BYTES);
    MemorySegment leased = allocate(BLOCK_BYTES);
    slice(leased).fill((byte) 1);
    slice(untouched).prefetchToHost();
    slice(leased).prefetchToHost();
    assertThat(loads(leased)).containsOnly(0x01010101);
    assertThat(loads(untouched)).containsOnly(0);
    store(untouched, 3);
    assertThat(faults()).isZero();
    assertThat(intsSeenByDevice(untouched)).isEqualTo(sequence(3, untouched.byteSize()));
  }

  @Test
  void aPrefetchToTheHostMapsItsOwnPagesAlone() {
    MemorySegment a = onDevice(1, BLOCK_BYTES);
    long before = memory().statistics().bytesToHost();
    slice(a.asSlice(5 * page() + 7, page())).prefetchToHost();
    assertThat(memory().statistics().bytesToHost() - before).isEqualTo(whereCopied(2 * page(), 0));
    assertThat(slice(a).residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(2, BLOCK_BYTES / page()));
    assertThat(loads(a)).isEqualTo(sequence(1, a.byteSize()));
  }

  @Test
  void whatWasPrefetchedToADeviceIsNotMovedAgainUntilTheHostStores() {
    MemorySegment a = allocate(64 * page());
    MemorySegment b = allocate(4);
    store(a, 1);
    Moved moved = Moved.during(memory(), () -> slice(a).prefetchTo(device()).await());
    assertThat(moved.bytesToDevice()).isEqualTo(whereCopied(a.byteSize(), 0));
    assertThat(Moved.during(memory(), () -> copyFirst(a, b))).isEqualTo(Moved.NOTHING);
    assertThat(loads(a)).isEqualTo(sequence(1, a.byteSize()));
    a.setAtIndex(INT, 5, 0);
    assertThat(Moved.during(memory(), () -> slice(a).prefetchTo(device()).await())).isEqualTo(toDevice(page(), 1));
  }

  @Test
  void storesWhileAPrefetchIsUnderWayAreNotLost() {
    MemorySegment a = allocate(BLOCK_BYTES);
    int[] expected = sequence(1, a.byteSize());
    store(a, 1);
    for (int round = 1; round <= 20; round++) {
      slice(a).prefetchTo(device());
      for (int at = 7 * round; at < expected.length; at += 10_007) {
        a.setAtIndex(INT, at, -round);
        expected[at] = -round;
      }
      assertThat(intsSeenByDevice(a)).isEqualTo(expected);
    }
  }

  @Test
  void touchesSeeAFillOnTheDeviceAndTheBytesBesideIt() {
    MemorySegment a = onDevice(0, 4 * UNIT_BYTES);
    int[] expected = sequence(0, a.byteSize());
    Moved moved = Moved.during(memory(), () -> slice(a.asSlice(40, UNIT_BYTES + 400)).fill((byte) 5));
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(slice(a).residency().pagesOn(Residency.HOST)).isEqualTo(whereCopied(0, a.byteSize() / page()));
    Arrays.fill(expected, 10, 110 + UNIT_BYTES / 4, 0x05050505);
    assertThat(loads(a)).isEqualTo(expected);
  }

  @Test
  void fillsAndStoresTakeTurns() {
    MemorySegment a = onDevice(0, 3 * UNIT_BYTES);
    int[] expected = sequence(0, a.byteSize());
    for (int round = 1; round < 20; round++) {
      slice(a.asSlice(4L * round, 2 * UNIT_BYTES)).fill((byte) round);
      Arrays.fill(expected, round, round + UNIT_BYTES / 2, round * 0x01010101);
      if (round % 3 == 0) {
        a.setAtIndex(INT, 100 * round, -round);
        expected[100 * round] = -round;
      }
      assertThat(a.getAtIndex(INT, 1000)).isEqualTo(expected[1000]);
      if (round % 4 == 0) {
        increment(a, 0);
      }
    }
    assertThat(loads(a)).isEqualTo(expected);
    assertThat(intsSeenByDevice(a)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void copiesBetweenTouchedAndOtherMemoryAreSeenByTouches(boolean isOnDevice) {
    MemorySegment a = allocate(UNIT_BYTES);
    MemorySegment b = allocate(2 * UNIT_BYTES);
    UnifiedRange other = memory().allocate(UNIT_BYTES);
    store(a, 1);
    store(b, 1000);
    if (isOnDevice) {
      increment(a, 0);
    }
    Moved moved = Moved.during(memory(), () -> slice(a).copyTo(other.all()).await());
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(other.all().residency().pagesOn(isOnDevice ? device().name() : Residency.HOST)).isEqualTo(UNIT_BYTES / (int) page());
    other.all().copyTo(slice(b.asSlice(84, UNIT_BYTES)));
    int[] expected = sequence(1000, b.byteSize());
    System.arraycopy(sequence(1, UNIT_BYTES), 0, expected, 21, UNIT_BYTES / 4);
    assertThat(loads(b)).isEqualTo(expected);
    b.setAtIndex(INT, 30, -1);
    slice(b.asSlice(84, UNIT_BYTES)).copyTo(slice(a));
    expected[30] = -1;
    assertThat(loads(a)).isEqualTo(Arrays.copyOfRange(expected, 21, 21 + UNIT_BYTES / 4));
    try (HostLease lease = slice(b).host(Access.READ)) {
      assertThat(lease.segment().toArray(INT)).isEqualTo(expected);
    }
  }
}

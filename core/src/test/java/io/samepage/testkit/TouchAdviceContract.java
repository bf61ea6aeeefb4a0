package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What comes of advice about memory that is touched as it is. The device has room for eight units. */
public abstract class TouchAdviceContract extends TouchContract {
  private static final long SEED = 20_261_121;

  @Override
  protected UnifiedMemory open() {
    return builder().deviceBudget(devices().getFirst(), 8 * UNIT_BYTES).open();
  }

  private Slice slice(MemorySegment segment) {
    return memory().slice(segment);
  }

  /** A segment that holds {@code first, first + 1, …}, and that a device alone has; nothing is under way. */
  private MemorySegment resident(int first, long sizeBytes) {
    MemorySegment segment = allocate(sizeBytes);
    store(segment, first - 1);
    increment(segment, 1).await();
    return segment;
  }

  private long faults() {
    return memory().hostStatistics().faults();
  }

  /** Waits until an action has led to all pages of a segment being brought home. To look at residency could unmap them again. */
  private void bringsHome(MemorySegment segment, Runnable action) {
    long before = memory().range(segment).hostStatistics().fetchedPages();
    action.run();
    while (memory().range(segment).hostStatistics().fetchedPages() - before < segment.byteSize() / page()
        || memory().statistics().openLeases() > 0) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }
  }

  private boolean isOnDevice(MemorySegment segment) {
    return slice(segment).residency().pagesOn(device().name()) == segment.byteSize() / page();
  }

  @Test
  void touchesBehindALaunchCauseNoFaultOnAHostThatAccessesThePages() {
    MemorySegment a = resident(1, 4 * UNIT_BYTES);
    memory().range(a).advise(Advice.accessedByHost());
    for (int round = 1; round <= 5; round++) {
      bringsHome(a, () -> increment(a, 1));
      long before = faults();
      assertThat(loads(a)).isEqualTo(sequence(1 + round, a.byteSize()));
      assertThat(faults()).isEqualTo(before);
    }
  }

  @Test
  void touchesBehindALaunchCauseFaultsOnAHostThatAccessesThePagesNoMore() {
    MemorySegment given = resident(1, 2 * UNIT_BYTES);
    MemorySegment taken = resident(1, 2 * UNIT_BYTES);
    slice(given).advise(Advice.accessedByHost());
    slice(taken).advise(Advice.accessedByHost());
    slice(taken).unadvise(Advice.accessedByHost());
    increment(taken, 1).await();
    // Updates are made in turn, so the other one's would have come first.
    bringsHome(given, () -> increment(given, 1));
    long before = faults();
    assertThat(loads(taken)).isEqualTo(sequence(2, taken.byteSize()));
    assertThat(faults()).isGreaterThan(before);
  }

  @Test
  void whatALeaseOfTheHostWritesIsBroughtToADeviceThatAccessesIt() {
    MemorySegment a = resident(1, 2 * UNIT_BYTES);
    assertThat(loads(a)).isEqualTo(sequence(1, a.byteSize()));
    slice(a).advise(Advice.accessedBy(device()));
    Moved moved = Moved.during(memory(), () -> {
      try (HostLease lease = slice(a).host(Access.WRITE)) {
        store(lease.segment(), 7);
      }
      awaitCopies(slice(a), device().name());
    });
    assertThat(moved).isEqualTo(toDevice(a.byteSize(), 1));
    MemorySegment first = allocate(4);
    assertThat(Moved.during(memory(), () -> copyFirst(a, first))).isEqualTo(Moved.NOTHING);
    assertThat(loads(first)).containsExactly(7);
  }

  @Test
  void whatTheHostHasTouchedCountsAsADuplicateOfReadMostlyPages() {
    MemorySegment older = resident(1, 4 * UNIT_BYTES);
    MemorySegment newer = resident(2, 4 * UNIT_BYTES);
    slice(newer).advise(Advice.readMostly());
    assertThat(loads(newer)).isEqualTo(sequence(2, newer.byteSize()));
    assertThat(Moved.during(memory(), () -> fill(allocate(4 * UNIT_BYTES), 3).await())).isEqualTo(Moved.NOTHING);
    assertThat(isOnDevice(older)).isTrue();
    assertThat(isOnDevice(newer)).isFalse();
    assertThat(loads(newer)).isEqualTo(sequence(2, newer.byteSize()));
  }

  @Test
  void theOrderInWhichADeviceGivesUpWatchedMemoryFollowsTheAdvice() {
    MemorySegment preferred = resident(1, 4 * UNIT_BYTES);
    MemorySegment other = resident(2, 4 * UNIT_BYTES);
    slice(preferred).advise(Advice.preferredLocation(device()));
    MemorySegment notNeeded = resident(3, 4 * UNIT_BYTES);
    assertThat(isOnDevice(preferred)).isTrue();
    assertThat(isOnDevice(other)).isFalse();
    slice(preferred).unadvise(Advice.preferredLocation(device()));
    slice(notNeeded).advise(Advice.willNotNeed());
    fill(allocate(4 * UNIT_BYTES), 4).await();
    assertThat(isOnDevice(preferred)).isTrue();
    assertThat(isOnDevice(notNeeded)).isFalse();
    assertThat(loads(notNeeded)).isEqualTo(sequence(3, notNeeded.byteSize()));
    assertThat(loads(other)).isEqualTo(sequence(2, other.byteSize()));
  }

  @Test
  void aFillOfTouchedMemoryIsDoneAtThePreferredLocation() {
    MemorySegment a = allocate(2 * UNIT_BYTES);
    store(a, 1);
    slice(a).advise(Advice.preferredLocation(device()));
    assertThat(Moved.during(memory(), () -> slice(a).fill((byte) 5).await())).isEqualTo(Moved.NOTHING);
    assertThat(slice(a).residency().nodes(0)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(loads(a)).containsOnly(0x05050505);
  }

  @Test
  void adviceNeverChangesWhatTouchesAndKernelsSee() {
    for (long seed = SEED; seed < SEED + 4; seed++) {
      touchWithRandomAdvice(new SplittableRandom(seed), "seed=" + seed + ", devices=" + devices());
    }
  }

  private void touchWithRandomAdvice(SplittableRandom random, String text) {
    List<MemorySegment> segments = List.of(allocate(3 * UNIT_BYTES), allocate(3 * UNIT_BYTES), allocate(3 * UNIT_BYTES));
    int[][] expected = new int[3][3 * UNIT_BYTES / 4];
    List<Advice> all = everyAdvice();
    for (int i = 0; i < 300; i++) {
      int which = random.nextInt(3);
      MemorySegment segment = segments.get(which);
      Slice part = slice(segment.asSlice(random.nextLong(UNIT_BYTES), UNIT_BYTES));
      Advice advice = all.get(random.nextInt(all.size()));
      if (random.nextInt(3) > 0) {
        part.advise(advice);
      } else {
        part.unadvise(advice);
      }
      int at = random.nextInt(expected[which].length);
      if (random.nextBoolean()) {
        segment.setAtIndex(INT, at, i);
        expected[which][at] = i;
      } else {
        increment(segment, 1);
        for (int k = 0; k < expected[which].length; k++) {
          expected[which][k]++;
        }
      }
      assertThat(segment.getAtIndex(INT, at)).as("%s, step=%d", text, i).isEqualTo(expected[which][at]);
    }
    for (int which = 0; which < 3; which++) {
      assertThat(loads(segments.get(which))).as(text).isEqualTo(expected[which]);
    }
  }
}

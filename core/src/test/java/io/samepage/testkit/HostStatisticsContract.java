package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.HostStatistics;
import io.samepage.Residency;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted for touches, compared with what the test knows. Touches that go down are never taken for touches in order. */
public abstract class HostStatisticsContract extends TouchContract {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  /** So many that are touched one behind the other are a sweep. */
  private static final int UNITS_IN_ORDER = 3;
  /** How long a helper has to read ahead of the first unit behind these; of each later one twice as long. */
  private static final long HELP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private int unitPages;

  @BeforeEach
  final void countPages() {
    unitPages = Math.toIntExact(UNIT_BYTES / page());
  }

  private HostStatistics now() {
    return memory().hostStatistics();
  }

  private static void touch(MemorySegment segment, long offset) {
    assertThat(segment.get(ValueLayout.JAVA_BYTE, offset)).isEqualTo((byte) 1);
  }

  /** {@return blocks of ones that a device alone has} */
  private MemorySegment blocks(int count) {
    MemorySegment segment = allocate((long) count * BLOCK_BYTES);
    fill(segment, 0x01010101).await();
    return segment;
  }

  /** Waits for what other threads of the fault handler do by themselves. */
  private void await(Predicate<HostStatistics> condition) {
    long end = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.test(now())) {
      assertThat(System.nanoTime()).as("the time when it is no more waited for, %s", now()).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void touchesFarApartAreCountedWithTheirNeighbours() {
    int count = 20;
    int again = 7;
    MemorySegment segment = blocks(count);
    assertThat(now()).isEqualTo(HostStatistics.NOTHING);
    for (int block = count - 1; block >= 0; block--) {
      touch(segment, (long) block * BLOCK_BYTES + 5 * page());
    }
    await(counts -> counts.fetchedPages() == (long) count * unitPages);
    HostStatistics apart = now();
    assertThat(apart.faults()).isBetween((long) count, 2L * count);
    assertThat(apart.neighbourPages()).isEqualTo((long) count * (unitPages - 1));
    assertThat(apart.neighbourPagesUsed()).isZero();
    for (int block = count - 1; block >= count - again; block--) {
      touch(segment, (long) block * BLOCK_BYTES + 6 * page());
      touch(segment, (long) block * BLOCK_BYTES + 7 * page());
    }
    HostStatistics used = now();
    assertThat(used.neighbourPagesUsed()).isEqualTo((long) again * (unitPages - 1));
    assertThat(used.faults() - apart.faults()).isBetween((long) again, 2L * again);
    assertThat(used.fetchedPages()).isEqualTo((long) count * unitPages);
    assertThat(used.grownPages() + used.aheadPages()).isZero();
    assertThat(memory().statistics().bytesToHost()).isEqualTo((long) count * UNIT_BYTES);
  }

  @Test
  void whatIsBroughtAsItsSurroundingsAreInUseIsCounted() {
    MemorySegment segment = blocks(1);
    for (int unit : new int[] {31, 30, 29}) {
      touch(segment, (long) unit * UNIT_BYTES);
      touch(segment, (long) unit * UNIT_BYTES + 9 * page());
    }
    await(counts -> counts.grownPages() > 0 && counts.fetchedPages() == 4L * unitPages);
    assertThat(now().grownPages()).isEqualTo(unitPages);
    assertThat(now().grownPagesUsed()).isZero();
    assertThat(now().neighbourPages()).isEqualTo(3L * (unitPages - 1));
    assertThat(now().neighbourPagesUsed()).isEqualTo(3L * (unitPages - 1));
    touch(segment, 28L * UNIT_BYTES + page());
    touch(segment, 28L * UNIT_BYTES);
    await(counts -> counts.grownPagesUsed() == unitPages);
  }

  @Test
  void whatIsReadAheadIsCountedWhetherItIsUsedOrNot() {
    MemorySegment segment = blocks(16);
    int units = sweepUntilReadAhead(segment);
    await(counts -> counts.fetchedPages() == hostPages(segment));
    HostStatistics begun = now();
    assertThat(begun.aheadPagesUsed()).isBetween(0L, units == UNITS_IN_ORDER ? 0 : begun.aheadPages());
    assertThat(begun.fetchedPages()).isGreaterThan(begun.aheadPages());
    sweep(segment);
    await(counts -> counts.aheadPagesUsed() == counts.aheadPages());
    HostStatistics swept = now();
    assertThat(swept.fetchedPages()).isEqualTo(segment.byteSize() / page());
    assertThat(swept.aheadPages()).isBetween(begun.aheadPages() + 1, segment.byteSize() / page());
    assertThat(swept.faults()).as("touches that waited").isLessThan(segment.byteSize() / page() / 4);
    assertThat(memory().statistics().bytesToHost()).isEqualTo(segment.byteSize());
  }

  /**
   * A sweep may be over before a thread that reads ahead gets a processor: it goes on, ever slower, until something was read ahead.
   *
   * @return how many units were swept
   */
  private int sweepUntilReadAhead(MemorySegment segment) {
    int units = UNITS_IN_ORDER;
    sweep(segment.asSlice(0, (long) units * UNIT_BYTES));
    for (long nanos = HELP_NANOS; !isReadAheadWithin(nanos, segment); nanos *= 2) {
      assertThat(nanos).as("nanoseconds in vain until something is read ahead of %s units: %s", units, of(segment))
          .isLessThan(TIMEOUT.toNanos() / 2);
      sweep(segment.asSlice((long) units++ * UNIT_BYTES, UNIT_BYTES));
    }
    return units;
  }

  private boolean isReadAheadWithin(long nanos, MemorySegment segment) {
    long begin = System.nanoTime();
    while (of(segment).aheadPages() == 0 && System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
    return of(segment).aheadPages() > 0;
  }

  private void sweep(MemorySegment segment) {
    for (long at = 0; at < segment.byteSize(); at += page()) {
      touch(segment, at);
    }
  }

  /** {@return how many pages of a segment the host has, by the word of its range} */
  private long hostPages(MemorySegment segment) {
    return memory().slice(segment).residency().pagesOn(Residency.HOST);
  }

  @Test
  void writtenPagesAreCountedOnce() {
    MemorySegment segment = blocks(3);
    MemorySegment first = allocate(4);
    long pages = segment.byteSize() / page();
    SplittableRandom random = new SplittableRandom(20_266);
    for (int count : new int[] {1, 17, 400}) {
      long before = now().writtenPages();
      random.longs(0, pages).distinct().limit(count).forEach(page -> {
        segment.set(INT, page * page(), count);
        segment.set(INT, page * page() + 80, count);
      });
      copyFirst(segment, first);
      assertThat(now().writtenPages() - before).isEqualTo(count);
      copyFirst(segment, first);
      assertThat(now().writtenPages() - before).isEqualTo(count);
    }
  }

  @Test
  void timesAreNoLongerThanThreadsHaveSpent() {
    int threads = 4 + 2;
    MemorySegment segment = blocks(8);
    MemorySegment first = allocate(4);
    long begin = System.nanoTime();
    for (int round = 1; round <= 5; round++) {
      HostStatistics before = now();
      store(segment, round);
      copyFirst(segment, first);
      increment(segment, 1);
      assertThat(segment.getAtIndex(INT, 0)).isEqualTo(round + 1);
      assertThat(now().scanNanos()).isGreaterThan(before.scanNanos());
      assertThat(now().fetchNanos()).isGreaterThan(before.fetchNanos());
    }
    long spent = System.nanoTime() - begin;
    assertThat(now().scanNanos()).isLessThan(spent);
    assertThat(now().fetchNanos()).isLessThan(threads * spent);
  }

  @Test
  void leasesFetchWithoutFaults() {
    MemorySegment segment = blocks(2);
    try (HostLease lease = memory().slice(segment.asSlice(page(), 5 * page())).host(Access.READ)) {
      assertThat(lease.segment().get(INT, 0)).isEqualTo(0x01010101);
    }
    assertThat(now().fetchedPages()).isEqualTo(5);
    assertThat(now().faults()).isZero();
    assertThat(now().neighbourPages() + now().grownPages() + now().aheadPages()).isZero();
  }

  @Test
  void eachRangeHasItsShareOfAll() {
    MemorySegment swept = blocks(4);
    MemorySegment written = blocks(2);
    MemorySegment idle = blocks(1);
    MemorySegment leased = blocks(1);
    MemorySegment first = allocate(4);
    sweepUntilReadAhead(swept);
    sweep(swept);
    for (int page = 0; page < 30; page++) {
      written.set(INT, 7 * page * page(), page);
    }
    copyFirst(written, first);
    memory().slice(leased.asSlice(0, 3 * page())).host(Access.READ).close();
    await(counts -> of(swept).aheadPagesUsed() == of(swept).aheadPages());
    assertThat(of(swept).fetchedPages()).isEqualTo(swept.byteSize() / page());
    assertThat(of(swept).aheadPages()).isPositive();
    assertThat(of(swept).writtenPages() + of(swept).scanNanos()).isZero();
    assertThat(of(written).writtenPages()).isEqualTo(30);
    assertThat(of(written).scanNanos()).isPositive();
    assertThat(of(written).faults()).isPositive();
    assertThat(of(idle)).isEqualTo(HostStatistics.NOTHING);
    assertThat(of(leased).fetchedPages()).isEqualTo(3);
    assertThat(of(leased).faults()).isZero();
    // What lies ahead of the stores may still be on its way.
    await(counts -> sum(swept, written, idle, leased, first).equals(counts));
  }

  private HostStatistics of(MemorySegment segment) {
    return memory().range(segment).hostStatistics();
  }

  private HostStatistics sum(MemorySegment... segments) {
    return Arrays.stream(segments).map(this::of).reduce(HostStatistics.NOTHING, (a, b) -> new HostStatistics(a.faults() + b.faults(),
        a.fetchedPages() + b.fetchedPages(), a.fetchNanos() + b.fetchNanos(), a.neighbourPages() + b.neighbourPages(),
        a.neighbourPagesUsed() + b.neighbourPagesUsed(), a.grownPages() + b.grownPages(), a.grownPagesUsed() + b.grownPagesUsed(),
        a.aheadPages() + b.aheadPages(), a.aheadPagesUsed() + b.aheadPagesUsed(), a.writtenPages() + b.writtenPages(),
        a.scanNanos() + b.scanNanos(), a.poisonedPages() + b.poisonedPages()));
  }

  @Test
  void smallRangesSideBySideAndHugeOnesAreToldApart() {
    SplittableRandom random = new SplittableRandom(20_267);
    try (UnifiedArena other = memory().sharedArena()) {
      for (int round = 0; round < 2; round++) {
        try (UnifiedArena own = memory().confinedArena()) {
          List<MemorySegment> ranges = new ArrayList<>();
          for (int i = 0; i < 150; i++) {
            (random.nextBoolean() ? own : other).allocate(random.nextLong(1, 20L * UNIT_BYTES));
            ranges.add(own.allocate(random.nextLong(1, 40L * UNIT_BYTES)));
          }
          ranges.add(own.allocate(20L << 30));
          ranges.forEach(range -> assertTheLastPageIsCounted(range, other));
          assertThat(ranges.stream().mapToLong(range -> of(range).writtenPages()).sum()).isEqualTo(ranges.size());
        }
      }
    }
  }

  private void assertTheLastPageIsCounted(MemorySegment range, UnifiedArena other) {
    assertThat(of(range)).isEqualTo(HostStatistics.NOTHING);
    range.set(ValueLayout.JAVA_BYTE, range.byteSize() - 1, (byte) 1);
    assertThat(of(range).faults()).isBetween(1L, 2L);
    MemorySegment last = range.asSlice(range.byteSize() - 1);
    copyFirst(last, other.allocate(1));
    assertThat(of(range).writtenPages()).isOne();
  }

  @Test
  void rangesWithoutAnArenaAreNotTouched() {
    UnifiedRange range = memory().allocate(page());
    write(range, 1);
    readOnDevice(range);
    assertThat(range.hostStatistics()).isEqualTo(HostStatistics.NOTHING);
    range.close();
    assertThatThrownBy(range::hostStatistics).isInstanceOf(IllegalStateException.class).hasMessageContaining(range.name());
  }

  @Test
  void firstTouchesOfNewMemoryFetchNothing() {
    MemorySegment segment = allocate(10L * BLOCK_BYTES);
    for (int block = 9; block >= 0; block--) {
      segment.set(ValueLayout.JAVA_BYTE, (long) block * BLOCK_BYTES + 77, (byte) 1);
    }
    assertThat(now().faults()).isBetween(10L, 20L);
    assertThat(now().fetchedPages()).isZero();
    assertThat(now().fetchNanos()).isZero();
  }
}

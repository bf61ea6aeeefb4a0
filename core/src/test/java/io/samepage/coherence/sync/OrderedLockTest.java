package io.samepage.coherence.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.coherence.Beside;
import io.samepage.coherence.sync.OrderedLock.Rank;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks taken against their order fail an assertion, before they could deadlock. */
class OrderedLockTest {
  private static void assertRefused(OrderedLock held, OrderedLock wanted) {
    held.lock();
    try {
      assertThatThrownBy(wanted::lock).isInstanceOf(AssertionError.class).hasMessageContaining("lock order");
      assertThat(wanted.isHeldByCurrentThread() && wanted != held).isFalse();
    } finally {
      held.unlock();
    }
    wanted.lock();
    wanted.unlock();
  }

  @Test
  void allRanksMayBeTakenInTheirOrderAndGivenBackInAnyOther() {
    List<OrderedLock> locks = List.of(Rank.values()).stream().map(rank -> new OrderedLock(rank, 3)).toList();
    for (int round = 0; round < 2; round++) {
      locks.forEach(OrderedLock::lock);
      locks.forEach(OrderedLock::unlock);
    }
    assertThat(locks).noneMatch(OrderedLock::isLocked);
  }

  @ParameterizedTest
  @EnumSource(Rank.class)
  void aLowerRankIsRefusedUnderAHigherOne(Rank higher) {
    for (Rank lower : Rank.values()) {
      if (lower.compareTo(higher) < 0) {
        assertRefused(new OrderedLock(higher, 1), new OrderedLock(lower, 2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Rank.class)
  void locksOfOneRankAreTakenInTheOrderOfTheirNumbers(Rank rank) {
    OrderedLock first = new OrderedLock(rank, 1);
    OrderedLock second = new OrderedLock(rank, 2);
    first.lock();
    second.lock();
    second.unlock();
    first.unlock();
    assertRefused(second, first);
    assertRefused(second, new OrderedLock(rank, 2));
  }

  @Test
  void noLockIsTakenTwice() {
    OrderedLock lock = new OrderedLock(Rank.RANGE, 1);
    assertRefused(lock, lock);
  }

  @Test
  void whatAnotherThreadHoldsDoesNotMatter() {
    OrderedLock higher = new OrderedLock(Rank.BOOKS, 1);
    OrderedLock lower = new OrderedLock(Rank.PLACEMENT, 1);
    higher.lock();
    Beside.run(() -> {
      lower.lock();
      lower.unlock();
    }).get();
    higher.unlock();
  }
}

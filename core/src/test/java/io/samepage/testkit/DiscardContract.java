package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Contents that are no longer needed: they are zero afterwards, move nowhere, and what lies beside them stays. */
public abstract class DiscardContract extends MemoryContract {
  private static final int STEPS = 5_000_000;

  @Test
  void whatADeviceAloneHeldIsZeroForTheHostAndNothingMoves() {
    UnifiedRange range = pages(3);
    fillOnDevice(range, 7);
    Moved moved = Moved.during(memory(), () -> {
      range.all().discard();
      assertThat(ints(range)).containsOnly(0);
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
  }

  @Test
  void whatTheHostWroteIsZeroForAKernelAndNothingMoves() {
    UnifiedRange range = pages(3);
    UnifiedRange copy = pages(3);
    write(range, 1);
    Moved moved = Moved.during(memory(), () -> {
      range.all().discard();
      kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(5)).await();
      kernel("copy").launch(Grid.of(range.sizeBytes()), in(range), out(copy)).await();
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(ints(copy)).containsOnly(5);
  }

  @Test
  void whatTheHostWroteIsZeroForTheHost() {
    UnifiedRange range = pages(2);
    write(range, 1);
    range.all().discard();
    assertThat(ints(range)).containsOnly(0);
    write(range.slice(4, 4), 9);
    range.slice(page(), page()).discard();
    assertThat(ints(range)).startsWith(0, 9, 0).endsWith(0);
  }

  @Test
  void whatIsOnBothSidesIsDiscardedOnBoth() {
    UnifiedRange range = pages(2);
    write(range, 1);
    readOnDevice(range);
    range.all().discard();
    Residency residency = range.all().residency();
    assertThat(residency.untouchedPages()).isEqualTo(2);
    assertThat(residency.pagesOn(device().name())).isEqualTo(whereCopied(0, 2));
    kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(2));
    assertThat(ints(range)).containsOnly(2);
  }

  @Test
  void pagesThatBelongToTheSliceInPartKeepTheirBytes() {
    UnifiedRange range = pages(4);
    fillOnDevice(range, 3);
    Slice middle = range.slice(page() / 2, 2 * page());
    assertThat(Moved.during(memory(), middle::discard)).isEqualTo(Moved.NOTHING);
    assertThat(Moved.during(memory(), () -> {
      assertThat(ints(range.slice(0, page()))).containsOnly(3);
      assertThat(ints(range.slice(page(), page()))).containsOnly(0);
      assertThat(ints(range.slice(2 * page(), 2 * page()))).containsOnly(3);
    })).isEqualTo(toHost(3 * page(), 2));
  }

  @Test
  void theLastPageOfARangeIsWholeWhereTheRangeEnds() {
    UnifiedRange range = memory().allocate(page() + 100);
    fillOnDevice(range, 3);
    range.slice(page() - 4, 104).discard();
    assertThat(ints(range.slice(page() - 8, 8))).containsOnly(3);
    assertThat(ints(range.slice(page(), 100))).containsOnly(0);
    fillOnDevice(range, 4);
    range.slice(page(), 99).discard();
    assertThat(ints(range)).containsOnly(4);
  }

  @Test
  void aSliceWithinAPageChangesNothingAndIsInNobodysWay() {
    UnifiedRange range = pages(2);
    fillOnDevice(range, 3);
    try (HostLease lease = range.host(Access.READ_WRITE)) {
      range.slice(1, 2 * page() - 2).discard();
      range.slice(0, page() - 1).discard();
      assertThat(lease.segment().toArray(INT)).containsOnly(3);
    }
    assertThat(ints(range)).containsOnly(3);
  }

  @Test
  void aLeaseOfTheSameThreadIsInTheWay() {
    UnifiedRange range = pages(3);
    write(range, 1);
    for (Access access : Access.values()) {
      try (HostLease lease = range.slice(page() + 8, 4).host(access)) {
        assertThatThrownBy(() -> range.all().discard()).isInstanceOf(LeaseConflictException.class).hasMessageContaining("discard on range");
        assertThat(lease.isOpen()).isTrue();
        range.slice(0, page()).discard();
      }
    }
    assertThat(ints(range.slice(2 * page(), 4))).containsExactly(1 + 2 * (int) page() / 4);
    range.all().discard();
    assertThat(ints(range)).containsOnly(0);
  }

  @Test
  void aLeaseOfAnotherThreadIsWaitedFor() {
    UnifiedRange range = pages(1);
    write(range, 1);
    HostLease lease = memory().hostShared(Access.READ, List.of(range.all()), Duration.ZERO);
    try (OtherThread other = new OtherThread("discarder")) {
      Future<Object> discarded = other.start(Executors.callable(range.all()::discard));
      other.awaitWaiting(discarded);
      assertThat(lease.segment().toArray(INT)).isEqualTo(sequence(1, page()));
      lease.close();
      OtherThread.result(discarded);
    }
    assertThat(ints(range)).containsOnly(0);
  }

  @Test
  void aLeaseThatStaysOpenIsNotWaitedForLongerThanTheMemoryDoes() {
    try (UnifiedMemory impatient = builder().leaseTimeout(Duration.ofMillis(1)).open()) {
      UnifiedRange range = impatient.allocate(page());
      write(range, 1);
      try (HostLease lease = impatient.hostShared(Access.READ, List.of(range.all()), Duration.ZERO)) {
        assertThatThrownBy(range.all()::discard).isInstanceOf(LeaseTimeoutException.class);
        assertThat(lease.segment().toArray(INT)).isEqualTo(sequence(1, page()));
      }
      assertThat(ints(range)).isEqualTo(sequence(1, page()));
      assertThat(impatient.statistics().openLeases()).isZero();
    }
  }

  @Test
  void aKernelThatUsesThePagesIsWaitedFor() {
    UnifiedRange range = pages(1);
    Fence fence = kernel("churn").launch(Grid.of(1), inOut(range.slice(0, 4)), value(STEPS));
    range.all().discard();
    assertThat(fence.isDone()).isTrue();
    assertThat(Moved.during(memory(), () -> assertThat(ints(range)).containsOnly(0))).isEqualTo(Moved.NOTHING);
  }

  @Test
  void discardingAgainAndAgainLeavesRoomForUse() {
    UnifiedRange range = pages(5);
    for (int round = 1; round <= 20; round++) {
      write(range.slice(page() * (round % 5), page()), round);
      kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(round));
      assertThat(ints(range.slice(page() * ((round + 1) % 5), page()))).containsOnly(round);
      range.all().discard();
    }
    assertThat(ints(range)).containsOnly(0);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void whatCannotBeDiscardedIsRefused() {
    UnifiedRange range = pages(1);
    UnifiedRange other = pages(1);
    Slice slice = range.all();
    write(range, 1);
    assertThatIllegalArgumentException().isThrownBy(() -> other.discard(slice)).withMessageContaining(slice.toString());
    assertThatNullPointerException().isThrownBy(() -> other.discard(null));
    assertThat(ints(range)).isEqualTo(sequence(1, page()));
    range.close();
    assertThatIllegalStateException().isThrownBy(slice::discard).withMessageContaining("closed");
  }
}

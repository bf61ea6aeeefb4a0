package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.samepage.Advice;
import io.samepage.Advice.Kind;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What a program says of how it will use pages: what comes of each advice, that it can be taken back, and that data stays right. */
public abstract class AdviceContract extends MemoryContract {
  /** The device has room for two of them. */
  private static final int RANGE_PAGES = 4;

  @Override
  protected UnifiedMemory open() {
    return builder().deviceBudget(devices().getFirst(), 2 * RANGE_PAGES * page()).open();
  }

  private UnifiedRange range() {
    return pages(RANGE_PAGES);
  }

  /** A range that the device alone has; {@code value} is in every int. */
  private UnifiedRange onDevice(int value) {
    UnifiedRange range = range();
    fillOnDevice(range, value);
    return range;
  }

  private boolean isOnDevice(UnifiedRange range) {
    return range.all().residency().pagesOn(device().name()) == RANGE_PAGES;
  }

  /** Fills a range for which another one has to go, and answers what moved. */
  private Moved makeRoom() {
    return Moved.during(memory(), () -> fillOnDevice(range(), -1));
  }

  @Test
  void adviceHoldsForThePagesThatItsSliceTouchesUntilItIsTakenBack() {
    UnifiedRange range = range();
    Slice touched = range.slice(0, 2 * page());
    range.slice(page() - 1, 2).advise(Advice.readMostly());
    range.slice(0, 1).advise(Advice.accessedByHost());
    assertThat(touched.advice()).containsExactly(Advice.readMostly());
    assertThat(range.slice(0, 1).advice()).containsExactlyInAnyOrder(Advice.readMostly(), Advice.accessedByHost());
    assertThat(range.all().advice()).isEmpty();
    range.slice(2 * page(), 2 * page()).advise(Advice.readMostly());
    assertThat(range.all().advice()).containsExactly(Advice.readMostly());
    range.slice(3 * page() + 9, 1).unadvise(Advice.readMostly());
    assertThat(range.all().advice()).isEmpty();
    assertThat(range.slice(0, 3 * page()).advice()).containsExactly(Advice.readMostly());
    range.unadvise(Advice.accessedByHost());
    range.unadvise(Advice.readMostly());
    assertThat(range.slice(0, 1).advice()).isEmpty();
  }

  @Test
  void aPageHasOnePreferredLocationAndIsAccessedByMany() {
    UnifiedRange range = range();
    Slice first = range.slice(0, page());
    range.advise(Advice.preferredLocation(device()));
    first.advise(Advice.preferredLocationHost());
    range.advise(Advice.accessedBy(device()));
    first.advise(Advice.accessedByHost());
    assertThat(first.advice()).containsExactlyInAnyOrder(Advice.preferredLocationHost(), Advice.accessedBy(device()),
        Advice.accessedByHost());
    assertThat(range.slice(page(), page()).advice()).containsExactlyInAnyOrder(Advice.preferredLocation(device()),
        Advice.accessedBy(device()));
    range.unadvise(Advice.preferredLocation(device()));
    assertThat(first.advice()).contains(Advice.preferredLocationHost());
    assertThat(range.slice(page(), 1).advice()).containsExactly(Advice.accessedBy(device()));
  }

  @Test
  void adviceAloneMovesNothing() {
    UnifiedRange range = onDevice(1);
    UnifiedRange written = range();
    write(written, 1);
    assertThat(Moved.during(memory(), () -> {
      for (Advice advice : everyAdvice()) {
        range.advise(advice);
        written.advise(advice);
      }
    })).isEqualTo(Moved.NOTHING);
    assertThat(device().usedBytes()).isEqualTo(whereCopied(RANGE_PAGES * page(), 0));
  }

  @Test
  void readMostlyPagesAreDuplicatedByReadsAndPrefetchesAndWithdrawnByWrites() {
    UnifiedRange range = onDevice(1);
    range.advise(Advice.readMostly());
    assertThat(ints(range)).containsOnly(1);
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST, device().name()));
    write(range.slice(0, page()), 0);
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    range.all().prefetchTo(device()).await();
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST, device().name()));
    fillOnDevice(range.slice(0, page()), 2);
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(range.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST, device().name()));
  }

  @Test
  void duplicatesOfReadMostlyPagesAreGivenUpFirstAndWithoutACopy() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.readMostly());
    assertThat(ints(newer)).containsOnly(2);
    assertThat(makeRoom()).isEqualTo(Moved.NOTHING);
    assertThat(isOnDevice(older)).isTrue();
    assertThat(isOnDevice(newer)).isEqualTo(!copies());
    assertThat(ints(newer)).containsOnly(2);
  }

  @Test
  void whatADeviceAloneHasOfReadMostlyPagesIsNoDuplicate() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.readMostly());
    assertThat(ints(newer)).containsOnly(2);
    fillOnDevice(newer.slice(0, page()), 3);
    assertThat(makeRoom()).isEqualTo(toHost(RANGE_PAGES * page(), 1));
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
  }

  @Test
  void duplicatesWaitTheirTurnWhereReadMostlyWasTakenBack() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.readMostly());
    newer.slice(page(), 1).unadvise(Advice.readMostly());
    assertThat(ints(newer)).containsOnly(2);
    assertThat(makeRoom()).isEqualTo(toHost(RANGE_PAGES * page(), 1));
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
  }

  @Test
  void aDeviceThatIsThePreferredLocationGivesItsPagesUpLast() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    older.slice(page(), 1).advise(Advice.preferredLocation(device()));
    makeRoom();
    assertThat(isOnDevice(older)).isTrue();
    assertThat(isOnDevice(newer)).isEqualTo(!copies());
    fillOnDevice(pages(2 * RANGE_PAGES), -1);
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(ints(older)).containsOnly(1);
    assertThat(ints(newer)).containsOnly(2);
  }

  @Test
  void pagesWaitTheirTurnWhereTheirPreferredLocationWasTakenBack() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    older.advise(Advice.preferredLocation(device()));
    older.unadvise(Advice.preferredLocation(device()));
    newer.advise(Advice.preferredLocationHost());
    newer.slice(0, 1).unadvise(Advice.preferredLocationHost());
    makeRoom();
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
  }

  @Test
  void aDeviceThatIsNotThePreferredLocationGivesUpFirst() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.preferredLocationHost());
    assertThat(makeRoom()).isEqualTo(toHost(RANGE_PAGES * page(), 1));
    assertThat(isOnDevice(older)).isTrue();
    assertThat(newer.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(ints(newer)).containsOnly(2);
  }

  @Test
  void aFillIsDoneAtThePreferredLocation() {
    UnifiedRange fresh = range();
    UnifiedRange held = onDevice(1);
    fresh.advise(Advice.preferredLocation(device()));
    held.advise(Advice.preferredLocationHost());
    assertThat(Moved.during(memory(), () -> {
      fresh.all().fill((byte) 5).await();
      held.all().fill((byte) 6).await();
    })).isEqualTo(Moved.NOTHING);
    assertThat(fresh.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(held.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(bytes(fresh.all())).containsOnly(5);
    assertThat(bytes(held.all())).containsOnly(6);
  }

  @Test
  void aFillIsDoneWhereThePagesAreWhereTheyHaveNoCommonPreferredLocation() {
    UnifiedRange fresh = range();
    fresh.advise(Advice.preferredLocation(device()));
    fresh.slice(0, 1).unadvise(Advice.preferredLocation(device()));
    fresh.all().fill((byte) 5).await();
    assertThat(fresh.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST));
    UnifiedRange large = pages(2 * RANGE_PAGES + 1);
    large.advise(Advice.preferredLocation(device()));
    large.all().fill((byte) 7).await();
    assertThat(large.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(bytes(large.all())).containsOnly(7);
  }

  @Test
  void aCopyIsDoneAtThePreferredLocationOfItsTarget() {
    UnifiedRange source = range();
    UnifiedRange target = range();
    write(source, 1);
    target.advise(Advice.preferredLocation(device()));
    assertThat(Moved.during(memory(), () -> source.all().copyTo(target.all()).await())).isEqualTo(toDevice(RANGE_PAGES * page(), 1));
    assertThat(target.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(device().name()));
    target.advise(Advice.preferredLocationHost());
    assertThat(Moved.during(memory(), () -> source.all().copyTo(target.all()).await())).isEqualTo(Moved.NOTHING);
    assertThat(target.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(Residency.HOST));
    target.unadvise(Advice.preferredLocationHost());
    fillOnDevice(source, 4);
    assertThat(Moved.during(memory(), () -> source.all().copyTo(target.all()).await())).isEqualTo(Moved.NOTHING);
    assertThat(target.all().residency().nodes(1)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(ints(target)).containsOnly(4);
  }

  @Test
  void pagesThatWillNotBeNeededAreGivenUpFirstAndKeepTheirContents() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.willNotNeed());
    assertThat(isOnDevice(newer)).isTrue();
    assertThat(makeRoom()).isEqualTo(toHost(RANGE_PAGES * page(), 1));
    assertThat(isOnDevice(older)).isTrue();
    assertThat(newer.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(ints(newer)).containsOnly(2);
  }

  @Test
  void pagesWaitTheirTurnWhereOneOfThemIsNeeded() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.slice(page(), 3 * page()).advise(Advice.willNotNeed());
    makeRoom();
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
  }

  @Test
  void whatADeviceUsesAgainIsNeeded() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    newer.advise(Advice.willNotNeed());
    assertThat(ints(newer)).containsOnly(2);
    assertThat(newer.all().advice()).containsExactly(Advice.willNotNeed());
    readOnDevice(newer.slice(2 * page(), 1));
    assertThat(newer.slice(2 * page(), 1).advice()).isEmpty();
    assertThat(newer.slice(0, 2 * page()).advice()).containsExactly(Advice.willNotNeed());
    makeRoom();
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
  }

  @Test
  void whatIsBroughtToADeviceUnaskedIsNotUsedByIt() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    older.advise(Advice.accessedBy(device()));
    write(older, 5);
    awaitCopies(older.all(), device().name());
    makeRoom();
    assertThat(isOnDevice(older)).isEqualTo(!copies());
    assertThat(isOnDevice(newer)).isTrue();
    assertThat(ints(older)).isEqualTo(sequence(5, older.sizeBytes()));
  }

  @Test
  void whatIsPreferredHereGoesFirstAllTheSameWhereItWillNotBeNeeded() {
    UnifiedRange older = onDevice(1);
    UnifiedRange newer = onDevice(2);
    older.advise(Advice.preferredLocation(device()));
    newer.advise(Advice.preferredLocation(device()));
    newer.advise(Advice.willNotNeed());
    makeRoom();
    assertThat(isOnDevice(older)).isTrue();
    assertThat(isOnDevice(newer)).isEqualTo(!copies());
    newer.unadvise(Advice.willNotNeed());
    assertThat(newer.all().advice()).containsExactly(Advice.preferredLocation(device()));
  }

  @Test
  void adviceEndsWithItsRange() {
    UnifiedRange range = onDevice(1);
    Slice slice = range.all();
    everyAdvice().forEach(range::advise);
    fillOnDevice(range, 2);
    range.close();
    closed(() -> slice.advise(Advice.readMostly()), () -> slice.unadvise(Advice.readMostly()), slice::advice);
    UnifiedRange next = range();
    assertThat(next.all().advice()).isEmpty();
    next.close();
    try (UnifiedMemory other = builder().open()) {
      UnifiedRange closing = other.allocate(page());
      closing.advise(Advice.accessedByHost());
      fillOn(other.devices().getFirst(), closing.all(), 1);
    }
  }

  @Test
  void whatCannotBeSaidIsRefusedAndChangesNothing() {
    UnifiedRange range = range();
    UnifiedRange other = range();
    range.advise(Advice.accessedByHost());
    assertThatNullPointerException().isThrownBy(() -> range.advise(null));
    assertThatNullPointerException().isThrownBy(() -> range.advise(null, Advice.readMostly()));
    assertThatNullPointerException().isThrownBy(() -> range.all().unadvise(null));
    assertThatNullPointerException().isThrownBy(() -> Advice.accessedBy(null));
    assertThatNullPointerException().isThrownBy(() -> new Advice(null, Optional.empty()));
    assertThatIllegalArgumentException().isThrownBy(() -> new Advice(Kind.READ_MOSTLY, Optional.of(device())))
        .withMessageContaining("READ_MOSTLY").withMessageContaining(device().name());
    assertThatIllegalArgumentException().isThrownBy(() -> other.advise(range.all(), Advice.readMostly()))
        .withMessageContaining(range.all().toString());
    assertThatIllegalArgumentException().isThrownBy(() -> other.advice(range.all())).withMessageContaining(other.name());
    try (UnifiedMemory foreign = builder().open()) {
      Advice advice = Advice.preferredLocation(foreign.devices().getFirst());
      assertThatIllegalArgumentException().isThrownBy(() -> range.advise(advice)).withMessageContaining(advice.toString());
      assertThatIllegalArgumentException().isThrownBy(() -> range.unadvise(advice)).withMessageContaining(range.name());
    }
    assertThat(range.all().advice()).containsExactly(Advice.accessedByHost());
    assertThat(other.all().advice()).isEmpty();
  }

  private static void closed(ThrowingCallable... calls) {
    for (ThrowingCallable call : calls) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("closed");
    }
  }

  @Test
  void adviceSaysWhatItIsAbout() {
    assertThat(Advice.readMostly()).hasToString("READ_MOSTLY");
    assertThat(Advice.willNotNeed()).hasToString("WILL_NOT_NEED");
    assertThat(Advice.accessedByHost()).hasToString("ACCESSED_BY(host)");
    assertThat(Advice.preferredLocation(device())).hasToString("PREFERRED_LOCATION(" + device().name() + ")");
  }

}

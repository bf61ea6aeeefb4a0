package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.LeaseConflictException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Device memory that the program has allocated itself, as the device's copy of a range. */
public abstract class AdoptedMemoryContract extends TouchContract {
  /** {@return the handle of memory of the first device that the test allocates by itself, which holds {@code first, first + 1, …}} */
  protected abstract long allocateOwn(int first, long sizeBytes);

  /** {@return what such memory holds} */
  protected abstract int[] ownInts(long handle, long sizeBytes);

  @Override
  protected UnifiedMemory open() {
    return builder().deviceBudget(devices().getFirst(), 16L * UNIT_BYTES).open();
  }

  private void adopt(Slice slice, int first) {
    device().adopt(slice, allocateOwn(first, slice.sizeBytes()));
  }

  private void assertAt(Slice slice, long handle, long offsetBytes) {
    try (DeviceLease lease = device().acquire(slice, Access.READ)) {
      assertThat(lease.handle()).isEqualTo(handle);
      assertThat(lease.handleOffsetBytes()).isEqualTo(offsetBytes);
    }
  }

  @Test
  void whatItHoldsIsWhatTheRangeHolds() {
    UnifiedRange range = pages(3);
    write(range, -9);
    adopt(range.all(), 1);
    assertThat(range.all().residency().pagesOn(device().name())).isEqualTo(3);
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isZero();
    Moved moved = Moved.during(memory(), () -> assertThat(ints(range)).isEqualTo(sequence(1, 3 * page())));
    assertThat(moved).isEqualTo(Moved.toHost(3 * page(), 1));
  }

  @Test
  void kernelsWorkOnItInPlaceAndItIsNotCharged() {
    UnifiedRange range = pages(3);
    long own = allocateOwn(1, 3 * page());
    device().adopt(range.all(), own);
    Moved moved = Moved.during(memory(), () -> kernel("increment").launch(Grid.of(page() / 4), inOut(range.slice(page(), page())), value(5))
        .await());
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(device().usedBytes()).isZero();
    assertAt(range.slice(page(), 8), own, page());
    int[] expected = sequence(1, 3 * page());
    for (int i = (int) page() / 4; i < page() / 2; i++) {
      expected[i] += 5;
    }
    assertThat(ownInts(own, 3 * page())).isEqualTo(expected);
    assertThat(ints(range)).isEqualTo(expected);
  }

  @Test
  void whatTheHostWritesComesThere() {
    UnifiedRange range = pages(2);
    long own = allocateOwn(1, 2 * page());
    device().adopt(range.all(), own);
    write(range.slice(page(), page()), 70);
    assertAt(range.all(), own, 0);
    assertThat(ownInts(own, 2 * page())).startsWith(1, 2, 3).endsWith(sequence(70, page()));
  }

  @Test
  void itStaysTheOwnersWhenTheRangeIsClosed() {
    UnifiedRange range = pages(2);
    long own = allocateOwn(1, 2 * page());
    device().adopt(range.all(), own);
    kernel("increment").launch(Grid.of(page() / 2), inOut(range), value(1)).await();
    range.close();
    assertThat(ownInts(own, 2 * page())).isEqualTo(sequence(2, 2 * page()));
    UnifiedRange again = pages(2);
    device().adopt(again.all(), own);
    assertThat(ints(again)).isEqualTo(sequence(2, 2 * page()));
  }

  @Test
  void itIsNotTakenAwayToMakeRoom() {
    UnifiedRange range = memory().allocate(2L * 16 * UNIT_BYTES);
    long own = allocateOwn(1, range.sizeBytes());
    device().adopt(range.all(), own);
    for (int i = 0; i < 3; i++) {
      fillOnDevice(memory().allocate(12L * UNIT_BYTES), i);
    }
    assertThat(device().statistics().evictedBytes()).as("others were evicted").isPositive();
    assertAt(range.all(), own, 0);
    assertThat(ints(range)).isEqualTo(sequence(1, range.sizeBytes()));
  }

  @Test
  void whoNeedsALargerPieceGetsTheBytesThere() {
    UnifiedRange range = pages(4);
    write(range, 100);
    long own = allocateOwn(1, 2 * page());
    device().adopt(range.slice(0, 2 * page()), own);
    kernel("increment").launch(Grid.of(page()), inOut(range), value(1)).await();
    try (DeviceLease lease = device().acquire(range.all(), Access.READ)) {
      assertThat(lease.handle()).isNotEqualTo(own);
    }
    assertThat(ownInts(own, 2 * page())).isEqualTo(sequence(1, 2 * page()));
    assertThat(ints(range.slice(0, 2 * page()))).isEqualTo(sequence(2, 2 * page()));
    assertThat(ints(range.slice(2 * page(), 2 * page()))).isEqualTo(sequence(101 + (int) page() / 2, 2 * page()));
  }

  @Test
  void theLastPageMayBelongToTheRangeInPart() {
    UnifiedRange range = memory().allocate(page() + 40);
    long own = allocateOwn(1, 2 * page());
    device().adopt(range.all(), own);
    assertThat(ints(range)).isEqualTo(sequence(1, page() + 40));
  }

  @Test
  void memoryThatIsThereAlreadyIsRefused() {
    UnifiedRange range = pages(2);
    fillOnDevice(range, 3);
    assertThatThrownBy(() -> adopt(range.slice(page(), page()), 1)).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(range.name()).hasMessageContaining(device().name());
    assertThat(ints(range)).containsOnly(3);
    UnifiedRange twice = pages(1);
    adopt(twice.all(), 1);
    assertThatThrownBy(() -> adopt(twice.all(), 5)).isInstanceOf(IllegalStateException.class);
    assertThat(ints(twice)).isEqualTo(sequence(1, page()));
  }

  @Test
  void partsOfPagesAreRefused() {
    UnifiedRange range = pages(3);
    write(range, 1);
    for (Slice slice : new Slice[] {range.slice(8, page()), range.slice(page(), page() - 4), range.slice(0, 4)}) {
      assertThatThrownBy(() -> adopt(slice, 5)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("whole pages");
    }
    assertThat(ints(range)).isEqualTo(sequence(1, 3 * page()));
    MemorySegment segment = allocate(4 * UNIT_BYTES);
    assertThatThrownBy(() -> adopt(memory().slice(segment.asSlice(page(), UNIT_BYTES)), 5)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 KiB");
  }

  @Test
  void whoHoldsTheSliceIsNotDisturbed() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (HostLease lease = range.host(Access.READ)) {
      assertThatThrownBy(() -> adopt(range.all(), 5)).isInstanceOf(LeaseConflictException.class);
      assertThat(lease.segment().getAtIndex(INT, 1)).isEqualTo(2);
    }
    try (UnifiedMemory other = builder().open()) {
      assertThatThrownBy(() -> adopt(other.allocate(page()).all(), 5)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void touchingBringsWhatItHolds() {
    MemorySegment segment = allocate(4 * UNIT_BYTES);
    store(segment, -50);
    Slice middle = memory().slice(segment.asSlice(UNIT_BYTES, 2 * UNIT_BYTES));
    long own = allocateOwn(1, middle.sizeBytes());
    device().adopt(middle, own);
    assertThat(segment.getAtIndex(INT, UNIT_BYTES / 4 + 9)).isEqualTo(10);
    assertThat(segment.asSlice(UNIT_BYTES, 2 * UNIT_BYTES).toArray(INT)).isEqualTo(sequence(1, 2 * UNIT_BYTES));
    assertThat(segment.getAtIndex(INT, UNIT_BYTES / 4 - 1)).isEqualTo(-50 + UNIT_BYTES / 4 - 1);
    segment.setAtIndex(INT, UNIT_BYTES / 4 + 3, 77);
    assertAt(middle, own, 0);
    assertThat(ownInts(own, middle.sizeBytes())).startsWith(1, 2, 3, 77, 5);
    long fetched = device().statistics().bytesToHost();
    assertThat(fetched).isBetween(2L * UNIT_BYTES, 2L * UNIT_BYTES + 2 * page());
  }
}

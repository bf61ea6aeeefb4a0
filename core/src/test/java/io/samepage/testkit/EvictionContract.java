package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.MemoryStatistics;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A device whose memory is small: eight pages. Data is always right, and what can't fit is refused with nothing lost. A device that uses
 * the host's pages takes none of its own, evicts nothing, and refuses nothing.
 */
public abstract class EvictionContract extends MemoryContract {
  private static final int BUDGET_PAGES = 8;

  @Override
  protected UnifiedMemory open() {
    return builder().deviceBudget(devices().getFirst(), BUDGET_PAGES * page()).open();
  }

  @Test
  void theBudgetIsWhatWasAskedFor() {
    assertThat(device().budgetBytes()).isEqualTo(BUDGET_PAGES * page());
    assertThat(device().usedBytes()).isZero();
  }

  @Test
  void aWorkingSetLargerThanTheDeviceRotatesThroughIt() {
    List<UnifiedRange> ranges = ranges(10, 3);
    for (int round = 1; round <= 5; round++) {
      for (UnifiedRange range : ranges) {
        kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(1));
        assertWithinBudget();
      }
    }
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(ints(ranges.get(i))).isEqualTo(sequence(1000 * i + 5, 3 * page()));
    }
    assertThat(device().statistics().evictedBytes() > 0).isEqualTo(copies());
  }

  @Test
  void aLaunchThatIsRepeatedFindsItsMemoryWhereItIsSinceItWasEvicted() {
    List<UnifiedRange> ranges = ranges(3, 4);
    Kernel increment = kernel("increment");
    for (int round = 1; round <= 5; round++) {
      // Of a kernel's launches the last two are known.
      increment.launch(Grid.of(page()), inOut(ranges.get(0)), value(1));
      increment.launch(Grid.of(page()), inOut(ranges.get(1)), value(1));
      kernel("increment").launch(Grid.of(page()), inOut(ranges.get(2)), value(1));
      assertWithinBudget();
    }
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(ints(ranges.get(i))).isEqualTo(sequence(1000 * i + 5, 4 * page()));
    }
  }

  @Test
  void aLaunchThatIsRepeatedFindsItsMemoryWhereItIsSinceAnotherNeededSomeMoreWithIt() {
    UnifiedRange range = pages(BUDGET_PAGES + 4);
    write(range, 0);
    Kernel increment = kernel("increment");
    increment.launch(Grid.of(page() / 2), inOut(range.slice(0, 2 * page())), value(1));
    increment.launch(Grid.of(page()), inOut(range.slice(page(), 4 * page())), value(10));
    increment.launch(Grid.of(page() / 2), inOut(range.slice(0, 2 * page())), value(1));
    int[] expected = sequence(0, range.sizeBytes());
    for (int k = 0; k < 5 * page() / 4; k++) {
      expected[k] += (k < page() / 2 ? 2 : 0) + (k < page() / 4 ? 0 : 10);
    }
    assertThat(ints(range)).isEqualTo(expected);
  }

  @Test
  void hostWritesBetweenEvictionsAreKept() {
    List<UnifiedRange> ranges = ranges(6, 3);
    for (int round = 1; round <= 6; round++) {
      for (UnifiedRange range : ranges) {
        kernel("increment").launch(Grid.of(page() / 4), inOut(range.slice(page() / 2, page())), value(1));
        write(range.slice(page() - 4, 8), round);
        assertWithinBudget();
      }
    }
    for (int i = 0; i < ranges.size(); i++) {
      int[] expected = sequence(1000 * i, 3 * page());
      for (int k = (int) page() / 8; k < page() * 3 / 8; k++) {
        expected[k] += 6;
      }
      expected[(int) page() / 4 - 1] = 6;
      expected[(int) page() / 4] = 7;
      assertThat(ints(ranges.get(i))).isEqualTo(expected);
    }
  }

  @Test
  void whatTheHostHoldsTooIsEvictedWithoutACopy() {
    List<UnifiedRange> ranges = ranges(6, 4);
    Moved moved = Moved.during(memory(), () -> ranges.forEach(this::readOnDevice));
    assertThat(moved).isEqualTo(toDevice(24 * page(), 6));
    assertThat(device().statistics().evictedBytes()).isGreaterThanOrEqualTo(whereCopied(16 * page(), 0));
    assertWithinBudget();
  }

  @Test
  void whatOnlyTheDeviceHoldsComesHomeWhenItIsEvicted() {
    UnifiedRange first = pages(BUDGET_PAGES);
    UnifiedRange second = pages(BUDGET_PAGES);
    fillOnDevice(first, 5);
    Moved moved = Moved.during(memory(), () -> fillOnDevice(second, 6));
    assertThat(moved).isEqualTo(toHost(BUDGET_PAGES * page(), 1));
    assertThat(first.all().residency().pagesOn(device().name())).isEqualTo(whereCopied(0, BUDGET_PAGES));
    assertThat(first.all().residency().pagesOn(Residency.HOST)).isEqualTo(BUDGET_PAGES);
    assertThat(ints(first)).containsOnly(5);
    assertThat(ints(second)).containsOnly(6);
  }

  @Test
  void whatWasDiscardedIsEvictedWithoutACopy() {
    UnifiedRange first = pages(BUDGET_PAGES);
    fillOnDevice(first, 5);
    first.slice(0, (BUDGET_PAGES - 1) * page()).discard();
    assertThat(Moved.during(memory(), () -> fillOnDevice(pages(BUDGET_PAGES), 6))).isEqualTo(toHost(page(), 1));
    assertThat(ints(first.slice(0, (BUDGET_PAGES - 1) * page()))).containsOnly(0);
    assertThat(ints(first.slice((BUDGET_PAGES - 1) * page(), page()))).containsOnly(5);
  }

  @Test
  void zeroPagesThatNobodyWroteStayZeroWhenTheyAreEvicted() {
    UnifiedRange first = pages(BUDGET_PAGES);
    readOnDevice(first);
    fillOnDevice(pages(BUDGET_PAGES), 6);
    assertThat(ints(first)).containsOnly(0);
    readOnDevice(first);
    assertThat(ints(first)).containsOnly(0);
  }

  @Test
  void aRangeLargerThanTheDeviceIsUsedInSlices() {
    UnifiedRange range = pages(40);
    write(range, 0);
    for (int i = 0; i + 5 <= 40; i += 3) {
      kernel("increment").launch(Grid.of(5 * page() / 4), inOut(range.slice(i * page(), 5 * page())), value(1));
      assertWithinBudget();
    }
    int[] expected = sequence(0, range.sizeBytes());
    for (int i = 0; i + 5 <= 40; i += 3) {
      for (int k = 0; k < 5 * page() / 4; k++) {
        expected[(int) (i * page() / 4) + k]++;
      }
    }
    assertThat(ints(range)).isEqualTo(expected);
  }

  @Test
  void slicesFarApartInALargeRangeAreArgumentsOfOneLaunch() {
    UnifiedRange range = memory().allocate(sparse(1L << 33));
    Slice a = range.slice(4, 2 * page());
    Slice b = range.slice(range.sizeBytes() / 2 + 8, 2 * page());
    Slice c = range.slice(range.sizeBytes() - 2 * page(), page());
    write(a, 1);
    write(b, 100);
    kernel("add").launch(Grid.of(page() / 4), in(a.slice(0, page())), in(b.slice(0, page())), out(c));
    assertWithinBudget();
    for (int i = 0; i < 3; i++) {
      assertThat(ints(c.slice(4L * i, 4))).containsExactly(101 + 2 * i);
    }
  }

  @Test
  void aLeaseIsNeverEvicted() {
    UnifiedRange held = pages(4);
    write(held, 1);
    try (DeviceLease lease = device().acquire(held.all(), Access.READ)) {
      long handle = lease.handle();
      for (UnifiedRange range : ranges(5, 4)) {
        fillOnDevice(range, 3);
        assertThat(held.all().residency().pagesOn(device().name())).isEqualTo(4);
        assertThat(lease.handle()).isEqualTo(handle);
        assertWithinBudget();
      }
    }
    assertThat(Moved.during(memory(), () -> readOnDevice(held))).isEqualTo(Moved.NOTHING);
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aHostLeaseKeepsNoDeviceMemory(Access access) {
    UnifiedRange onDevice = pages(BUDGET_PAGES);
    fillOnDevice(onDevice, 1);
    UnifiedRange next = pages(BUDGET_PAGES);
    try (HostLease lease = onDevice.slice(page(), 2 * page()).host(access)) {
      fillOnDevice(next, 2);
      if (access.writes()) {
        lease.segment().fill((byte) 0);
      }
    }
    int[] expected = repeated(1, onDevice.sizeBytes());
    if (access.writes()) {
      Arrays.fill(expected, (int) page() / 4, 3 * (int) page() / 4, 0);
    }
    assertThat(ints(onDevice)).isEqualTo(expected);
    assertThat(ints(next)).containsOnly(2);
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aHostLeaseIsNotInTheWayOfSlicesThatGrowTogetherAroundIt(Access access) {
    UnifiedRange range = pages(BUDGET_PAGES + 4);
    fillOnDevice(range.slice(0, 3 * page()), 1);
    fillOnDevice(range.slice(4 * page(), 2 * page()), 2);
    try (HostLease lease = range.slice(0, page()).host(access)) {
      fillOnDevice(range.slice(2 * page(), 3 * page()), 3);
      if (access.writes()) {
        lease.segment().fill((byte) 0);
      }
    }
    assertThat(ints(range.slice(0, page()))).containsOnly(access.writes() ? 0 : 1);
    assertThat(ints(range.slice(page(), page()))).containsOnly(1);
    assertThat(ints(range.slice(2 * page(), 3 * page()))).containsOnly(3);
    assertThat(ints(range.slice(5 * page(), page()))).containsOnly(2);
  }

  @Test
  void aLaunchFitsThoughTheDeviceIsFullOfWhatItsArgumentsBroughtAlongBefore() {
    UnifiedRange a = pages(5);
    UnifiedRange b = pages(3);
    UnifiedRange c = pages(3);
    fillOnDevice(a, 1);
    fillOnDevice(b, 2);
    kernel("add").launch(Grid.of(page() / 4), in(a.slice(page(), page())), in(b.slice(page(), page())), out(c.slice(0, page()))).await();
    assertWithinBudget();
    assertThat(ints(c)).startsWith(repeated(3, page())).endsWith(repeated(0, 2 * page()));
    assertThat(ints(a)).containsOnly(1);
    assertThat(ints(b)).containsOnly(2);
  }

  @Test
  void aSliceLargerThanTheDeviceIsRefused() {
    UnifiedRange range = pages(BUDGET_PAGES + 1);
    write(range, 1);
    refuses(() -> device().acquire(range.all(), Access.READ).close(), BUDGET_PAGES + 1, BUDGET_PAGES);
    refuses(() -> fillOnDevice(range, 1), BUDGET_PAGES + 1, BUDGET_PAGES);
    assertThat(ints(range)).isEqualTo(copies() ? sequence(1, range.sizeBytes()) : repeated(1, range.sizeBytes()));
    readOnDevice(range.slice(0, BUDGET_PAGES * page()));
  }

  @Test
  void whatDoesNotFitBesideLeasesIsRefusedAndTheHoldersAreNamed() {
    UnifiedRange held = pages(6);
    UnifiedRange wanted = pages(3);
    write(wanted, 1);
    try (DeviceLease lease = device().acquire(held.all(), Access.READ_WRITE)) {
      refuses(() -> device().acquire(wanted.all(), Access.READ).close(), 3, 2).forEach(refusal ->
          assertThat(refusal.holders()).anyMatch(holder -> holder.contains(held.all().toString())));
      refuses(() -> fillOnDevice(wanted, 1), 3, 2);
      assertThat(lease.isOpen()).isTrue();
      readOnDevice(wanted.slice(0, 4));
    }
    assertThat(ints(wanted)).isEqualTo(copies() ? sequence(1, wanted.sizeBytes()) : repeated(1, wanted.sizeBytes()));
    readOnDevice(wanted);
  }

  @Test
  void theArgumentsOfALaunchFitTogetherOrNotAtAll() {
    UnifiedRange a = pages(3);
    UnifiedRange b = pages(3);
    UnifiedRange c = pages(3);
    write(a, 1);
    write(b, 2);
    write(c, 3);
    long items = 3 * page() / 4;
    refuses(() -> kernel("add").launch(Grid.of(items), in(a), in(b), out(c)), 9, BUDGET_PAGES);
    int[] sum = IntStream.range(0, (int) items).map(i -> 3 + 2 * i).toArray();
    assertThat(ints(c)).isEqualTo(copies() ? sequence(3, 3 * page()) : sum);
    Moved moved = Moved.during(memory(), () -> kernel("add").launch(Grid.of(items), in(a), in(a), out(b)).await());
    assertThat(moved).isEqualTo(toDevice(3 * page(), 1));
    assertThat(ints(b)[1]).isEqualTo(4);
  }

  @Test
  void aRefusalEvictsNothing() {
    UnifiedRange resident = pages(5);
    fillOnDevice(resident, 4);
    UnifiedRange tooLarge = pages(BUDGET_PAGES + 1);
    refuses(() -> device().acquire(tooLarge.all(), Access.WRITE).close(), BUDGET_PAGES + 1, BUDGET_PAGES);
    assertThat(resident.all().residency().pagesOn(device().name())).isEqualTo(5);
  }

  @Test
  void aRefusalEvictsNothingOfTheArgumentsThatAreThereEither() {
    UnifiedRange resident = pages(5);
    UnifiedRange more = pages(4);
    fillOnDevice(resident, 4);
    // Whether what is there already is counted on both sides or on neither, a page is short.
    refuses(() -> kernel("copy").launch(Grid.of(1), in(resident), out(more))).forEach(refusal ->
        assertThat(refusal.neededBytes() - refusal.freeBytes()).isEqualTo(page()));
    assertThat(resident.all().residency().pagesOn(device().name())).isEqualTo(5);
    assertThat(ints(resident)).containsOnly(4);
  }

  @Test
  void launchesInFlightAreWaitedForWhenTheirMemoryIsNeeded() {
    List<UnifiedRange> ranges = ranges(8, 4);
    for (UnifiedRange range : ranges) {
      kernel("churn").launch(Grid.of(1), inOut(range.slice(0, 4)), value(5_000_000));
      kernel("increment").launch(Grid.of(page()), inOut(range), value(1));
    }
    for (int i = 0; i < ranges.size(); i++) {
      assertThat(ints(ranges.get(i))).startsWith(TestKernels.churned(1000 * i, 5_000_000) + 1, 1000 * i + 2);
    }
    assertWithinBudget();
  }

  private List<UnifiedRange> ranges(int count, int pagesEach) {
    List<UnifiedRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      UnifiedRange range = pages(pagesEach);
      write(range, 1000 * i);
      ranges.add(range);
    }
    return ranges;
  }

  private void assertWithinBudget() {
    assertThat(device().usedBytes()).isBetween(0L, whereCopied(device().budgetBytes(), 0));
  }

  private List<OutOfDeviceMemoryException> refuses(ThrowingCallable call, long neededPages, long freePages) {
    List<OutOfDeviceMemoryException> refusals = refuses(call);
    for (OutOfDeviceMemoryException refusal : refusals) {
      assertThat(refusal.neededBytes()).isEqualTo(neededPages * page());
      assertThat(refusal.freeBytes()).isEqualTo(freePages * page());
    }
    return refusals;
  }

  /** The one refusal; where the host's pages are used there is none, and no memory of the device's is taken. */
  private List<OutOfDeviceMemoryException> refuses(ThrowingCallable call) {
    if (!copies()) {
      assertThatCode(call).doesNotThrowAnyException();
      assertThat(device().usedBytes()).isZero();
      return List.of();
    }
    MemoryStatistics before = memory().statistics();
    long used = device().usedBytes();
    List<OutOfDeviceMemoryException> seen = new ArrayList<>();
    assertThatThrownBy(call).isInstanceOfSatisfying(OutOfDeviceMemoryException.class, seen::add);
    assertThat(seen.getFirst()).hasMessageContaining(device().name());
    assertThat(memory().statistics()).isEqualTo(before);
    assertThat(device().usedBytes()).isEqualTo(used);
    return seen;
  }
}

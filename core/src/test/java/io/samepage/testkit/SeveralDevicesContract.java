package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Device;
import io.samepage.DeviceChanges;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.MemoryStatistics;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.Residency;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One memory over two devices or more that copy to each other directly: pages duplicated on all, written by one at a time. */
public abstract class SeveralDevicesContract extends MemoryContract {
  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void thereAreAtLeastTwoDevicesUnderTest() {
    assertThat(devices()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(memory().devices()).extracting(Device::name).isEqualTo(devices());
    assertThat(memory().device(second().name())).isSameAs(second());
    assertThat(memory().device(first().info().backend())).isSameAs(first());
  }

  @Test
  void theOrderOfTheDevicesIsTheOrderTheyWereAskedFor() {
    List<String> reversed = devices().reversed();
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(reversed.toArray(String[]::new)).open()) {
      assertThat(memory.devices()).extracting(Device::name).isEqualTo(reversed);
    }
  }

  @Test
  void aPageIsDuplicatedOnEveryNode() {
    UnifiedRange range = pages(4);
    write(range, 1);
    try (DeviceLease one = first().acquire(range.all(), Access.READ); DeviceLease two = second().acquire(range.all(), Access.READ)) {
      assertThat(one.device()).isSameAs(first());
      assertThat(two.device()).isSameAs(second());
      for (int page = 0; page < 4; page++) {
        assertThat(range.all().residency().nodes(page)).containsExactlyInAnyOrder(Residency.HOST, first().name(), second().name());
      }
    }
    memory().devices().forEach(device -> assertThat(device.statistics().bytesToDevice()).as(device.name()).isEqualTo(4 * page()));
    assertThat(memory().statistics().bytesToHost() + memory().statistics().bytesDeviceToDevice()).isZero();
    Moved again = Moved.during(memory(), () -> memory().devices().forEach(device -> device.acquire(range.all(), Access.READ).close()));
    assertThat(again).as("each has its copy").isEqualTo(Moved.NOTHING);
  }

  @Test
  void theHostGathersTheTouchedPagesAloneAndFromWhereTheyAre() {
    UnifiedRange range = pages(8);
    fillOn(first(), range.slice(0, 4 * page()), 1);
    fillOn(second(), range.slice(4 * page(), 4 * page()), 2);
    Moved one = Moved.during(memory(), () -> assertThat(ints(range.slice(5 * page() + 8, 4))).containsExactly(2));
    assertThat(one).isEqualTo(Moved.toHost(page(), 1));
    assertThat(first().statistics().bytesToHost()).isZero();
    Moved across = Moved.during(memory(), () -> assertThat(ints(range.slice(4 * page() - 4, 8))).containsExactly(1, 2));
    assertThat(across).isEqualTo(Moved.toHost(2 * page(), 2));
    assertThat(first().statistics().bytesToHost()).isEqualTo(page());
    assertThat(second().statistics().bytesToHost()).isEqualTo(2 * page());
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(3);
  }

  @Test
  void aWriteOnOneDeviceWithdrawsTheCopiesOfAllOthers() {
    UnifiedRange range = pages(4);
    write(range, 1);
    second().acquire(range.all(), Access.READ).close();
    fillOn(first(), range.slice(page(), page()), 9);
    Residency residency = range.all().residency();
    assertThat(residency.nodes(0)).containsExactlyInAnyOrder(Residency.HOST, second().name());
    assertThat(residency.nodes(1)).containsExactly(first().name());
    fillOn(second(), range.slice(page(), page()), 8);
    assertThat(range.all().residency().nodes(1)).containsExactly(second().name());
    write(range.slice(page(), page()), 100);
    assertThat(range.all().residency().nodes(1)).containsExactly(Residency.HOST);
  }

  @Test
  void whatOneDeviceWroteTheOtherReadsByTheShortestWay() {
    UnifiedRange from = pages(4);
    UnifiedRange to = pages(4);
    fillOn(first(), from.all(), 21);
    Moved moved = Moved.during(memory(), () -> kernel(second(), "add").launch(Grid.of(page()), in(from), in(from), out(to)).await());
    assertThat(moved).as("once, and not by way of the host").isEqualTo(new Moved(0, 0, 4 * page(), 0, 0));
    assertThat(ints(to)).containsOnly(42);
    assertThat(from.all().residency().nodes(0)).contains(first().name(), second().name());
    assertThat(second().statistics().bytesDeviceToDevice()).isEqualTo(moved.bytesDeviceToDevice());
    assertThat(first().statistics().bytesDeviceToDevice()).isZero();
  }

  @Test
  void launchesOnDifferentDevicesWaitForEachOthersResults() {
    UnifiedRange range = pages(2);
    for (int i = 0; i < 100; i++) {
      Device device = i % 2 == 0 ? first() : second();
      kernel(device, "increment").launch(Grid.of(page() / 2), inOut(range), value(1));
    }
    assertThat(ints(range)).containsOnly(100);
  }

  @Test
  void aLongLaunchIsWaitedForByTheOtherDevice() {
    UnifiedRange range = pages(1);
    UnifiedRange result = pages(1);
    write(range, 5);
    kernel(first(), "churn").launch(Grid.of(1), inOut(range.slice(0, 4)), value(20_000_000));
    kernel(second(), "add").launch(Grid.of(1), in(range.slice(0, 4)), in(range.slice(4, 4)), out(result.slice(0, 4)));
    assertThat(ints(result.slice(0, 4))).containsExactly(TestKernels.churned(5, 20_000_000) + 6);
  }

  @Test
  void devicesThatWriteDifferentBytesOfOnePageInTurnsKeepTheBytesOfBoth() {
    UnifiedRange range = pages(1);
    for (int i = 0; i < 50; i++) {
      kernel(first(), "fill").launch(Grid.of(1), out(range.slice(16L * i, 4)), value(i + 1));
      kernel(second(), "fill").launch(Grid.of(2), out(range.slice(16L * i + 4, 8)), value(-i - 1));
    }
    for (int i = 0; i < 50; i++) {
      assertThat(ints(range.slice(16L * i, 16))).containsExactly(i + 1, -i - 1, -i - 1, 0);
    }
  }

  @Test
  void devicesWritePagesOfOneRangeSideBySide() {
    UnifiedRange range = pages(8);
    try (DeviceLease one = first().acquire(range.slice(0, 4 * page()), Access.READ_WRITE);
        DeviceLease two = second().acquire(range.slice(4 * page(), 4 * page()), Access.READ_WRITE, Duration.ZERO)) {
      assertThat(one.isOpen() && two.isOpen()).isTrue();
    }
    assertThat(range.slice(0, 1).residency().nodes(0)).containsExactly(first().name());
    assertThat(range.slice(4 * page(), 1).residency().nodes(0)).containsExactly(second().name());
    assertThat(ints(range)).containsOnly(0);
  }

  @Test
  void leasesOfTwoDevicesOnOnePageAreInEachOthersWayWhenOneWrites() {
    UnifiedRange range = pages(1);
    try (OtherThread other = new OtherThread("holder"); DeviceLease lease = first().acquire(range.slice(0, 512), Access.READ)) {
      assertThatThrownBy(() -> second().acquire(range.slice(1024, 512), Access.WRITE, LONG)).isInstanceOf(LeaseConflictException.class)
          .isNotInstanceOf(LeaseTimeoutException.class).hasMessageContaining(lease.slices().getFirst().toString());
      assertThatThrownBy(() -> other.call(() -> second().acquire(range.slice(1024, 512), Access.WRITE, Duration.ZERO)))
          .isInstanceOf(LeaseConflictException.class).hasMessageContaining(first().name());
      second().acquire(range.slice(0, 512), Access.READ, Duration.ZERO).close();
    }
    second().acquire(range.slice(1024, 512), Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void budgetsAndCountsAreEachDevicesOwn() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().get(0), 4 * page()).deviceBudget(devices().get(1), 8 * page()).open()) {
      UnifiedRange range = memory.allocate(8 * page());
      Device small = memory.devices().get(0);
      Device large = memory.devices().get(1);
      assertThatThrownBy(() -> fillOn(small, range.all(), 1)).isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining(small.name());
      fillOn(large, range.all(), 2);
      fillOn(small, range.slice(0, 4), 3);
      assertThat(small.usedBytes()).isBetween(page(), 4 * page());
      assertThat(large.usedBytes()).isBetween(8 * page(), 8 * page());
      assertThat(small.statistics().launches()).isEqualTo(1);
      assertThat(large.statistics().launches()).isEqualTo(1);
      assertThat(ints(range.slice(0, 8))).containsExactly(3, 2);
    }
  }

  @Test
  void eachDeviceEvictsForItselfWhileTheOtherKeepsItsCopy() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().get(0), 4 * page()).open()) {
      UnifiedRange range = memory.allocate(4 * page());
      UnifiedRange next = memory.allocate(4 * page());
      write(range, 1);
      Device small = memory.devices().get(0);
      Device large = memory.devices().get(1);
      small.acquire(range.all(), Access.READ).close();
      large.acquire(range.all(), Access.READ).close();
      fillOn(small, next.all(), 1);
      assertThat(range.all().residency().pagesOn(small.name())).isZero();
      assertThat(range.all().residency().pagesOn(large.name())).isEqualTo(4);
      assertThat(Moved.during(memory, () -> large.acquire(range.all(), Access.READ).close())).isEqualTo(Moved.NOTHING);
    }
  }

  @Test
  void aPrefetchBringsWhatAnotherDeviceHasByTheShortestWay() {
    UnifiedRange range = pages(4);
    fillOn(first(), range.all(), 21);
    Moved moved = Moved.during(memory(), () -> range.all().prefetchTo(second()).await());
    assertThat(moved).isEqualTo(new Moved(0, 0, 4 * page(), 0, 0));
    assertThat(range.all().residency().nodes(3)).contains(first().name(), second().name());
    assertThat(Moved.during(memory(), () -> second().acquire(range.all(), Access.READ).close())).isEqualTo(Moved.NOTHING);
  }

  @Test
  void fillsAndCopiesAreMadeWhereMostPagesAre() {
    UnifiedRange range = pages(8);
    UnifiedRange target = pages(8);
    fillOn(second(), range.all(), 5);
    fillOn(first(), range.slice(0, 2 * page()), 6);
    Moved copied = Moved.during(memory(), () -> range.all().copyTo(target.all()).await());
    assertThat(copied).isEqualTo(new Moved(0, 0, 2 * page(), 0, 0));
    assertThat(target.all().residency().nodes(0)).containsExactly(second().name());
    assertThat(ints(target.slice(0, 2 * page()))).containsOnly(6);
    assertThat(ints(target.slice(2 * page(), 6 * page()))).containsOnly(5);
    fillOn(first(), range.slice(0, 2 * page()), 6);
    assertThat(Moved.during(memory(), () -> range.all().fill((byte) 1).await())).isEqualTo(Moved.NOTHING);
    assertThat(range.all().residency().pagesOn(second().name())).isEqualTo(8);
    assertThat(range.all().residency().pagesOn(first().name())).isZero();
    assertThat(ints(range)).containsOnly(0x01010101);
  }

  @Test
  void theMemorysCountsAreTheSumOfItsDevices() {
    UnifiedRange range = pages(4);
    write(range, 1);
    for (Device device : memory().devices()) {
      kernel(device, "increment").launch(Grid.of(page()), inOut(range), value(1)).await();
    }
    ints(range);
    MemoryStatistics all = memory().statistics();
    assertThat(all.launches()).isEqualTo(memory().devices().stream().mapToLong(device -> device.statistics().launches()).sum())
        .isEqualTo(memory().devices().size());
    assertThat(all.bytesToDevice()).isEqualTo(memory().devices().stream().mapToLong(device -> device.statistics().bytesToDevice()).sum());
    assertThat(all.bytesToHost()).isEqualTo(memory().devices().stream().mapToLong(device -> device.statistics().bytesToHost()).sum());
    assertThat(ints(range)).isEqualTo(sequence(1 + memory().devices().size(), 4 * page()));
  }

  @Test
  void aFreedRangeGivesTheMemoryOfAllDevicesBack() {
    UnifiedRange range = pages(4);
    memory().devices().forEach(device -> device.acquire(range.all(), Access.READ).close());
    range.close();
    assertThat(memory().devices()).allMatch(device -> device.usedBytes() == 0);
  }

  @Test
  void whatOneDeviceWritesIsBroughtToAnotherThatAccessesIt() {
    UnifiedRange range = pages(4);
    UnifiedRange other = pages(4);
    fillOn(second(), range.all(), 1);
    fillOn(second(), other.all(), 1);
    range.advise(Advice.accessedBy(second()));
    fillOn(first(), other.all(), 2);
    fillOn(first(), range.all(), 2);
    awaitCopies(range.all(), second().name());
    assertThat(other.all().residency().nodes(0)).containsExactly(first().name());
    assertThat(range.all().residency().nodes(0)).contains(first().name(), second().name());
    assertThat(Moved.during(memory(), () -> second().acquire(range.all(), Access.READ).close())).isEqualTo(Moved.NOTHING);
    assertThat(ints(range)).containsOnly(2);
  }

  @Test
  void aDuplicateIsOneAlsoWhereAnotherDeviceHasTheOtherCopy() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().getFirst(), 8 * page()).open()) {
      Device small = memory.devices().get(0);
      Device large = memory.devices().get(1);
      UnifiedRange older = memory.allocate(4 * page());
      UnifiedRange newer = memory.allocate(4 * page());
      fillOn(large, newer.all(), 2);
      fillOn(small, older.all(), 1);
      small.acquire(newer.all(), Access.READ).close();
      newer.advise(Advice.readMostly());
      assertThat(Moved.during(memory, () -> fillOn(small, memory.allocate(4 * page()).all(), 3))).isEqualTo(Moved.NOTHING);
      assertThat(older.all().residency().pagesOn(small.name())).isEqualTo(4);
      assertThat(newer.all().residency().nodes(0)).contains(large.name()).doesNotContain(small.name());
    }
  }

  @Test
  void copiesBesideThePreferredLocationGoFirstOnEachDevice() {
    try (UnifiedMemory memory = builder().deviceBudget(devices().getFirst(), 8 * page()).open()) {
      Device small = memory.devices().get(0);
      UnifiedRange older = memory.allocate(4 * page());
      UnifiedRange newer = memory.allocate(4 * page());
      fillOn(small, older.all(), 1);
      fillOn(small, newer.all(), 2);
      newer.advise(Advice.preferredLocation(memory.devices().get(1)));
      fillOn(small, memory.allocate(4 * page()).all(), 3);
      assertThat(older.all().residency().pagesOn(small.name())).isEqualTo(4);
      assertThat(newer.all().residency().pagesOn(small.name())).isZero();
      newer.all().fill((byte) 9).await();
      assertThat(newer.all().residency().nodes(0)).containsExactly(memory.devices().get(1).name());
      assertThat(bytes(newer.all())).containsOnly(9);
    }
  }

  @Test
  void aDeviceThatIsAskedForLateIsOneLikeTheOthers() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(devices().get(0)).open()) {
      UnifiedRange range = memory.allocate(8 * page());
      write(range.slice(0, 4 * page()), 1);
      fillOn(memory.devices().getFirst(), range.slice(4 * page(), 2 * page()), 7);
      assertThat(memory.refreshDevices()).isEqualTo(new DeviceChanges(List.of(), List.of()));
      Device late = memory.refreshDevices(devices().get(1)).attached().getFirst();
      assertThat(late.name()).isEqualTo(devices().get(1));
      kernel(late, "increment").launch(Grid.of(2 * page()), inOut(range), value(1)).await();
      assertThat(range.all().residency().nodes(0)).containsExactly(late.name());
      assertThat(ints(range.slice(0, 4 * page()))).isEqualTo(sequence(2, 4 * page()));
      assertThat(ints(range.slice(4 * page(), 2 * page()))).containsOnly(8);
      assertThat(ints(range.slice(6 * page(), 2 * page()))).containsOnly(1);
      assertThat(memory.statistics().bytesToDevice() + memory.statistics().bytesDeviceToDevice()).isEqualTo(6 * page());
    }
  }

  private Device first() {
    return memory().devices().get(0);
  }

  private Device second() {
    return memory().devices().get(1);
  }

  private static Kernel kernel(Device device, String name) {
    return device.kernel(TestKernels.SOURCE, name);
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Device leases by themselves: what they tell, what they move, and what they leave behind. */
public abstract class DeviceLeasesContract extends MemoryContract {

  @ParameterizedTest
  @EnumSource(Access.class)
  void aLeaseTellsWhatWasDeclaredAndWhereTheBytesAre(Access access) {
    Slice slice = pages(4).slice(page() + 12, 100);
    DeviceLease lease = device().acquire(slice, access);
    assertThat(lease.device()).isSameAs(device());
    assertThat(lease.access()).isEqualTo(access);
    assertThat(lease.slices()).containsExactly(slice);
    assertThat(lease.isOpen()).isTrue();
    assertThat(lease.handle()).isNotZero();
    assertThat(lease.handleOffsetBytes()).isNotNegative();
    lease.close();
    assertThat(lease.isOpen()).isFalse();
    assertThat(lease.slices()).containsExactly(slice);
    assertThatThrownBy(lease::handle).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::handleOffsetBytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void slicesOfOneAllocationLieAsFarApartThereAsInTheRange() {
    UnifiedRange range = pages(2);
    try (DeviceLease all = device().acquire(range.all(), Access.READ);
        DeviceLease part = device().acquire(range.slice(100, 8), Access.READ)) {
      assertThat(part.handle() + part.handleOffsetBytes()).isEqualTo(all.handle() + all.handleOffsetBytes() + 100);
    }
  }

  @Test
  void anyThreadMayCloseALease() {
    UnifiedRange range = pages(1);
    DeviceLease lease = device().acquire(range.all(), Access.READ_WRITE);
    try (OtherThread other = new OtherThread("closer")) {
      other.run(lease::close);
    }
    assertThat(lease.isOpen()).isFalse();
    range.all().host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void aReadLeaseDuplicatesThePages() {
    UnifiedRange range = pages(3);
    write(range, 1);
    try (DeviceLease lease = device().acquire(range.all(), Access.READ)) {
      assertHolders(range, Residency.HOST, device().name());
      assertThat(lease.isOpen()).isTrue();
    }
    assertHolders(range, Residency.HOST, device().name());
  }

  @ParameterizedTest
  @EnumSource(value = Access.class, names = {"WRITE", "READ_WRITE"})
  void aWritingLeaseLeavesTheDeviceAsTheOnlyHolderWhetherOrNotBytesChanged(Access access) {
    UnifiedRange range = pages(3);
    write(range, 1);
    device().acquire(range.all(), access).close();
    assertHolders(range, device().name());
  }

  @Test
  void readingAndWritingWithoutAChangeKeepsEveryByte() {
    UnifiedRange range = pages(3);
    write(range, 1);
    device().acquire(range.slice(page() - 4, page() + 8), Access.READ_WRITE).close();
    assertHolders(range, device().name());
    assertThat(ints(range)).isEqualTo(sequence(1, 3 * page()));
  }

  @Test
  void overwritingFetchesNothing() {
    UnifiedRange range = pages(3);
    write(range, 1);
    Moved moved = Moved.during(memory(), () -> device().acquire(range.all(), Access.WRITE).close());
    assertThat(moved).isEqualTo(Moved.NOTHING);
  }

  @Test
  void overwritingFetchesPagesThatAreCoveredInPartAndKeepsTheBytesBesideTheSlice() {
    UnifiedRange range = pages(4);
    write(range, 1);
    Slice middle = range.slice(page() - 4, 2 * page() + 8);
    Moved moved = Moved.during(memory(), () -> device().acquire(middle, Access.WRITE).close());
    assertThat(moved).isEqualTo(toDevice(2 * page(), 2));
    assertThat(ints(range.slice(0, page() - 4))).isEqualTo(sequence(1, page() - 4));
    int behind = (int) (middle.endBytes() / 4);
    assertThat(ints(range.slice(middle.endBytes(), page() - 4))).isEqualTo(sequence(1 + behind, page() - 4));
  }

  @Test
  void aLaunchMayWriteBesideALeaseInTheSamePage() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (DeviceLease lease = device().acquire(range.slice(0, 512), Access.READ)) {
      kernel("increment").launch(Grid.of(128), inOut(range.slice(512, 512)), value(1)).await();
      assertThat(lease.isOpen()).isTrue();
    }
    assertThat(ints(range.slice(0, 512))).isEqualTo(sequence(1, 512));
    assertThat(ints(range.slice(512, 512))).isEqualTo(sequence(130, 512));
  }

  @Test
  void leasesAreCountedAndLaunchesAreNotAmongThem() {
    UnifiedRange range = pages(1);
    try (DeviceLease lease = device().acquire(range.slice(0, 4), Access.READ)) {
      assertThat(lease.isOpen()).isTrue();
      assertThat(memory().statistics().openLeases()).isEqualTo(1);
    }
    fillOnDevice(range, 1);
    assertThat(memory().statistics().deviceLeases()).isEqualTo(1);
    assertThat(memory().statistics().launches()).isEqualTo(1);
  }

  private void assertHolders(UnifiedRange range, String... nodes) {
    Residency residency = range.all().residency();
    for (int page = 0; page < residency.pageCount(); page++) {
      assertThat(residency.nodes(page)).as("page %d of %s", page, residency)
          .containsExactlyInAnyOrder(holders(nodes));
    }
  }
}

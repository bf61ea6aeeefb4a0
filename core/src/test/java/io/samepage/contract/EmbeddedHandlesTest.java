package io.samepage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.UnifiedRange;
import io.samepage.testkit.MemoryContract;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The embedded device's handles are addresses, so a test can look at what is on the device. */
class EmbeddedHandlesTest extends MemoryContract {
  @Override
  protected List<String> devices() {
    return List.of("embedded:0", "embedded:1");
  }

  @Test
  void aReadLeaseShowsTheHostsBytesInMemoryOfTheDevicesOwn() {
    UnifiedRange range = pages(3);
    write(range, 1);
    try (HostLease host = range.host(Access.READ); DeviceLease device = device().acquire(range.slice(page() - 4, 16), Access.READ)) {
      assertThat(bytesOf(device).toArray(INT)).isEqualTo(sequence((int) page() / 4, 16));
      assertThat(bytesOf(device).address()).isNotEqualTo(host.segment().address() + page() - 4);
    }
  }

  @Test
  void everyDeviceHasACopyOfItsOwn() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (DeviceLease one = memory().devices().get(0).acquire(range.all(), Access.READ);
        DeviceLease two = memory().devices().get(1).acquire(range.all(), Access.READ)) {
      assertThat(bytesOf(one).address()).isNotEqualTo(bytesOf(two).address());
      assertThat(bytesOf(one).mismatch(bytesOf(two))).isEqualTo(-1);
    }
  }

  @Test
  void whatIsWrittenThroughTheHandleArrivesOnTheHostAndOnTheOtherDevice() {
    UnifiedRange range = pages(2);
    write(range, 1);
    try (DeviceLease lease = device().acquire(range.slice(page() - 4, 8), Access.WRITE)) {
      bytesOf(lease).setAtIndex(INT, 0, -1);
      bytesOf(lease).setAtIndex(INT, 1, -2);
    }
    int last = (int) page() / 4;
    try (DeviceLease other = memory().devices().get(1).acquire(range.slice(page() - 8, 16), Access.READ)) {
      assertThat(bytesOf(other).toArray(INT)).containsExactly(last - 1, -1, -2, last + 2);
    }
    assertThat(ints(range.slice(page() - 8, 16))).containsExactly(last - 1, -1, -2, last + 2);
  }

  @Test
  void readingAndWritingThroughTheHandleChangesOnlyWhatWasWritten() {
    UnifiedRange range = pages(2);
    write(range, 1);
    try (DeviceLease lease = device().acquire(range.all(), Access.READ_WRITE)) {
      bytesOf(lease).setAtIndex(INT, 5, 99);
    }
    int[] expected = sequence(1, 2 * page());
    expected[5] = 99;
    assertThat(ints(range)).isEqualTo(expected);
  }

  @Test
  void aNewRangeIsZeroThere() {
    UnifiedRange range = memory().allocate(page() + 3);
    try (DeviceLease lease = device().acquire(range.all(), Access.READ)) {
      assertThat(bytesOf(lease).mismatch(MemorySegment.ofArray(new byte[(int) page() + 3]))).isEqualTo(-1);
    }
  }

  private static MemorySegment bytesOf(DeviceLease lease) {
    return MemorySegment.ofAddress(lease.handle() + lease.handleOffsetBytes()).reinterpret(lease.slices().getFirst().sizeBytes());
  }
}

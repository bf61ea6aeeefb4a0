package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceStatistics;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.MemoryStatistics;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is copied and what is not, byte by byte and run by run, and who holds the pages then. */
public abstract class TrafficContract extends MemoryContract {

  @Test
  void readersOnBothSidesCopyOnce() {
    UnifiedRange range = pages(8);
    write(range, 1);
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(8 * page(), 1));
    assertThat(Moved.during(memory(), () -> {
      readOnDevice(range);
      assertThat(ints(range)).isEqualTo(sequence(1, 8 * page()));
      readOnDevice(range.slice(page() + 4, 8));
    })).isEqualTo(Moved.NOTHING);
    assertThat(range.all().residency().pagesOn(device().name())).isEqualTo(8);
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(8);
  }

  @Test
  void aHostWriteWithdrawsTheDevicesCopyOfItsPagesAlone() {
    UnifiedRange range = pages(8);
    write(range, 1);
    readOnDevice(range);
    write(range.slice(3 * page() + 8, 4), 77);
    Residency residency = range.all().residency();
    assertThat(residency.pagesOn(device().name())).isEqualTo(whereCopied(7, 8));
    assertThat(residency.nodes(3)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(page(), 1));
  }

  @Test
  void aDeviceWriteWithdrawsTheHostsCopyOfItsPagesAlone() {
    UnifiedRange range = pages(8);
    write(range, 1);
    fillOnDevice(range.slice(2 * page(), 2 * page()), 5);
    Residency residency = range.all().residency();
    assertThat(residency.pagesOn(Residency.HOST)).isEqualTo(whereCopied(6, 8));
    assertThat(residency.nodes(2)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(residency.nodes(3)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(Moved.during(memory(), () -> ints(range))).isEqualTo(toHost(2 * page(), 1));
    assertThat(Moved.during(memory(), () -> ints(range))).isEqualTo(Moved.NOTHING);
  }

  @Test
  void anOpenHostWriterIsTheOnlyHolderWhenItIsClosed() {
    UnifiedRange range = pages(1);
    readOnDevice(range);
    range.host(Access.READ_WRITE).close();
    assertThat(range.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(page(), 1));
  }

  @Test
  void overwritingOnTheHostFetchesNothing() {
    UnifiedRange range = pages(4);
    fillOnDevice(range, 3);
    assertThat(Moved.during(memory(), () -> write(range.slice(page(), 2 * page()), 1))).isEqualTo(Moved.NOTHING);
    assertThat(Moved.during(memory(), () -> ints(range))).isEqualTo(toHost(2 * page(), 2));
    assertThat(ints(range.slice(page() - 8, 16))).containsExactly(3, 3, 1, 2);
  }

  @Test
  void overwritingPartOfAPageOnTheHostFetchesItAndKeepsTheBytesBeside() {
    UnifiedRange range = pages(4);
    fillOnDevice(range, 3);
    Slice middle = range.slice(page() - 4, 2 * page() + 8);
    assertThat(Moved.during(memory(), () -> write(middle, 10))).isEqualTo(toHost(2 * page(), 2));
    assertThat(ints(range.slice(page() - 8, 12))).containsExactly(3, 10, 11);
    assertThat(ints(range.slice(middle.endBytes() - 4, 8))).containsExactly(9 + (int) middle.sizeBytes() / 4, 3);
  }

  @Test
  void overwritingPartOfAPageOnTheDeviceFetchesItAndKeepsTheBytesBeside() {
    UnifiedRange range = pages(3);
    write(range, 1);
    Moved moved = Moved.during(memory(), () -> fillOnDevice(range.slice(page() + 4, 8), -1));
    assertThat(moved).isEqualTo(toDevice(page(), 1));
    int before = (int) page() / 4 + 1;
    assertThat(ints(range.slice(page(), 16))).containsExactly(before, -1, -1, before + 3);
    int[] expected = sequence(1, 3 * page());
    expected[before] = -1;
    expected[before + 1] = -1;
    assertThat(ints(range)).isEqualTo(expected);
  }

  @Test
  void aPageThatBothSidesWriteInTurnsKeepsTheBytesOfBoth() {
    UnifiedRange range = pages(1);
    for (int i = 0; i < 64; i++) {
      write(range.slice(16L * i + 4, 4), i + 1);
      fillOnDevice(range.slice(16L * i + 8, 4), -i - 1);
    }
    for (int i = 0; i < 64; i++) {
      assertThat(ints(range.slice(16L * i, 16))).containsExactly(0, i + 1, -i - 1, 0);
    }
  }

  @Test
  void readingPartOfAPageBringsThePage() {
    UnifiedRange range = pages(3);
    write(range, 1);
    assertThat(Moved.during(memory(), () -> readOnDevice(range.slice(page() + 100, 1)))).isEqualTo(toDevice(page(), 1));
    assertThat(Moved.during(memory(), () -> readOnDevice(range.slice(page() - 1, 2)))).isEqualTo(toDevice(page(), 1));
    assertThat(range.all().residency().pagesOn(device().name())).isEqualTo(whereCopied(2, 3));
  }

  @Test
  void pagesSideBySideGoInOneRun() {
    UnifiedRange range = pages(12);
    write(range, 1);
    readOnDevice(range.slice(5 * page(), page()));
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(11 * page(), 2));
    fillOnDevice(range.slice(0, 3 * page()), 1);
    fillOnDevice(range.slice(7 * page(), 2 * page()), 1);
    fillOnDevice(range.slice(11 * page(), page()), 1);
    assertThat(Moved.during(memory(), () -> ints(range))).isEqualTo(toHost(6 * page(), 3));
  }

  @Test
  void everySecondPageGoesByItself() {
    UnifiedRange range = pages(32);
    write(range, 1);
    readOnDevice(range);
    writeEverySecondPage(range);
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(16 * page(), 16));
  }

  @Test
  void smallGapsGoAlongWhereThatAddsAtMostFivePercent() {
    UnifiedRange range = pages(256);
    write(range, 1);
    readOnDevice(range);
    writeEverySecondPage(range);
    Moved moved = Moved.during(memory(), () -> readOnDevice(range));
    assertThat(moved.bytesToDevice()).isBetween(whereCopied(128 * page(), 0), whereCopied(128 * page() * 105 / 100, 0));
    long filledGaps = moved.bytesToDevice() / page() - 128;
    assertThat(moved).isEqualTo(toDevice((128 + filledGaps) * page(), 128 - filledGaps));
    int[] expected = ints(range);
    device().acquire(range.all(), Access.READ_WRITE).close();
    assertThat(ints(range)).isEqualTo(expected);
  }

  private static void writeEverySecondPage(UnifiedRange range) {
    long page = range.all().residency().pageSizeBytes();
    for (long offset = 0; offset < range.sizeBytes(); offset += 2 * page) {
      write(range.slice(offset, 4), 5);
    }
  }

  @Test
  void aRunGoesOnBeyondTwoMebibytes() {
    UnifiedRange range = memory().allocate(5 << 20);
    write(range, 1);
    assertThat(Moved.during(memory(), () -> readOnDevice(range))).isEqualTo(toDevice(5 << 20, 1));
    fillOnDevice(range, 9);
    assertThat(Moved.during(memory(), () -> assertThat(ints(range)).containsOnly(9))).isEqualTo(toHost(5 << 20, 1));
  }

  @Test
  void theSlicesOfALeaseMoveEachPageOnce() {
    UnifiedRange range = pages(8);
    fillOnDevice(range, 1);
    List<Slice> slices = LongStream.range(0, 32).mapToObj(i -> range.slice(i * page() / 8 + 4, 80)).toList();
    assertThat(Moved.during(memory(), () -> memory().host(Access.READ, slices).close())).isEqualTo(toHost(4 * page(), 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4, 8, 12, 100, 128, 132, 4092, 4096, 4100, (2 << 20) - 4, (2 << 20) + 12})
  void slicesAtOddOffsetsAreReadAndWrittenOnTheDevice(long offset) {
    UnifiedRange from = memory().allocate((2 << 20) + 4 * page());
    UnifiedRange to = memory().allocate((2 << 20) + 4 * page());
    write(from, 1);
    write(to, -5_000_000);
    kernel("add").launch(Grid.of(33), in(from.slice(offset, 132)), in(from.slice(offset + 4, 132)), out(to.slice(offset + 8, 132))).await();
    int first = (int) offset / 4 + 1;
    int[] expected = sequence(-5_000_000, to.sizeBytes());
    for (int i = 0; i < 33; i++) {
      expected[first + 1 + i] = 2 * (first + i) + 1;
    }
    assertThat(ints(to)).isEqualTo(expected);
    assertThat(ints(from)).isEqualTo(sequence(1, from.sizeBytes()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, 7, 127, 129, 4095, 4097})
  void slicesOfBytesBeginAnywhere(long offset) {
    UnifiedRange from = pages(3);
    UnifiedRange to = pages(3);
    write(from, 1 << 24);
    write(to, 3 << 24);
    byte[] expected = bytes(to.all());
    System.arraycopy(bytes(from.slice(offset, 101)), 0, expected, (int) offset + 6, 101);
    kernel("copy").launch(Grid.of(101), in(from.slice(offset, 101)), out(to.slice(offset + 6, 101))).await();
    assertThat(bytes(to.all())).isEqualTo(expected);
  }

  @Test
  void theMemoryCountsWhatItsDevicesCount() {
    UnifiedRange range = pages(6);
    write(range, 1);
    fillOnDevice(range.slice(8, 2 * page()), 1);
    readOnDevice(range);
    ints(range);
    MemoryStatistics all = memory().statistics();
    DeviceStatistics one = device().statistics();
    assertThat(one.bytesToDevice()).isEqualTo(all.bytesToDevice()).isEqualTo(whereCopied(5 * page(), 0));
    assertThat(one.bytesToHost()).isEqualTo(all.bytesToHost()).isEqualTo(whereCopied(3 * page(), 0));
    assertThat(one.runsToDevice()).isEqualTo(all.runsToDevice());
    assertThat(one.runsToHost()).isEqualTo(all.runsToHost()).isEqualTo(whereCopied(1, 0));
    assertThat(one.bytesDeviceToDevice()).isZero();
    assertThat(one.launches()).isEqualTo(all.launches()).isEqualTo(1);
  }

  @Test
  void residencyIsCountedFromTheFirstPageOfTheSlice() {
    UnifiedRange range = pages(6);
    write(range, 1);
    fillOnDevice(range.slice(3 * page(), 4), 1);
    Residency residency = range.slice(2 * page() + 5, page()).residency();
    assertThat(residency.pageCount()).isEqualTo(2);
    assertThat(residency.nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(residency.nodes(1)).containsExactlyInAnyOrder(holders(device().name()));
    assertThat(residency.pagesOn("nobody")).isZero();
    assertThat(residency.poisonedPages()).isZero();
    assertThatThrownBy(() -> residency.nodes(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aLeaseOfTheHostKeepsItsCopyWhileTheDeviceReads() {
    UnifiedRange range = pages(2);
    fillOnDevice(range, 4);
    try (HostLease lease = range.host(Access.READ)) {
      readOnDevice(range);
      assertThat(lease.segment().toArray(INT)).containsOnly(4);
      assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(2);
    }
  }
}

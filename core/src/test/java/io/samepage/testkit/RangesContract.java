package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.OutOfHostMemoryException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges and slices: sizes, zero on first touch, independence, freeing. */
public abstract class RangesContract extends MemoryContract {
  private static final long TEBIBYTE = 1L << 40;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 4095, 4096, 4097, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (5 << 20) + 3})
  void aRangeHasTheSizeThatWasAskedForAndKeepsEveryByte(long sizeBytes) {
    UnifiedRange range = memory().allocate(sizeBytes);
    assertThat(range.sizeBytes()).isEqualTo(sizeBytes);
    assertThat(range.all().sizeBytes()).isEqualTo(sizeBytes);
    byte[] written = pattern((int) sizeBytes);
    try (HostLease lease = range.host(Access.WRITE)) {
      assertThat(lease.segment().byteSize()).isEqualTo(sizeBytes);
      lease.segment().copyFrom(MemorySegment.ofArray(written));
    }
    device().acquire(range.all(), Access.READ_WRITE).close();
    assertThat(bytes(range.all())).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4095, 4097, (2 << 20) + 1})
  void aNewRangeIsZeroOnTheHostAndNothingIsCopied(long sizeBytes) {
    UnifiedRange range = memory().allocate(sizeBytes);
    assertThat(Moved.during(memory(), () -> assertThat(bytes(range.all())).containsOnly(0).hasSize((int) sizeBytes)))
        .isEqualTo(Moved.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4095, 4097, (2 << 20) + 1})
  void aNewRangeIsZeroOnTheDeviceAndNothingIsCopied(long sizeBytes) {
    UnifiedRange range = memory().allocate(sizeBytes);
    UnifiedRange seen = memory().allocate(sizeBytes);
    Moved moved = Moved.during(memory(), () -> copyOnDevice(range.all(), seen.all()));
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(bytes(seen.all())).containsOnly(0).hasSize((int) sizeBytes);
  }

  @Test
  void theFirstTouchForWritingCopiesNothingEitherEvenOfPartOfAPage() {
    UnifiedRange range = pages(3);
    assertThat(Moved.during(memory(), () -> write(range.slice(4, page()), 5))).isEqualTo(Moved.NOTHING);
    UnifiedRange other = pages(3);
    assertThat(Moved.during(memory(), () -> fillOnDevice(other.slice(4, page()), 5))).isEqualTo(Moved.NOTHING);
    assertThat(ints(other.slice(0, page() + 8))).startsWith(0, 5, 5).endsWith(5, 5, 0);
    assertThat(ints(range.slice(0, 12))).containsExactly(0, 5, 6);
  }

  @Test
  void pagesAreUntouchedUntilSomebodyWritesThem() {
    UnifiedRange range = pages(4);
    assertThat(range.all().residency().untouchedPages()).isEqualTo(4);
    readOnDevice(range.slice(0, 1));
    assertThat(range.all().residency().untouchedPages()).isEqualTo(4);
    write(range.slice(page(), page()), 1);
    fillOnDevice(range.slice(2 * page(), 4), 1);
    assertThat(range.all().residency().untouchedPages()).isEqualTo(2);
    assertThat(range.slice(page(), 2 * page()).residency().untouchedPages()).isZero();
  }

  @Test
  void aRangeThatTookTheAddressesOfAFreedOneIsZeroAgain() {
    for (int round = 0; round < 5; round++) {
      UnifiedRange range = pages(3);
      assertThat(ints(range)).containsOnly(0);
      write(range, 7);
      range.close();
    }
  }

  @Test
  void aRangeThatTookTheDeviceMemoryOfAFreedOneIsZeroAgain() {
    UnifiedRange seen = pages(3);
    for (int round = 0; round < 5; round++) {
      UnifiedRange range = pages(3);
      copyOnDevice(range.all(), seen.all());
      assertThat(bytes(seen.all())).containsOnly(0);
      fillOnDevice(range, 7);
      range.close();
    }
  }

  @Test
  void aRangeStartsOnAPageOfItsOwn() {
    Set<Long> pages = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      try (HostLease lease = memory().allocate(1).host(Access.READ)) {
        assertThat(lease.segment().address() % page()).isZero();
        assertThat(pages.add(lease.segment().address())).isTrue();
      }
    }
  }

  @Test
  void oneByteRangesAreWrittenOnDifferentNodesAtATime() {
    UnifiedRange onHost = memory().allocate(1);
    UnifiedRange onDevice = memory().allocate(1);
    try (HostLease host = onHost.host(Access.READ_WRITE); DeviceLease device = device().acquire(onDevice.all(), Access.READ_WRITE)) {
      assertThat(host.isOpen()).isTrue();
      assertThat(device.isOpen()).isTrue();
    }
    assertThat(onHost.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(Residency.HOST));
    assertThat(onDevice.all().residency().nodes(0)).containsExactlyInAnyOrder(holders(device().name()));
  }

  @Test
  void aRangeTellsItsMemoryAndANameOfItsOwn() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      UnifiedRange range = memory().allocate(10 + i);
      assertThat(range.memory()).isSameAs(memory());
      assertThat(names.add(range.name())).isTrue();
      assertThat(range.isOpen()).isTrue();
      assertThat(range.slice(3, 4)).hasToString(range.name() + "[3, 7)");
    }
  }

  @Test
  void aSliceOfASliceIsCountedFromTheSlice() {
    UnifiedRange range = memory().allocate(1000);
    Slice slice = range.slice(100, 200).slice(50, 20);
    assertThat(slice).isEqualTo(range.slice(150, 20));
    assertThat(slice.endBytes()).isEqualTo(170);
    assertThat(slice.range()).isSameAs(range);
    assertThat(range.slice(0, 1000)).isEqualTo(range.all());
  }

  @Test
  void slicesReachAllOfATebibyte() {
    long size = sparse(TEBIBYTE);
    UnifiedRange range = memory().allocate(size);
    long[] offsets = LongStream.of(0, (1L << 31) - 2 * page(), 1L << 32, (1L << 39) + 4, size - 3 * page())
        .filter(offset -> offset + 2 * page() <= size).toArray();
    for (long offset : offsets) {
      write(range.slice(offset, 2 * page()), (int) (offset >> 12));
    }
    for (long offset : offsets) {
      incrementOnDevice(range.slice(offset, 2 * page()));
    }
    for (long offset : offsets) {
      assertThat(ints(range.slice(offset, 2 * page()))).isEqualTo(sequence((int) (offset >> 12) + 1, 2 * page()));
    }
    assertThat(ints(range.slice(size / 4, 4))).containsExactly(0);
  }

  @Test
  void freedRangesGiveTheirAddressesBack() {
    for (int i = 0; i < 500; i++) {
      try (UnifiedRange range = memory().allocate(sparse(TEBIBYTE))) {
        write(range.slice(i * page(), 4), i);
      }
    }
    assertThat(memory().statistics().openRanges()).isZero();
  }

  @Test
  void aFreedRangeGivesItsDeviceMemoryBack() {
    UnifiedRange range = pages(5);
    UnifiedRange other = pages(2);
    fillOnDevice(range, 1);
    fillOnDevice(other, 2);
    assertThat(device().usedBytes()).isGreaterThanOrEqualTo(whereCopied(7 * page(), 0));
    range.close();
    assertThat(range.isOpen()).isFalse();
    assertThat(device().usedBytes()).isGreaterThanOrEqualTo(whereCopied(2 * page(), 0));
    assertThat(ints(other)).containsOnly(2);
    other.close();
    assertThat(device().usedBytes()).isZero();
  }

  @Test
  void aRangeThatIsFreedWhileALaunchUsesItWaitsForTheLaunch() {
    UnifiedRange range = pages(1);
    Fence fence = kernel("churn").launch(Grid.of(1), inOut(range.slice(0, 4)), value(50_000_000));
    range.close();
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void openRangesAreCounted() {
    UnifiedRange first = memory().allocate(1);
    UnifiedRange second = memory().allocate(1);
    assertThat(memory().statistics().openRanges()).isEqualTo(2);
    first.close();
    assertThat(memory().statistics().openRanges()).isEqualTo(1);
    second.close();
    assertThat(memory().statistics().openRanges()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 50, 1L << 60, Long.MAX_VALUE})
  void aSizeBeyondTheAddressSpaceIsRefusedAndNothingIsLost(long sizeBytes) {
    UnifiedRange range = memory().allocate(page());
    write(range, 3);
    assertThatThrownBy(() -> memory().allocate(sizeBytes)).isInstanceOf(OutOfHostMemoryException.class)
        .hasMessageContaining(String.valueOf(sizeBytes));
    assertThat(memory().statistics().openRanges()).isEqualTo(1);
    assertThat(ints(range)).isEqualTo(sequence(3, page()));
  }

  private void copyOnDevice(Slice from, Slice to) {
    kernel("copy").launch(Grid.of(from.sizeBytes()), in(from), out(to)).await();
  }

  private void incrementOnDevice(Slice slice) {
    kernel("increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(1));
  }

  private static byte[] pattern(int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    for (int i = 0; i < sizeBytes; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 12) + 1);
    }
    return bytes;
  }
}

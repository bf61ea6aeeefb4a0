package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.MemoryStatistics;
import io.samepage.OutOfHostMemoryException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked wrongly of ranges, slices, segments and leases: a clear error before anything changed. */
public abstract class BadInputContract extends MemoryContract {

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -4096, Long.MIN_VALUE})
  void aRangeHasAtLeastOneByte(long sizeBytes) {
    refuses(IllegalArgumentException.class, () -> memory().allocate(sizeBytes), String.valueOf(sizeBytes));
  }

  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 1001", "1000, 1", "999, 2", "9223372036854775807, 1", "1, 9223372036854775807",
      "9223372036854775807, 9223372036854775807", "-9223372036854775808, 5"})
  void aSliceLiesInItsRange(long offsetBytes, long sizeBytes) {
    UnifiedRange range = memory().allocate(1000);
    refuses(IndexOutOfBoundsException.class, () -> range.slice(offsetBytes, sizeBytes), String.valueOf(offsetBytes), range.name());
    refuses(IndexOutOfBoundsException.class, () -> new Slice(range, offsetBytes, sizeBytes), String.valueOf(sizeBytes));
    refuses(IndexOutOfBoundsException.class, () -> range.all().slice(offsetBytes, sizeBytes), String.valueOf(sizeBytes));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void aSliceHasAtLeastOneByte(long sizeBytes) {
    UnifiedRange range = memory().allocate(1000);
    refuses(IllegalArgumentException.class, () -> range.slice(3, sizeBytes), String.valueOf(sizeBytes));
    refuses(IllegalArgumentException.class, () -> range.all().slice(3, sizeBytes), String.valueOf(sizeBytes));
  }

  @Test
  void aSliceOfASliceLiesInThatSlice() {
    Slice slice = memory().allocate(1000).slice(100, 100);
    refuses(IndexOutOfBoundsException.class, () -> slice.slice(0, 101));
    refuses(IndexOutOfBoundsException.class, () -> slice.slice(99, 2));
    refuses(IndexOutOfBoundsException.class, () -> slice.slice(-1, 1));
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aLeaseHasASlice(Access access) {
    refuses(IllegalArgumentException.class, () -> memory().host(access, List.of()));
    refuses(IllegalArgumentException.class, () -> memory().host(access, List.of(), Duration.ZERO));
    refuses(IllegalArgumentException.class, () -> memory().hostShared(access, List.of(), Duration.ZERO));
  }

  @ParameterizedTest
  @EnumSource(value = Access.class, names = {"WRITE", "READ_WRITE"})
  void theSlicesOfAWritingLeaseShareNoByte(Access access) {
    UnifiedRange range = pages(2);
    List<Slice> overlapping = List.of(range.slice(0, 8), range.slice(100, 8), range.slice(7, 4));
    refuses(IllegalArgumentException.class, () -> memory().host(access, overlapping), range.slice(7, 4).toString());
    refuses(IllegalArgumentException.class, () -> memory().hostShared(access, overlapping, Duration.ZERO));
    refuses(IllegalArgumentException.class, () -> memory().host(access, List.of(range.slice(50, 1), range.slice(50, 1))));
    refuses(IllegalArgumentException.class, () -> memory().host(access, List.of(range.slice(50, 1), range.all())));
    memory().host(access, List.of(range.slice(0, 8), range.slice(8, 4)), Duration.ZERO).close();
  }

  @Test
  void aTimeoutIsNotNegative() {
    UnifiedRange range = pages(1);
    Duration negative = Duration.ofNanos(-1);
    refuses(IllegalArgumentException.class, () -> range.all().host(Access.READ, negative));
    refuses(IllegalArgumentException.class, () -> memory().hostShared(Access.READ, List.of(range.all()), negative));
    refuses(IllegalArgumentException.class, () -> device().acquire(range.all(), Access.READ, negative));
  }

  @Test
  void aTimeoutMayBeAsLongAsADurationCanBe() {
    UnifiedRange range = pages(1);
    Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
    range.all().host(Access.READ_WRITE, forever).close();
    device().acquire(range.all(), Access.READ_WRITE, forever).close();
    memory().hostShared(Access.READ_WRITE, List.of(range.all()), forever).close();
    assertThat(kernel("fill").launch(Grid.of(1), out(range.slice(0, 4)), value(1)).await(forever)).isTrue();
  }

  @Test
  void slicesOfAnotherMemoryAreRefused() {
    UnifiedRange ours = pages(1);
    try (UnifiedMemory other = builder().open()) {
      UnifiedRange theirs = other.allocate(page());
      refuses(IllegalArgumentException.class, () -> memory().host(Access.READ, List.of(theirs.all())), theirs.all().toString());
      refuses(IllegalArgumentException.class, () -> memory().host(Access.WRITE, List.of(ours.all(), theirs.all())));
      refuses(IllegalArgumentException.class, () -> memory().hostShared(Access.READ, List.of(theirs.all()), Duration.ZERO));
      refuses(IllegalArgumentException.class, () -> device().acquire(theirs.all(), Access.READ), theirs.all().toString());
      refuses(IllegalArgumentException.class, () -> device().acquire(theirs.all(), Access.WRITE, Duration.ZERO));
      refuses(IllegalArgumentException.class, () -> fillOnDevice(theirs, 1), theirs.all().toString());
      refuses(IllegalArgumentException.class, () -> ours.residency(theirs.all()));
      assertThat(other.statistics().openLeases()).isZero();
    }
    ours.all().host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void residencyIsAskedOfTheSlicesOwnRange() {
    UnifiedRange range = pages(1);
    UnifiedRange other = pages(1);
    refuses(IllegalArgumentException.class, () -> range.residency(other.all()), other.all().toString());
    if (!isSparse()) {
      refuses(OutOfHostMemoryException.class, () -> memory().allocate(1L << 43));
      return;
    }
    UnifiedRange huge = memory().allocate(1L << 43);
    refuses(IllegalArgumentException.class, () -> huge.all().residency());
    assertThat(huge.slice(1L << 42, 1).residency().nodes(0)).contains(Residency.HOST);
  }

  @Test
  void segmentsThatAreNotOursAreRefused() {
    UnifiedRange range = pages(2);
    MemorySegment heap = MemorySegment.ofArray(new int[4]);
    MemorySegment foreign = Arena.ofAuto().allocate(16);
    for (MemorySegment segment : List.of(heap, heap.asReadOnly(), foreign, MemorySegment.NULL, MemorySegment.ofAddress(1 << 20))) {
      refuses(IllegalArgumentException.class, () -> memory().slice(segment));
      refuses(IllegalArgumentException.class,
          () -> kernel("add").launch(Grid.of(1), in(segment), in(range.slice(0, 4)), out(range.slice(4, 4))));
    }
    refuses(IllegalArgumentException.class, () -> memory().slice(heap), "heap");
    refuses(IllegalArgumentException.class, () -> kernel("fill").launch(Grid.of(4), out(heap), value(1)));
  }

  @Test
  void emptySegmentsAndSegmentsThatReachOutOfTheirRangeAreRefused() {
    UnifiedRange range = pages(2);
    UnifiedRange behind = pages(2);
    try (HostLease lease = range.host(Access.READ); HostLease other = behind.host(Access.READ)) {
      MemorySegment segment = lease.segment();
      long endOfRange = range.sizeBytes();
      assertThat(other.isOpen()).isTrue();
      refuses(IllegalArgumentException.class, () -> memory().slice(segment.asSlice(8, 0)));
      refuses(IllegalArgumentException.class, () -> memory().slice(segment.asSlice(endOfRange, 0)));
      refuses(IllegalArgumentException.class, () -> memory().slice(segment.reinterpret(endOfRange + 1)));
      refuses(IllegalArgumentException.class, () -> memory().slice(segment.reinterpret(1L << 40)), range.name());
    }
  }

  @Test
  void segmentsOfAnotherMemoryAreRefused() {
    try (UnifiedMemory other = builder().open(); UnifiedRange theirs = other.allocate(page()); HostLease lease = theirs.host(Access.READ)) {
      refuses(IllegalArgumentException.class, () -> memory().slice(lease.segment()));
      UnifiedRange to = pages(1);
      MemorySegment part = lease.segment().asSlice(0, 4);
      refuses(IllegalArgumentException.class, () -> kernel("copy").launch(Grid.of(4), in(part), out(to.slice(0, 4))));
      assertThat(other.slice(lease.segment())).isEqualTo(theirs.all());
    }
  }

  @Test
  void segmentsOfAClosedLeaseAreRefused() {
    UnifiedRange range = pages(1);
    HostLease confined = range.host(Access.READ);
    HostLease shared = memory().hostShared(Access.READ, List.of(range.all()), Duration.ZERO);
    List<MemorySegment> segments = List.of(confined.segment(), shared.segment(), shared.segment().asSlice(4, 8));
    confined.close();
    shared.close();
    UnifiedRange to = pages(1);
    for (MemorySegment segment : segments) {
      refuses(IllegalStateException.class, () -> memory().slice(segment));
      refuses(IllegalStateException.class, () -> kernel("copy").launch(Grid.of(4), in(segment.asSlice(0, 4)), out(to.slice(0, 4))));
    }
  }

  @Test
  void readOnlySegmentsAreNoArgumentsToWrite() {
    UnifiedRange range = pages(1);
    try (HostLease lease = range.host(Access.READ)) {
      refuses(IllegalArgumentException.class, () -> out(lease.segment()));
      refuses(IllegalArgumentException.class, () -> inOut(lease.segment().asSlice(4, 4)));
    }
    try (HostLease lease = range.host(Access.READ_WRITE)) {
      MemorySegment readOnly = lease.segment().asReadOnly();
      refuses(IllegalArgumentException.class, () -> out(readOnly));
      assertThat(memory().slice(readOnly)).isEqualTo(range.all());
    }
  }

  private void refuses(Class<? extends RuntimeException> type, ThrowingCallable call, String... inMessage) {
    MemoryStatistics before = memory().statistics();
    long used = device().usedBytes();
    assertThatThrownBy(call).isInstanceOf(type).message().isNotBlank()
        .satisfies(message -> assertThat(inMessage).allMatch(message::contains));
    assertThat(memory().statistics()).isEqualTo(before);
    assertThat(device().usedBytes()).isEqualTo(used);
  }
}

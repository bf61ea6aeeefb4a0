package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.MemoryKind;
import io.samepage.OutOfHostMemoryException;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Host leases by themselves: what their segments are, who may use and close them, and what is left of them afterwards. */
public abstract class HostLeasesContract extends MemoryContract {
  private static final Duration LONG = Duration.ofMinutes(1);

  @ParameterizedTest
  @EnumSource(Access.class)
  void aLeaseTellsWhatWasDeclared(Access access) {
    Slice slice = pages(2).slice(12, 100);
    try (HostLease lease = slice.host(access)) {
      assertThat(lease.access()).isEqualTo(access);
      assertThat(lease.slices()).containsExactly(slice);
      assertThat(lease.isOpen()).isTrue();
      assertThat(lease.segments()).hasSize(1);
      assertThat(lease.segment().byteSize()).isEqualTo(100);
      assertThat(lease.segment().isReadOnly()).isEqualTo(access == Access.READ);
    }
  }

  @Test
  void whatOneLeaseWroteTheNextOneReads() {
    UnifiedRange range = pages(3);
    write(range, 10);
    assertThat(ints(range)).isEqualTo(sequence(10, 3 * page()));
    try (HostLease lease = range.slice(page() - 4, 8).host(Access.READ_WRITE)) {
      lease.segment().setAtIndex(INT, 1, lease.segment().getAtIndex(INT, 0));
    }
    int last = 10 + (int) page() / 4 - 1;
    assertThat(ints(range.slice(page() - 8, 16))).containsExactly(last - 1, last, last, last + 2);
  }

  @Test
  void aSegmentEndsWhereItsSliceEnds() {
    try (HostLease lease = pages(1).slice(8, 4).host(Access.WRITE)) {
      assertThatThrownBy(() -> lease.segment().get(ValueLayout.JAVA_BYTE, 4)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> lease.segment().get(ValueLayout.JAVA_BYTE, -1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aReadLeaseGivesNoWayToWrite() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (HostLease lease = range.host(Access.READ)) {
      assertThatThrownBy(() -> lease.segment().setAtIndex(INT, 0, 99)).isInstanceOf(RuntimeException.class);
      assertThat(lease.segments()).allMatch(MemorySegment::isReadOnly);
    }
    assertThat(ints(range)).isEqualTo(sequence(1, page()));
  }

  @Test
  void manySlicesInOneLeaseComeInTheOrderTheyWereAskedFor() {
    UnifiedRange first = pages(2);
    UnifiedRange second = memory().allocate(77);
    List<Slice> slices = List.of(second.slice(5, 10), first.slice(page(), 16), first.slice(4, 8), second.slice(76, 1));
    try (HostLease lease = memory().host(Access.WRITE, slices)) {
      assertThat(lease.slices()).isEqualTo(slices);
      assertThat(lease.segments()).extracting(MemorySegment::byteSize).containsExactly(10L, 16L, 8L, 1L);
      assertThat(lease.segment().address()).isEqualTo(lease.segments().getFirst().address());
      for (int i = 0; i < slices.size(); i++) {
        lease.segments().get(i).fill((byte) (i + 1));
      }
    }
    for (int i = 0; i < slices.size(); i++) {
      assertThat(bytes(slices.get(i))).containsOnly(i + 1);
    }
    assertThat(bytes(second.slice(0, 5))).containsOnly(0);
    assertThat(bytes(first.slice(12, page() - 12))).containsOnly(0);
  }

  @Test
  void aThousandSlicesFitIntoOneLease() {
    UnifiedRange range = pages(100);
    List<Slice> slices = IntStream.range(0, 1000).mapToObj(i -> range.slice(i * 400L + 1, 399)).toList();
    try (HostLease lease = memory().host(Access.READ_WRITE, slices)) {
      lease.segments().forEach(segment -> segment.fill((byte) 1));
    }
    byte[] bytes = bytes(range.slice(0, 400_000));
    for (int i = 0; i < bytes.length; i++) {
      assertThat(bytes[i]).isEqualTo((byte) (i % 400 == 0 ? 0 : 1));
    }
  }

  @Test
  void readLeasesMayNameAByteSeveralTimes() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (HostLease lease = memory().host(Access.READ, List.of(range.all(), range.slice(4, 8), range.slice(4, 8)))) {
      assertThat(lease.segments().get(2).getAtIndex(INT, 0)).isEqualTo(2);
    }
  }

  @Test
  void segmentsOfOneRangeLieAsFarApartAsTheirSlices() {
    UnifiedRange range = pages(3);
    try (HostLease lease = memory().host(Access.READ, List.of(range.slice(8, 4), range.slice(2 * page() + 4, 4)))) {
      assertThat(lease.segments().get(1).address() - lease.segments().get(0).address()).isEqualTo(2 * page() - 4);
    }
  }

  @Test
  void aClosedLeaseStillTellsWhatItWasAndGivesNoMoreAccess() {
    Slice slice = pages(1).slice(0, 8);
    HostLease lease = slice.host(Access.READ_WRITE);
    MemorySegment segment = lease.segment();
    lease.close();
    assertThat(lease.isOpen()).isFalse();
    assertThat(lease.access()).isEqualTo(Access.READ_WRITE);
    assertThat(lease.slices()).containsExactly(slice);
    assertThatThrownBy(lease::segment).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::segments).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.get(INT, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.set(INT, 0, 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> segment.asSlice(4, 4).get(INT, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aConfinedLeaseBelongsToTheThreadThatOpenedIt() {
    UnifiedRange range = pages(1);
    HostLease lease = range.host(Access.READ_WRITE);
    MemorySegment segment = lease.segment();
    try (OtherThread other = new OtherThread("stranger")) {
      assertThatThrownBy(() -> other.run(lease::close)).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> other.call(() -> segment.get(INT, 0))).isInstanceOf(WrongThreadException.class);
      assertThatThrownBy(() -> other.run(() -> segment.set(INT, 0, 1))).isInstanceOf(WrongThreadException.class);
    }
    assertThat(lease.isOpen()).isTrue();
    segment.set(INT, 0, 5);
    lease.close();
    assertThat(ints(range.slice(0, 8))).containsExactly(5, 0);
  }

  @Test
  void aSharedLeaseIsUsedAndClosedByAnyThread() {
    UnifiedRange range = pages(1);
    HostLease lease = memory().hostShared(Access.READ_WRITE, List.of(range.all()), LONG);
    MemorySegment segment = lease.segment();
    try (OtherThread other = new OtherThread("guest")) {
      other.run(() -> segment.set(INT, 4, 6));
      segment.set(INT, 0, other.call(() -> segment.get(INT, 4)) + 1);
      other.run(lease::close);
      assertThatThrownBy(() -> other.call(() -> segment.get(INT, 0))).isInstanceOf(IllegalStateException.class);
    }
    assertThat(lease.isOpen()).isFalse();
    assertThatThrownBy(() -> segment.get(INT, 0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    assertThat(ints(range.slice(0, 8))).containsExactly(7, 6);
  }

  @Test
  void aSharedLeaseHasManySlicesAsWell() {
    UnifiedRange range = pages(2);
    List<Slice> slices = List.of(range.slice(page(), 4), range.slice(0, 4));
    HostLease lease = memory().hostShared(Access.WRITE, slices, LONG);
    lease.segments().get(0).set(INT, 0, 1);
    lease.segments().get(1).set(INT, 0, 2);
    lease.close();
    assertThat(ints(slices.get(0))).containsExactly(1);
    assertThat(ints(slices.get(1))).containsExactly(2);
  }

  @Test
  void segmentsGoToSystemCalls(@TempDir Path folder) throws IOException {
    UnifiedRange range = pages(2);
    write(range, 100);
    readOnDevice(range);
    try (HostLease lease = range.host(Access.READ_WRITE);
        FileChannel file = FileChannel.open(folder.resolve("bytes"), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      MemorySegment segment = lease.segment();
      assertThat(file.write(segment.asSlice(0, page()).asByteBuffer(), 0)).isEqualTo((int) page());
      assertThat(file.read(segment.asSlice(page(), page()).asByteBuffer(), 0)).isEqualTo((int) page());
    }
    assertThat(ints(range.slice(page(), page()))).isEqualTo(sequence(100, page()));
  }

  @Test
  void floatAndDoubleBuffersOfALeaseAreTheSameBytes() {
    UnifiedRange range = pages(2);
    try (HostLease lease = range.host(Access.WRITE)) {
      ByteBuffer buffer = lease.segment().asByteBuffer().order(ByteOrder.nativeOrder());
      FloatBuffer floats = buffer.slice(0, (int) page()).order(ByteOrder.nativeOrder()).asFloatBuffer();
      DoubleBuffer doubles = buffer.slice((int) page(), (int) page()).order(ByteOrder.nativeOrder()).asDoubleBuffer();
      while (floats.hasRemaining()) {
        floats.put(floats.position());
      }
      doubles.put(doubles.limit() - 1, Math.E);
    }
    UnifiedRange results = pages(1);
    kernel("affine").launch(Grid.of(page() / 4), in(range.slice(0, page())), out(results), value(2f), value(1f)).await();
    FloatBuffer expired;
    try (HostLease lease = results.host(Access.READ); HostLease second = range.slice(page(), page()).host(Access.READ)) {
      FloatBuffer floats = lease.segment().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
      for (int i = 0; i < page() / 4; i++) {
        assertThat(floats.get(i)).isEqualTo(2f * i + 1);
      }
      assertThat(floats.isReadOnly()).isTrue();
      DoubleBuffer doubles = second.segment().asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer();
      assertThat(doubles.get((int) page() / 8 - 1)).isEqualTo(Math.E);
      expired = floats;
    }
    assertThatThrownBy(() -> expired.get(0)).isInstanceOf(IllegalStateException.class);
  }

  /** A range of that size; where a driver gives less shared virtual memory, of as much as it gives, which it says. */
  private UnifiedRange rangeOf(long sizeBytes) {
    try {
      return memory().allocate(sizeBytes);
    } catch (OutOfHostMemoryException e) {
      assertThat(memoryKind()).isEqualTo(MemoryKind.SVM);
      Matcher largest = Pattern.compile("largest=(\\d+)").matcher(e.getMessage());
      assertThat(largest.find()).as(e.getMessage()).isTrue();
      return memory().allocate(Long.parseLong(largest.group(1)));
    }
  }

  @Test
  void aBufferHasTwoGigabytesAtMostAndIsHadOfAPartOfMore() {
    UnifiedRange range = rangeOf((2L << 30) + page());
    try (HostLease lease = range.host(Access.READ)) {
      if (range.sizeBytes() > Integer.MAX_VALUE) {
        assertThatThrownBy(() -> lease.segment().asByteBuffer()).isInstanceOf(IllegalStateException.class);
      }
    }
    Slice last = range.slice(range.sizeBytes() - 8, 8);
    try (HostLease lease = last.host(Access.WRITE)) {
      lease.segment().asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer().put(0, 5);
    }
    try (HostLease lease = range.host(Access.READ)) {
      MemorySegment part = lease.segment().asSlice(range.sizeBytes() / 2 / page() * page());
      DoubleBuffer doubles = part.asByteBuffer().order(ByteOrder.nativeOrder()).asDoubleBuffer();
      assertThat(doubles.get(doubles.capacity() - 1)).isEqualTo(5);
    }
  }

  @Test
  void openLeasesAreCounted() {
    UnifiedRange range = pages(1);
    long before = memory().statistics().hostLeases();
    try (HostLease first = range.host(Access.READ); HostLease second = range.slice(0, 1).host(Access.READ)) {
      assertThat(first.isOpen() && second.isOpen()).isTrue();
      assertThat(memory().statistics().openLeases()).isEqualTo(2);
    }
    assertThat(memory().statistics().openLeases()).isZero();
    assertThat(memory().statistics().hostLeases()).isEqualTo(before + 2);
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.MemoryStatistics;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Closing ranges and memories: what closing refuses, what it waits for, and what is refused afterwards. */
public abstract class ClosingContract extends MemoryContract {

  @Test
  void aFreedRangeIsOfNoMoreUse() {
    UnifiedRange range = pages(2);
    Slice slice = range.slice(4, 8);
    UnifiedRange other = pages(1);
    write(range, 1);
    readOnDevice(range);
    range.close();
    assertThat(range.isOpen()).isFalse();
    assertThat(range.sizeBytes()).isEqualTo(2 * page());
    for (ThrowingCallable use : List.<ThrowingCallable>of(range::close, range::all, () -> range.slice(0, 4), () -> range.host(Access.READ),
        () -> slice.host(Access.WRITE), () -> slice.host(Access.READ, Duration.ZERO), slice::residency, () -> range.residency(slice),
        () -> memory().host(Access.WRITE, List.of(other.all(), slice)),
        () -> memory().hostShared(Access.READ, List.of(slice), Duration.ZERO),
        () -> device().acquire(slice, Access.READ), () -> fillOnDevice(slice, 1),
        () -> kernel("copy").launch(Grid.of(8), in(slice), out(other.slice(0, 8))),
        () -> kernel("copy").launch(Grid.of(8), slice, other.slice(0, 8)), () -> kernel("copy").launch(Grid.of(8), range, other))) {
      refuses(memory(), use);
    }
    other.all().host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void aRangeWithAnOpenHostLeaseIsNotFreed() {
    UnifiedRange range = pages(1);
    write(range, 1);
    try (HostLease lease = range.slice(8, 4).host(Access.READ_WRITE)) {
      assertThatIllegalStateException().isThrownBy(range::close).withMessageContaining(range.slice(8, 4).toString());
      assertThat(range.isOpen()).isTrue();
      lease.segment().set(INT, 0, 55);
    }
    assertThat(ints(range.slice(0, 16))).containsExactly(1, 2, 55, 4);
    range.close();
  }

  @Test
  void aRangeWithAnOpenDeviceLeaseIsNotFreed() {
    UnifiedRange range = pages(1);
    UnifiedRange other = pages(1);
    write(range, 1);
    DeviceLease lease = device().acquire(range.slice(8, 4), Access.READ);
    assertThatIllegalStateException().isThrownBy(range::close).withMessageContaining(range.slice(8, 4).toString());
    assertThat(lease.handle()).isNotZero();
    other.close();
    lease.close();
    assertThat(ints(range)).isEqualTo(sequence(1, page()));
    range.close();
  }

  @Test
  void aRangeWithALeaseOfAnotherThreadIsNotFreed() {
    UnifiedRange range = pages(1);
    try (OtherThread other = new OtherThread("holder")) {
      HostLease lease = other.call(() -> range.host(Access.READ));
      assertThatIllegalStateException().isThrownBy(range::close);
      other.run(lease::close);
    }
    range.close();
  }

  @Test
  void aMemoryWithOpenLeasesIsNotClosedAndNamesThem() {
    try (UnifiedMemory memory = builder().open()) {
      UnifiedRange a = memory.allocate(page());
      UnifiedRange b = memory.allocate(page());
      write(a, 1);
      try (HostLease host = a.slice(4, 8).host(Access.READ_WRITE);
          DeviceLease device = memory.devices().getFirst().acquire(b.slice(12, 16), Access.READ)) {
        assertThatIllegalStateException().isThrownBy(memory::close).withMessageContaining(a.slice(4, 8).toString())
            .withMessageContaining(b.slice(12, 16).toString());
        assertThat(device.handle()).isNotZero();
        host.segment().set(INT, 0, 77);
        assertThat(memory.statistics().openRanges()).isEqualTo(2);
        memory.allocate(1).close();
      }
      assertThat(ints(a.slice(0, 12))).containsExactly(1, 77, 3);
      fillOn(memory.devices().getFirst(), b.all(), 1);
      assertThat(ints(b)).containsOnly(1);
    }
  }

  @Test
  void aMemoryWithAnOpenSharedLeaseIsNotClosed() {
    try (UnifiedMemory memory = builder().open()) {
      HostLease lease = memory.hostShared(Access.READ, List.of(memory.allocate(1).all()), Duration.ZERO);
      assertThatIllegalStateException().isThrownBy(memory::close).withMessageContaining(lease.slices().getFirst().toString());
      lease.close();
    }
  }

  @Test
  void aClosedMemoryIsOfNoMoreUse() {
    UnifiedMemory memory = builder().open();
    UnifiedRange range = memory.allocate(page());
    Slice slice = range.all();
    Device device = memory.devices().getFirst();
    Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
    HostLease lease = range.host(Access.READ);
    MemorySegment segment = lease.segment();
    lease.close();
    memory.close();
    assertThat(range.isOpen()).isFalse();
    for (ThrowingCallable use : List.<ThrowingCallable>of(memory::close, range::close, range::all, () -> memory.allocate(1),
        () -> memory.host(Access.READ, List.of(slice)), () -> memory.hostShared(Access.READ, List.of(slice), Duration.ZERO),
        () -> memory.slice(segment), () -> segment.get(INT, 0), slice::residency, () -> device.acquire(slice, Access.READ),
        () -> device.kernel(TestKernels.SOURCE, "fill"), () -> fill.launch(Grid.of(1), out(slice), value(1)),
        () -> fill.launch(Grid.of(1), range, 1))) {
      assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).message().isNotBlank();
    }
  }

  @Test
  void closingAMemoryClosesItsRanges() {
    UnifiedMemory memory = builder().open();
    UnifiedRange a = memory.allocate(page());
    UnifiedRange b = memory.allocate(sparse(1L << 40));
    write(b.slice(b.sizeBytes() / 2, 4), 1);
    fillOn(memory.devices().getFirst(), a.all(), 1);
    memory.close();
    assertThat(a.isOpen()).isFalse();
    assertThat(b.isOpen()).isFalse();
  }

  @Test
  void memoriesAreIndependent() {
    try (UnifiedMemory other = builder().open()) {
      UnifiedRange ours = pages(1);
      UnifiedRange theirs = other.allocate(page());
      fillOnDevice(ours, 1);
      fillOn(other.devices().getFirst(), theirs.all(), 2);
      assertThat(ints(ours)).containsOnly(1);
      assertThat(ints(theirs)).containsOnly(2);
      assertThat(other.statistics().launches()).isEqualTo(1);
      assertThat(memory().statistics().openRanges()).isEqualTo(1);
    }
    fillOnDevice(pages(1), 1);
  }

  @Test
  void memoriesAreOpenedAndClosedAgainAndAgain() {
    for (int i = 0; i < 20; i++) {
      try (UnifiedMemory memory = builder().open()) {
        UnifiedRange range = memory.allocate(sparse(1L << 40));
        fillOn(memory.devices().getFirst(), range.slice(page() * i, page()), i);
        assertThat(ints(range.slice(page() * i, 4))).containsExactly(i);
      }
    }
  }

  private static void refuses(UnifiedMemory memory, ThrowingCallable use) {
    MemoryStatistics before = memory.statistics();
    assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).message().isNotBlank();
    assertThat(memory.statistics()).isEqualTo(before);
  }
}

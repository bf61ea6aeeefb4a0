package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Lease;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Leases that are in each other's way: who waits, who is refused, and that nothing is left of a lease that was refused. */
public abstract class LeaseConflictsContract extends MemoryContract {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(30);

  private OtherThread other;

  @BeforeEach
  void startOtherThread() {
    other = new OtherThread("somebody-else");
  }

  @AfterEach
  void endOtherThread() {
    other.close();
  }

  @Test
  void readersShare() {
    UnifiedRange range = pages(1);
    write(range, 3);
    HostLease theirs = other.call(() -> range.host(Access.READ));
    try (HostLease ours = range.all().host(Access.READ, Duration.ZERO);
        DeviceLease device = device().acquire(range.all(), Access.READ, Duration.ZERO)) {
      assertThat(device.isOpen()).isTrue();
      assertThat(ours.segment().get(INT, 0)).isEqualTo(other.call(() -> theirs.segment().get(INT, 0)));
    }
    other.run(theirs::close);
  }

  @Test
  void hostWritersOfDifferentBytesShareAPage() {
    UnifiedRange range = pages(1);
    HostLease theirs = other.call(() -> range.slice(0, 5).host(Access.WRITE));
    try (HostLease ours = range.slice(5, 3).host(Access.READ_WRITE, Duration.ZERO)) {
      ours.segment().fill((byte) 2);
      other.run(() -> theirs.segment().fill((byte) 1));
    }
    other.run(theirs::close);
    assertThat(bytes(range.slice(0, 9))).containsExactly(1, 1, 1, 1, 1, 2, 2, 2, 0);
  }

  @Test
  void deviceLeasesOnDifferentBytesShareAPageOfOneDevice() {
    UnifiedRange range = pages(1);
    try (DeviceLease theirs = other.call(() -> device().acquire(range.slice(0, 512), Access.READ_WRITE));
        DeviceLease ours = device().acquire(range.slice(512, 512), Access.READ_WRITE, Duration.ZERO)) {
      assertThat(theirs.isOpen() && ours.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"READ, WRITE", "READ, READ_WRITE", "WRITE, READ", "WRITE, WRITE", "READ_WRITE, READ", "READ_WRITE, READ_WRITE"})
  void withoutAnyTimeAConflictFailsAtOnceAndTellsWhoIsInTheWay(Access held, Access wanted) {
    UnifiedRange range = pages(2);
    Slice inTheWay = range.slice(page() - 8, 12);
    HostLease theirs = other.call(() -> inTheWay.host(held));
    assertInTheWay(() -> range.slice(page(), 4).host(wanted, Duration.ZERO), inTheWay, "host", other.name(), held.name());
    assertInTheWay(() -> device().acquire(range.slice(page(), 4), wanted, Duration.ZERO), inTheWay, "host", other.name(), held.name());
    assertInTheWay(() -> memory().hostShared(wanted, List.of(range.slice(page() - 8, 1)), Duration.ZERO), inTheWay, "host");
    other.run(theirs::close);
    range.slice(page(), 4).host(wanted, Duration.ZERO).close();
  }

  @ParameterizedTest
  @CsvSource({"READ, WRITE", "WRITE, READ", "READ_WRITE, READ_WRITE"})
  void aDeviceLeaseIsInTheWayOfTheHostOnTheWholePage(Access held, Access wanted) {
    UnifiedRange range = pages(2);
    Slice inTheWay = range.slice(0, 512);
    DeviceLease theirs = other.call(() -> device().acquire(inTheWay, held));
    assertInTheWay(() -> range.slice(page() - 4, 4).host(wanted, Duration.ZERO), inTheWay, device().name(), held.name());
    range.slice(page(), 4).host(wanted, Duration.ZERO).close();
    theirs.close();
    range.slice(page() - 4, 4).host(wanted, Duration.ZERO).close();
  }

  @Test
  void aHostWriterIsInTheWayOfTheDeviceOnTheWholePage() {
    UnifiedRange range = pages(2);
    Slice inTheWay = range.slice(0, 4);
    HostLease theirs = other.call(() -> inTheWay.host(Access.WRITE));
    assertInTheWay(() -> device().acquire(range.slice(page() - 8, 16), Access.READ, Duration.ZERO), inTheWay, "host");
    device().acquire(range.slice(page(), 16), Access.READ, Duration.ZERO).close();
    other.run(theirs::close);
  }

  @Test
  void aWaitIsBounded() {
    UnifiedRange range = pages(1);
    HostLease theirs = other.call(() -> range.host(Access.WRITE));
    assertThatThrownBy(() -> range.all().host(Access.READ, SHORT)).isInstanceOf(LeaseTimeoutException.class)
        .hasMessageContaining(other.name());
    assertThatThrownBy(() -> memory().hostShared(Access.READ, List.of(range.all()), SHORT)).isInstanceOf(LeaseTimeoutException.class);
    assertThatThrownBy(() -> device().acquire(range.all(), Access.READ, SHORT)).isInstanceOf(LeaseTimeoutException.class);
    other.run(theirs::close);
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void theMemorysTimeoutBoundsTheOthers() {
    try (UnifiedMemory hasty = builder().leaseTimeout(SHORT).open()) {
      UnifiedRange range = hasty.allocate(page());
      HostLease theirs = other.call(() -> range.host(Access.WRITE));
      assertThatThrownBy(() -> range.host(Access.READ)).isInstanceOf(LeaseTimeoutException.class);
      assertThatThrownBy(() -> hasty.devices().getFirst().acquire(range.all(), Access.READ)).isInstanceOf(LeaseTimeoutException.class);
      assertThatThrownBy(() -> fillOn(hasty.devices().getFirst(), range.all(), 1)).isInstanceOf(LeaseTimeoutException.class);
      other.run(theirs::close);
      assertThat(ints(range)).containsOnly(0);
    }
  }

  @Test
  void whoWaitsGoesOnWhenTheHolderIsDone() {
    UnifiedRange range = pages(1);
    HostLease ours = range.host(Access.WRITE);
    Future<int[]> theirs = other.start(() -> {
      try (HostLease lease = range.all().host(Access.READ, LONG)) {
        return lease.segment().toArray(INT);
      }
    });
    other.awaitWaiting(theirs);
    assertThat(theirs).isNotDone();
    ours.segment().set(INT, 0, 11);
    ours.close();
    assertThat(OtherThread.result(theirs)).startsWith(11, 0);
  }

  @Test
  void aWriterWaitsForAllReadersOnHostAndDevice() {
    UnifiedRange range = pages(1);
    HostLease host = range.host(Access.READ);
    DeviceLease device = device().acquire(range.all(), Access.READ);
    Future<Boolean> theirs = other.start(() -> {
      try (HostLease lease = range.all().host(Access.WRITE, LONG)) {
        return lease.isOpen() && (host.isOpen() || device.isOpen());
      }
    });
    other.awaitWaiting(theirs);
    host.close();
    assertThat(theirs).failsWithin(SHORT).withThrowableOfType(TimeoutException.class);
    device.close();
    assertThat(OtherThread.result(theirs)).as("a reader was open beside the writer").isFalse();
  }

  @Test
  void aLaunchWaitsForLeasesThatAreInItsWay() {
    UnifiedRange range = pages(1);
    HostLease ours = range.slice(0, 4).host(Access.WRITE);
    Future<?> theirs = other.start(() -> kernel("increment").launch(Grid.of(2), inOut(range.slice(0, 8)), value(1)));
    other.awaitWaiting(theirs);
    ours.segment().set(INT, 0, 41);
    ours.close();
    OtherThread.result(theirs);
    assertThat(ints(range.slice(0, 8))).containsExactly(42, 1);
  }

  @ParameterizedTest
  @CsvSource({"READ, WRITE", "READ, READ_WRITE", "WRITE, READ", "WRITE, WRITE", "READ_WRITE, READ"})
  void aThreadThatWouldWaitForItselfIsToldAtOnce(Access held, Access wanted) {
    UnifiedRange range = pages(2);
    try (HostLease lease = range.slice(page() - 4, 8).host(held)) {
      assertOwnConflict(() -> range.all().host(wanted, LONG), lease);
      assertOwnConflict(() -> memory().hostShared(wanted, List.of(range.all()), LONG), lease);
      assertOwnConflict(() -> device().acquire(range.all(), wanted, LONG), lease);
    }
    try (DeviceLease lease = device().acquire(range.slice(0, 8), held)) {
      assertOwnConflict(() -> range.slice(page() - 4, 4).host(wanted, LONG), lease);
      assertOwnConflict(() -> device().acquire(range.slice(0, 8), wanted, LONG), lease);
    }
    range.host(wanted).close();
  }

  @Test
  void aLaunchThatWouldWaitForItsOwnThreadIsRefusedAtOnce() {
    UnifiedRange range = pages(1);
    UnifiedRange clear = pages(1);
    try (HostLease lease = range.host(Access.WRITE)) {
      assertOwnConflict(() -> kernel("copy").launch(Grid.of(4), in(range.slice(0, 4)), out(clear.slice(0, 4))), lease);
      assertOwnConflict(() -> fillOnDevice(range, 1), lease);
    }
    try (HostLease lease = range.host(Access.READ)) {
      assertOwnConflict(() -> fillOnDevice(range, 1), lease);
      kernel("copy").launch(Grid.of(4), in(range.slice(0, 4)), out(clear.slice(0, 4))).await();
    }
    fillOnDevice(range, 1);
    assertThat(ints(range)).containsOnly(1);
  }

  @Test
  void aThreadMayHoldLeasesThatDontConflict() {
    UnifiedRange range = pages(2);
    try (HostLease outer = range.slice(0, 8).host(Access.WRITE); HostLease inner = range.slice(8, 8).host(Access.WRITE, Duration.ZERO);
        HostLease reader = range.slice(page(), 8).host(Access.READ, Duration.ZERO);
        HostLease again = range.slice(page() + 4, 8).host(Access.READ, Duration.ZERO)) {
      assertThat(List.of(outer, inner, reader, again)).allMatch(Lease::isOpen);
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() {
    UnifiedRange range = pages(1);
    HostLease ours = range.host(Access.READ);
    Future<Boolean> theirs = other.start(() -> {
      assertThatThrownBy(() -> range.all().host(Access.WRITE, LONG)).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    other.awaitWaiting(theirs);
    other.interrupt();
    assertThat(OtherThread.result(theirs)).isTrue();
    ours.close();
    assertThat(memory().statistics().openLeases()).isZero();
    range.all().host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void whoComesInterruptedDoesNotWaitAtAll() {
    UnifiedRange range = pages(1);
    HostLease theirs = other.call(() -> range.host(Access.READ));
    assertThat(kernel("fill").name()).isEqualTo("fill");
    for (ThrowingCallable wait : List.<ThrowingCallable>of(() -> range.all().host(Access.WRITE, LONG),
        () -> device().acquire(range.all(), Access.WRITE, LONG), () -> fillOnDevice(range, 1))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(wait).isInstanceOf(WaitInterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
    other.run(theirs::close);
    assertThat(ints(range)).containsOnly(0);
  }

  @Test
  void allSlicesAreLeasedOrNone() {
    UnifiedRange free = pages(1);
    UnifiedRange taken = pages(1);
    HostLease theirs = other.call(() -> taken.host(Access.READ));
    List<Slice> both = List.of(free.all(), taken.all());
    assertThatThrownBy(() -> memory().host(Access.WRITE, both, Duration.ZERO)).isInstanceOf(LeaseConflictException.class);
    assertThatThrownBy(() -> memory().host(Access.WRITE, both, SHORT)).isInstanceOf(LeaseTimeoutException.class);
    assertThatThrownBy(() -> memory().hostShared(Access.WRITE, both, SHORT)).isInstanceOf(LeaseTimeoutException.class);
    assertThat(memory().statistics().openLeases()).isEqualTo(1);
    free.all().host(Access.WRITE, Duration.ZERO).close();
    other.run(() -> free.all().host(Access.WRITE, Duration.ZERO).close());
    other.run(theirs::close);
    memory().host(Access.WRITE, both, Duration.ZERO).close();
  }

  private static void assertInTheWay(ThrowingCallable wait, Slice slice, String... described) {
    assertThatThrownBy(wait).isInstanceOfSatisfying(LeaseConflictException.class, e -> {
      assertThat(e.holders()).hasSize(1);
      assertThat(e.holders().getFirst()).contains(slice.toString()).contains(described);
      assertThat(e).hasMessageContaining(e.holders().getFirst());
    });
  }

  private static void assertOwnConflict(ThrowingCallable wait, Lease lease) {
    assertThatThrownBy(wait).isInstanceOf(LeaseConflictException.class).isNotInstanceOf(LeaseTimeoutException.class)
        .hasMessageContaining(lease.slices().getFirst().toString());
    assertThat(lease.isOpen()).isTrue();
  }
}

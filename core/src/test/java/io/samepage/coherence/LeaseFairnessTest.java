package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.LeaseTimeoutException;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Who waits for whom, with real threads: first come, first served, but nobody waits for one who waits for him. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class LeaseFairnessTest {
  private static final Duration SHORT = Duration.ofMillis(30);

  private FaultyMemory world;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    world = new FaultyMemory(64);
    range = world.pages(4);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aWriterIsNotStarvedByReadersThatOverlapEachOther() {
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    List<Beside<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(Beside.run(() -> {
        while (!done.get()) {
          try (HostLease lease = range.host(Access.READ)) {
            int first = lease.segment().get(FaultyMemory.INT, 0);
            assertThat(lease.segment().get(FaultyMemory.INT, range.sizeBytes() - 4)).isEqualTo(first);
            reads.incrementAndGet();
          }
        }
      }));
    }
    for (int value = 1; value <= 100; value++) {
      fill(range.all(), value);
    }
    done.set(true);
    readers.forEach(Beside::get);
    assertThat(ints(range.all())).containsOnly(100);
  }

  @Test
  void aReaderThatComesBehindAWaitingWriterWaitsForIt() {
    HostLease first = range.host(Access.READ);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    Beside<int[]> reader = Beside.start(() -> ints(range.slice(0, 8)));
    reader.awaitWaiting();
    assertThat(writer.isDone()).isFalse();
    first.close();
    assertThat(reader.get()).containsOnly(7);
    writer.get();
  }

  @Test
  void whoIsNotInTheWayOfAWaiterNeedNotWait() {
    HostLease first = range.slice(0, 8).host(Access.READ);
    Beside<Void> writer = Beside.run(() -> fill(range.slice(0, 8), 7));
    writer.awaitWaiting();
    Beside.run(() -> fill(range.slice(8, 8), 3)).get();
    assertThat(writer.isDone()).isFalse();
    first.close();
    writer.get();
    assertThat(ints(range.slice(0, 20))).containsExactly(7, 7, 3, 3, 0);
  }

  @Test
  void aReaderThatGivesUpBehindAWaiterIsToldOfIt() {
    HostLease first = range.host(Access.READ);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    Beside<HostLease> reader = Beside.start(() -> range.all().host(Access.READ, SHORT));
    assertThatThrownBy(reader::get).isInstanceOfSatisfying(LeaseTimeoutException.class, e -> assertThat(e.holders()).singleElement()
        .asString().contains("waiting", range.all().toString(), "WRITE", writer.thread().getName()));
    first.close();
    writer.get();
  }

  @Test
  void waitersAreServedInTheOrderTheyCame() {
    List<Integer> served = Collections.synchronizedList(new ArrayList<>());
    HostLease first = range.host(Access.WRITE);
    List<Beside<Void>> waiters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int number = i;
      Beside<Void> waiter = Beside.run(() -> {
        try (HostLease lease = range.host(Access.READ_WRITE)) {
          served.add(number);
        }
      });
      waiter.awaitWaiting();
      waiters.add(waiter);
    }
    first.close();
    waiters.forEach(Beside::get);
    assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void whoGaveUpIsNotWaitedFor() {
    HostLease first = range.host(Access.READ);
    Beside<HostLease> impatient = Beside.start(() -> range.all().host(Access.WRITE, SHORT));
    assertThatThrownBy(impatient::get).isInstanceOf(LeaseTimeoutException.class);
    Beside.start(() -> ints(range.all())).get();
    first.close();
  }

  @Test
  void whoGivesUpLetsThoseBehindGoOn() {
    HostLease first = range.host(Access.READ);
    Beside<HostLease> writer = Beside.start(() -> range.all().host(Access.WRITE, Duration.ofMinutes(5)));
    writer.awaitWaiting();
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    reader.awaitWaiting();
    writer.thread().interrupt();
    assertThatThrownBy(writer::get).isInstanceOf(io.samepage.WaitInterruptedException.class);
    assertThat(reader.get()).containsOnly(0);
    first.close();
  }

  @Test
  void whoHasALeaseOvertakesThoseThatMayWaitForIt() {
    HostLease first = range.host(Access.READ);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    try (HostLease second = range.host(Access.READ); DeviceLease third = world.device(0).acquire(range.all(), Access.READ)) {
      assertThat(second.isOpen() && third.isOpen()).isTrue();
    }
    first.close();
    writer.get();
  }

  @Test
  void whoHasASharedLeaseOvertakesThoseThatMayWaitForIt() {
    HostLease first = world.memory().hostShared(Access.READ, List.of(range.all()), Duration.ofMinutes(1));
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    range.all().host(Access.READ, Duration.ofMinutes(1)).close();
    Beside.run(first::close).get();
    writer.get();
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    assertThat(reader.get()).containsOnly(7);
  }

  @Test
  void whoHasADeviceLeaseThatSomebodyElseClosesWaitsItsTurnAgain() {
    DeviceLease ours = world.device(0).acquire(range.all(), Access.READ);
    Beside.run(ours::close).get();
    HostLease theirs = Beside.start(() -> world.memory().hostShared(Access.READ, List.of(range.all()), SHORT)).get();
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 7));
    writer.awaitWaiting();
    assertThatThrownBy(() -> range.all().host(Access.READ, SHORT)).isInstanceOf(LeaseTimeoutException.class);
    theirs.close();
    writer.get();
  }

  @Test
  void aWaiterForSeveralRangesTakesNoneOfThemBefore() {
    UnifiedRange other = world.pages(1);
    HostLease first = range.host(Access.READ);
    List<Slice> both = List.of(other.all(), range.all());
    Beside<Void> writer = Beside.run(() -> world.memory().host(Access.WRITE, both).close());
    writer.awaitWaiting();
    assertThat(world.openLeases()).isEqualTo(1);
    other.all().host(Access.WRITE, Duration.ZERO).close();
    first.close();
    writer.get();
  }

  @Test
  void opposedOrdersOfTheSameRangesDoNotDeadlock() {
    UnifiedRange other = world.pages(1);
    List<Beside<Void>> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      List<Slice> slices = i % 2 == 0 ? List.of(range.slice(0, 8), other.slice(0, 8)) : List.of(other.slice(4, 8), range.slice(4, 8));
      threads.add(Beside.run(() -> {
        for (int round = 0; round < 200; round++) {
          try (HostLease lease = world.memory().host(Access.READ_WRITE, slices)) {
            lease.segments().forEach(segment -> segment.set(FaultyMemory.INT, 4, segment.get(FaultyMemory.INT, 4) + 1));
          }
        }
      }));
    }
    threads.forEach(Beside::get);
    assertThat(ints(range.slice(0, 12))[1] + ints(range.slice(0, 12))[2]).isEqualTo(800);
  }

  @Test
  void aWriterWaitsForAnEarlierLaunchAndALaterLaunchForTheWriter() {
    CountDownLatch gate = world.gate();
    Fence running = world.launchGated(0, range.all(), gate);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 10));
    writer.awaitWaiting();
    Beside<Fence> later = Beside.start(() -> world.launchIncrement(0, pages(range, 0, 1), 5));
    later.awaitWaiting();
    gate.countDown();
    writer.get();
    later.get().await();
    running.await();
    assertThat(ints(pages(range, 0, 2))).containsSubsequence(15, 10);
  }
}

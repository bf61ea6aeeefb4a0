package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Argument;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.LeaseTimeoutException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows: whose make room for whom, and what is said where there is none. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class PlacementTest {
  private static final int REFUSALS = 3_000;

  @Test
  void aLaunchThatDoesNotFitBesideItsOwnWindowsIsRefusedAtOnce() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange a = world.pages(3);
      UnifiedRange b = world.pages(3);
      UnifiedRange c = world.pages(3);
      world.launchFill(0, a.all(), 1).await();
      assertThatThrownBy(() -> world.device(0).kernel(TestKernels.SOURCE, "add")
          .launch(Grid.of(3 * PAGE / 4), Argument.in(a), Argument.in(b), Argument.out(c)))
          .isInstanceOf(OutOfDeviceMemoryException.class);
      assertThat(ints(a.all())).containsOnly(1);
      assertThat(world.openLeases()).isZero();
    }
  }

  @Test
  void aWindowThatIsLargerThanNeededMakesRoomForItsOwnLaunch() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(6);
      UnifiedRange other = world.pages(4);
      fill(large.all(), 3);
      world.launchIncrement(0, large.all(), 1).await();
      assertThat(world.device(0).usedBytes()).isEqualTo(6L * PAGE);
      world.launchCopy(0, pages(large, 1, 4), other.all()).await();
      assertThat(ints(other.all())).containsOnly(4);
      assertThat(ints(large.all())).containsOnly(4);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 50})
  void aWindowThatALeaseKeepsFromGrowingIsAConflictWithThatLease(long timeoutMillis) {
    try (FaultyMemory world = new FaultyMemory(6)) {
      UnifiedRange large = world.pages(8);
      DeviceLease theirs = Beside.start(() -> world.device(0).acquire(pages(large, 0, 1), Access.READ)).get();
      assertThatThrownBy(() -> world.device(0).acquire(pages(large, 0, 2), Access.READ, Duration.ofMillis(timeoutMillis)))
          .isInstanceOfSatisfying(LeaseTimeoutException.class, e ->
              assertThat(e.holders()).singleElement().asString().contains(pages(large, 0, 1).toString(), "beside"));
      assertThat(theirs.isOpen()).isTrue();
      theirs.close();
      world.device(0).acquire(pages(large, 0, 2), Access.READ, Duration.ZERO).close();
    }
  }

  @Test
  void aLargerWindowThatAnotherLeaseUsesMakesNoRoom() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(6);
      UnifiedRange other = world.pages(4);
      DeviceLease theirs = Beside.start(() -> world.device(0).acquire(pages(large, 0, 1), Access.READ)).get();
      assertThat(world.device(0).usedBytes()).isEqualTo(6L * PAGE);
      assertThatThrownBy(() -> world.launchCopy(0, pages(large, 1, 4), other.all()))
          .isInstanceOfSatisfying(OutOfDeviceMemoryException.class, e ->
              assertThat(e.holders()).anyMatch(holder -> holder.contains("device lease") && holder.contains("beside")));
      theirs.close();
      world.launchCopy(0, pages(large, 1, 4), other.all()).await();
    }
  }

  @Test
  void aWindowGrowsOnceTheLeaseOnItIsClosed() {
    try (FaultyMemory world = new FaultyMemory(6)) {
      UnifiedRange large = world.pages(8);
      fill(large.all(), 9);
      DeviceLease ours = world.device(0).acquire(pages(large, 0, 1), Access.READ);
      Beside<Fence> theirs = Beside.start(() -> world.launchIncrement(0, pages(large, 0, 3), 1));
      theirs.awaitWaiting();
      ours.close();
      theirs.get().await();
      assertThat(ints(pages(large, 0, 4))).containsSubsequence(10, 9);
    }
  }

  @Test
  void anEvictionUnderWayIsNoConflictForWhoDoesNotWantToWait() {
    try (FaultyMemory world = new FaultyMemory(4)) {
      UnifiedRange evicted = world.pages(4);
      world.launchFill(0, evicted.all(), 1).await();
      CountDownLatch downloads = world.holdFences(0, Call.FENCE);
      Beside<Void> other = Beside.run(() -> world.launchFill(0, world.pages(4).all(), 2).await());
      other.awaitWaiting();
      Beside<Void> writer = Beside.run(() -> evicted.all().host(Access.WRITE, Duration.ZERO).close());
      writer.awaitWaiting();
      downloads.countDown();
      writer.get();
      other.get();
    }
  }

  @Test
  void whereTheDriverHasLessThanTheBudgetOnlyWhatIsNeededIsAsked() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange resident = world.pages(2);
      UnifiedRange large = world.pages(6);
      world.launchFill(0, resident.all(), 1).await();
      world.node(0).failNth(Call.ALLOCATE, 1);
      world.launchFill(0, pages(large, 0, 1), 2).await();
      assertThat(world.device(0).usedBytes()).isEqualTo(3L * PAGE);
      assertThat(resident.all().residency().pagesOn("embedded:0")).isEqualTo(2);
    }
  }

  @Test
  void whereTheDriverHasLessThanTheBudgetOthersAreEvicted() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange resident = world.pages(2);
      UnifiedRange wanted = world.pages(2);
      world.launchFill(0, resident.all(), 1).await();
      world.node(0).failNth(Call.ALLOCATE, 1);
      world.launchFill(0, wanted.all(), 2).await();
      assertThat(world.device(0).usedBytes()).isEqualTo(2L * PAGE);
      assertThat(ints(resident.all())).containsOnly(1);
      assertThat(ints(wanted.all())).containsOnly(2);
    }
  }

  @Test
  void whereTheDriverHasLessThanTheBudgetWhoIsOnHisWayIsNoReasonToRefuse() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange wanted = world.pages(2);
      besideUpload(world, world.pages(2), () -> {
        long before = world.node(0).calls(Call.ALLOCATE);
        world.node(0).failAll(Call.ALLOCATE);
        Beside<Void> asker = Beside.run(() -> world.device(0).acquire(wanted.all(), Access.READ).close());
        while (world.node(0).calls(Call.ALLOCATE) < before + 10 && !asker.isDone()) {
          Thread.onSpinWait();
        }
        world.node(0).heal();
        return asker;
      }).get();
    }
  }

  @Test
  void aWindowThatGrowsIsNotMadeBesideTheOldOneWhereTheDriverHasLessThanTheBudget() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(9);
      world.launchFill(0, pages(large, 0, 1), 7).await();
      besideUpload(world, world.pages(2), () -> {
        world.node(0).failNth(Call.ALLOCATE, 1);
        Beside<Fence> grown = Beside.start(() -> world.launchIncrement(0, pages(large, 0, 3), 1));
        grown.awaitWaiting();
        return grown;
      }).get().await();
      assertThat(ints(pages(large, 0, 1))).containsOnly(8);
      assertThat(ints(pages(large, 1, 2))).containsOnly(1);
      assertThat(world.device(0).usedBytes()).isEqualTo(5L * PAGE);
    }
  }

  /** Begins something while another thread is on its way to a range, who then comes to its end. */
  private static <T> Beside<T> besideUpload(FaultyMemory world, UnifiedRange theirs, Supplier<Beside<T>> begin) {
    fill(theirs.all(), 1);
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Beside<Void> other = Beside.run(() -> world.device(0).acquire(theirs.all(), Access.READ).close());
    other.awaitWaiting();
    try {
      return begin.get();
    } finally {
      uploads.countDown();
      other.get();
    }
  }

  @Test
  void whereTheDriverHasNoRoomForOldAndNewAWindowGrowsByWayOfTheHost() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(9);
      world.launchFill(0, pages(large, 0, 1), 7).await();
      world.node(0).failNth(Call.ALLOCATE, 1);
      world.launchIncrement(0, pages(large, 0, 3), 1).await();
      assertThat(ints(pages(large, 0, 1))).containsOnly(8);
      assertThat(ints(pages(large, 1, 2))).containsOnly(1);
      assertThat(world.device(0).usedBytes()).isEqualTo(3L * PAGE);
    }
  }

  @Test
  void ofTwoWindowsThatGrowOneMayBeMadeBesideItsOldOneAndTheOtherNot() {
    try (FaultyMemory world = new FaultyMemory(16)) {
      UnifiedRange a = world.pages(17);
      UnifiedRange b = world.pages(17);
      world.launchFill(0, pages(a, 0, 1), 7).await();
      world.launchFill(0, pages(b, 0, 1), 9).await();
      world.node(0).failNth(Call.ALLOCATE, 2);
      world.device(0).kernel(TestKernels.SOURCE, "add")
          .launch(Grid.of(3 * PAGE / 4), Argument.in(pages(a, 0, 3)), Argument.in(pages(b, 0, 3)), Argument.out(pages(b, 4, 3))).await();
      assertThat(ints(pages(b, 4, 1))).containsOnly(16);
      assertThat(ints(pages(b, 5, 2))).containsOnly(0);
      assertThat(ints(pages(a, 0, 1))).containsOnly(7);
      assertThat(world.device(0).usedBytes()).isEqualTo(9L * PAGE);
    }
  }

  @Test
  void whereTheDriverHasNoMoreAndNobodyGivesWayAWindowThatGrowsIsRefusedAtOnce() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(9);
      world.launchFill(0, pages(large, 0, 1), 7).await();
      world.node(0).failAll(Call.ALLOCATE);
      assertThatThrownBy(() -> world.launchIncrement(0, pages(large, 0, 6), 1)).isInstanceOf(OutOfDeviceMemoryException.class)
          .hasMessageContaining("The driver makes no piece that large, or has less left").hasCauseInstanceOf(DeviceException.class);
      world.node(0).heal();
      assertThat(ints(pages(large, 0, 1))).containsOnly(7);
    }
  }

  @Test
  void whatTheDriverDoesNotMakeInOnePieceIsRefusedAndLessIsNot() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange large = world.pages(6);
      fill(large.all(), 3);
      world.node(0).limitWindows(4L * PAGE);
      assertThatThrownBy(() -> world.launchIncrement(0, large.all(), 1))
          .isInstanceOfSatisfying(OutOfDeviceMemoryException.class, e -> {
            assertThat(e.freeBytes()).isEqualTo(8L * PAGE);
            assertThat(e.largestBytes()).isEqualTo(4L * PAGE);
          }).hasMessageContaining("The driver makes no piece that large, or has less left");
      world.launchIncrement(0, pages(large, 0, 3), 1).await();
      assertThat(ints(large.all())).startsWith(4).endsWith(3);
    }
  }

  /** Leases come and go beside it, one or the other of which keeps what is asked for: between the search for room and the message, too. */
  @Test
  void nobodyIsRefusedMemoryThatHasBecomeFree() {
    try (FaultyMemory world = new FaultyMemory(3)) {
      UnifiedRange always = world.pages(1);
      UnifiedRange kept = world.pages(2);
      UnifiedRange wanted = world.pages(2);
      AtomicBoolean isOver = new AtomicBoolean();
      AtomicInteger refusals = new AtomicInteger();
      try (DeviceLease _ = world.device(0).acquire(always.all(), Access.READ)) {
        Beside<Void> keeper = Beside.run(() -> repeat(isOver, () -> tryLease(world, kept, refusals)));
        Beside<Void> asker = Beside.run(() -> repeat(isOver, () -> tryLease(world, wanted, refusals)));
        while (refusals.get() < REFUSALS && !keeper.isDone() && !asker.isDone()) {
          Thread.yield();
        }
        isOver.set(true);
        try {
          keeper.get();
        } finally {
          asker.get();
        }
      }
    }
  }

  private static void repeat(AtomicBoolean isOver, Runnable work) {
    while (!isOver.get()) {
      work.run();
    }
  }

  private static void tryLease(FaultyMemory world, UnifiedRange range, AtomicInteger refusals) {
    try (DeviceLease _ = world.device(0).acquire(range.all(), Access.READ)) {
      Thread.onSpinWait();
    } catch (OutOfDeviceMemoryException e) {
      assertThat(e.freeBytes()).as(e.getMessage()).isLessThan(e.neededBytes());
      refusals.incrementAndGet();
    }
  }

  @Test
  void adviceOnARangeThatIsClosedMeanwhileIsNotAsked() {
    try (FaultyMemory world = new FaultyMemory(4)) {
      CoherentRange advised = (CoherentRange) world.pages(3);
      UnifiedRange wanted = world.pages(3);
      world.launchFill(0, advised.all(), 1).await();
      advised.all().advise(Advice.readMostly());
      Beside<Void> closing;
      Beside<Void> placing;
      advised.lock().lock();
      try {
        closing = Beside.run(advised::close);
        awaitQueued(advised, closing);
        // It has seen the advice, and looks at the pages once the range is closed.
        placing = Beside.run(() -> world.launchFill(0, wanted.all(), 2).await());
        awaitQueued(advised, placing);
      } finally {
        advised.lock().unlock();
      }
      closing.get();
      placing.get();
      assertThat(advised.advice()).isNull();
      assertThat(ints(wanted.all())).containsOnly(2);
    }
  }

  private static void awaitQueued(CoherentRange range, Beside<?> beside) {
    while (!range.lock().hasQueuedThread(beside.thread())) {
      Thread.onSpinWait();
    }
  }
}

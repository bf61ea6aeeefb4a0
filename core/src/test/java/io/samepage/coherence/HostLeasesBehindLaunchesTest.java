package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseTimeoutException;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Host leases on what launches in flight write: what they need is copied right behind the kernel. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class HostLeasesBehindLaunchesTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  private FaultyMemory world;
  private UnifiedRange range;
  private CountDownLatch gate;

  @BeforeEach
  void open() {
    world = new FaultyMemory(16, 16);
    range = world.pages(2);
    fill(range.all(), 1);
    gate = world.gate();
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Returns once so many copies to the host are in the device's queues. */
  private void awaitDownloads(int device, int count) {
    while (world.node(device).calls(Call.DOWNLOAD) < count) {
      Thread.onSpinWait();
    }
  }

  /** Whether its memory is open, by what somebody is told who doesn't want to wait for a kernel. */
  private static boolean isOpen(UnifiedRange busy) {
    try {
      busy.all().host(Access.READ, Duration.ZERO).close();
      throw new AssertionError("A kernel was to be in the way: " + busy);
    } catch (LeaseTimeoutException e) {
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static LeaseTimeoutException timeoutOf(Slice slice, Access access) {
    try {
      slice.host(access, SHORT).close();
      throw new AssertionError("It was to take too long: " + slice);
    } catch (LeaseTimeoutException e) {
      return e;
    }
  }

  @Test
  void theCopyIsInTheQueueWhileTheKernelRuns() {
    Fence fence = world.launchGated(0, range.all(), gate);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 1);
    reader.awaitWaiting();
    assertThat(fence.isDone()).isFalse();
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(world.memory().statistics().bytesToHost()).isEqualTo(range.sizeBytes());
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(2);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void whoWritesGetsWhatTheKernelLeftAndTheNextKernelGetsWhatWasWritten() {
    world.launchGated(0, range.all(), gate);
    Beside<Void> writer = Beside.run(() -> {
      try (HostLease lease = range.slice(0, 4).host(Access.READ_WRITE)) {
        lease.segment().set(FaultyMemory.INT, 0, 10 * lease.segment().get(FaultyMemory.INT, 0));
      }
    });
    awaitDownloads(0, 1);
    gate.countDown();
    writer.get();
    world.launchIncrement(0, range.all(), 1);
    assertThat(ints(range.all())).startsWith(21, 3).hasSize((int) range.sizeBytes() / 4);
    assertThat(ints(pages(range, 1, 1))).containsOnly(3);
  }

  @Test
  void bytesAtEvenDistancesComeBehindTheKernelToo() {
    UnifiedRange column = world.pages(16);
    world.launchFill(0, column.all(), 1);
    world.launchGated(0, column.all(), gate);
    List<Slice> slices = IntStream.range(0, 16).mapToObj(i -> pages(column, i, 1).slice(4, 4)).toList();
    long before = world.memory().statistics().bytesToHost();
    Beside<List<Integer>> reader = Beside.start(() -> {
      try (HostLease lease = world.memory().host(Access.READ, slices)) {
        return lease.segments().stream().map(segment -> segment.get(FaultyMemory.INT, 0)).toList();
      }
    });
    awaitDownloads(0, 1);
    gate.countDown();
    assertThat(reader.get()).hasSize(16).containsOnly(2);
    assertThat(world.memory().statistics().bytesToHost() - before).isEqualTo(16 * 4);
  }

  @Test
  void whoNeedsWhatAKernelWroteWaitsForNoKernelThatReadsItToo() {
    CountDownLatch other = world.gate();
    world.launchGated(0, range.all(), gate);
    Fence reading = world.launchGatedCopy(0, range.all(), world.pages(2).all(), other);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 1);
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(reading.isDone()).isFalse();
    other.countDown();
  }

  @Test
  void aCopyThatWasGivenUpWaitsForNoKernelThatReadsTheSame() {
    CountDownLatch other = world.gate();
    Fence writing = world.launchGated(0, range.all(), gate);
    Fence reading = world.launchGatedCopy(0, range.all(), world.pages(2).all(), other);
    timeoutOf(range.all(), Access.READ);
    gate.countDown();
    writing.await();
    range.all().host(Access.READ, Duration.ZERO).close();
    assertThat(reading.isDone()).isFalse();
    other.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void whereKernelsAreInAllQueuesALeaseWaitsForTheOneThatItNeedsAndCopiesThen() {
    CountDownLatch other = world.gate();
    world.launchGated(0, range.all(), gate);
    List<Fence> others = new ArrayList<>(List.of(world.launchGatedCopy(0, range.all(), world.pages(2).all(), other)));
    for (int i = 1; i < world.node(0).computeQueues().size(); i++) {
      others.add(world.launchGated(0, world.pages(1).all(), other));
    }
    assertThat(timeoutOf(range.all(), Access.READ)).hasMessageContaining("holders=[launch on ");
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    reader.awaitWaiting();
    assertThat(world.node(0).calls(Call.DOWNLOAD)).isZero();
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(others).noneMatch(Fence::isDone);
    other.countDown();
  }

  @Test
  void launchesOfSeveralDevicesAreWaitedForTogether() {
    CountDownLatch other = world.gate();
    world.launchGated(0, pages(range, 0, 1), gate);
    world.launchGated(1, pages(range, 1, 1), other);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 1);
    awaitDownloads(1, 1);
    other.countDown();
    reader.awaitWaiting();
    assertThat(reader.isDone()).isFalse();
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aKernelThatFailsTakesTheLeaseWithItAndPoisonsWhatItWasToWrite() {
    Fence fence = world.launchBroken(0, pages(range, 1, 1), gate);
    Beside<int[]> reader = Beside.start(() -> ints(pages(range, 1, 1)));
    awaitDownloads(0, 1);
    gate.countDown();
    assertThatThrownBy(reader::get).isInstanceOf(PoisonedPageException.class).hasMessageContaining(range.toString());
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
    assertThat(range.all().residency().poisonedPages()).isEqualTo(1);
    assertThat(world.openLeases()).isZero();
    assertThat(ints(pages(range, 0, 1))).containsOnly(1);
    fill(pages(range, 1, 1), 6);
    assertThat(ints(pages(range, 1, 1))).containsOnly(6);
  }

  @Test
  void aKernelThatFailsTakesNothingFromALeaseThatOverwritesWhatItWasToWrite() {
    world.launchBroken(0, range.all(), gate);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 8));
    writer.awaitWaiting();
    gate.countDown();
    writer.get();
    assertThat(ints(range.all())).containsOnly(8);
    assertThat(range.all().residency().poisonedPages()).isZero();
  }

  @Test
  void aCopyThatFailsFailsTheLeaseAndTheNextOneCopiesAnew() {
    world.node(0).failNthLate(Call.DOWNLOAD, 1);
    Fence fence = world.launchGated(0, range.all(), gate);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 1);
    gate.countDown();
    assertThatThrownBy(reader::get).isInstanceOf(DeviceException.class).hasMessageContaining("DOWNLOAD");
    fence.await();
    assertThat(world.openLeases()).isZero();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aCopyThatIsRefusedFailsTheLeaseAndNothingElse() {
    world.node(0).failNth(Call.DOWNLOAD, 1);
    Fence fence = world.launchGated(0, range.all(), gate);
    assertThatThrownBy(() -> ints(range.all())).isInstanceOf(DeviceException.class).hasMessageContaining("DOWNLOAD");
    assertThat(fence.isDone()).isFalse();
    assertThat(world.openLeases()).as("the launch").isEqualTo(1);
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aLeaseThatGivesUpNamesTheLaunchAndLeavesItAlone() {
    Fence fence = world.launchGated(0, range.all(), gate);
    assertThat(timeoutOf(range.all(), Access.READ).holders()).singleElement().asString().contains("launch", range.all().toString());
    assertThat(world.openLeases()).as("the launch").isEqualTo(1);
    assertThat(fence.isDone()).isFalse();
    gate.countDown();
    fence.await();
    assertThat(ints(range.all())).containsOnly(2);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void whoGivesUpAgainAndAgainLeavesOneCopyInTheQueue() {
    world.launchGated(0, range.all(), gate);
    for (int i = 0; i < 5; i++) {
      timeoutOf(range.all(), Access.READ);
      timeoutOf(pages(range, 0, 1), Access.READ_WRITE);
    }
    assertThat(world.node(0).calls(Call.DOWNLOAD)).isEqualTo(1);
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void onceACopyThatWasGivenUpHasEndedLeasesComeBehindKernelsAgain() {
    world.launchGated(0, range.all(), gate);
    timeoutOf(range.all(), Access.READ);
    gate.countDown();
    fill(range.all(), 5);
    CountDownLatch next = world.gate();
    Fence fence = world.launchGated(0, range.all(), next);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 2);
    assertThat(fence.isDone()).isFalse();
    next.countDown();
    assertThat(reader.get()).containsOnly(6);
  }

  @Test
  void noLeaseWritesWhatACopyThatWasGivenUpStillWritesTo() {
    Fence fence = world.launchGated(0, range.all(), gate);
    world.node(0).delay(() -> TimeUnit.MILLISECONDS.toNanos(30));
    timeoutOf(range.all(), Access.READ);
    world.node(0).delay(() -> 0);
    gate.countDown();
    fence.await();
    try (HostLease lease = range.all().host(Access.WRITE)) {
      assertThat(world.memory().statistics().bytesToHost()).as("copied before anybody writes").isEqualTo(range.sizeBytes());
      lease.segment().fill((byte) 0);
    }
    assertThat(ints(range.all())).containsOnly(0);
  }

  @Test
  void nobodyElseCopiesToWhereACopyThatWasGivenUpStillCopies() {
    leaveACopyBehindAKernelOfAnotherPage();
    assertThat(timeoutOf(pages(range, 0, 1), Access.READ).holders()).singleElement().asString().contains("copy on");
    assertThat(world.node(0).calls(Call.DOWNLOAD)).isEqualTo(1);
    gate.countDown();
    assertThat(ints(pages(range, 0, 1))).containsOnly(2);
  }

  @Test
  void whoDoesNotWantToWaitIsToldOfACopyThatIsStillBehindAKernel() {
    leaveACopyBehindAKernelOfAnotherPage();
    for (Access access : Access.values()) {
      assertThatThrownBy(() -> pages(range, 0, 1).host(access, Duration.ZERO).close()).isInstanceOf(LeaseTimeoutException.class);
    }
  }

  /** The kernel of page 0 has ended, that of page 1 waits for the gate; a copy of both was given up. */
  private void leaveACopyBehindAKernelOfAnotherPage() {
    CountDownLatch first = world.gate();
    Fence fence = world.launchGated(0, pages(range, 0, 1), first);
    world.launchGated(0, pages(range, 1, 1), gate);
    timeoutOf(range.all(), Access.READ);
    first.countDown();
    fence.await();
  }

  @Test
  void aLaterKernelWritesBehindACopyThatWasGivenUp() {
    world.launchGated(0, range.all(), gate);
    timeoutOf(range.all(), Access.READ);
    Fence later = world.launchIncrement(0, range.all(), 5);
    gate.countDown();
    later.await();
    assertThat(ints(range.all())).containsOnly(7);
  }

  @Test
  void anInterruptEndsTheWaitAndNothingElse() {
    Fence fence = world.launchGated(0, range.all(), gate);
    Beside<Boolean> reader = Beside.start(() -> {
      assertThatThrownBy(() -> ints(range.all())).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    awaitDownloads(0, 1);
    reader.thread().interrupt();
    assertThat(reader.get()).isTrue();
    assertThat(fence.isDone()).isFalse();
    assertThat(world.openLeases()).as("the launch").isEqualTo(1);
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aLeaseThatNeedsMoreThanTheKernelWritesKeepsNobodyOff() {
    world.launchGated(0, pages(range, 0, 1), gate);
    Beside<Void> writer = Beside.run(() -> range.slice(0, FaultyMemory.PAGE + FaultyMemory.PAGE / 2).host(Access.READ_WRITE).close());
    writer.awaitWaiting();
    range.slice(FaultyMemory.PAGE + FaultyMemory.PAGE / 2, 4).host(Access.READ, Duration.ZERO).close();
    assertThat(world.node(0).calls(Call.DOWNLOAD)).isZero();
    gate.countDown();
    writer.get();
    assertThat(ints(range.all())).startsWith(2).endsWith(1);
  }

  @Test
  void whoDoesNotWantToWaitIsToldOfALeaseThatComesBehindAKernel() {
    world.launchGated(0, range.all(), gate);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    awaitDownloads(0, 1);
    assertThatThrownBy(() -> range.all().host(Access.READ, Duration.ZERO).close()).isInstanceOf(LeaseTimeoutException.class);
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
  }

  @Test
  void whoDoesNotWantToWaitWaitsForACopyThatWasGivenUp() {
    Fence fence = world.launchGated(0, range.all(), gate);
    world.node(0).delay(() -> TimeUnit.MILLISECONDS.toNanos(300));
    timeoutOf(range.all(), Access.READ);
    world.node(0).delay(() -> 0);
    gate.countDown();
    fence.await();
    range.all().host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void whoWritesOtherBytesOfAPageIsNotOverwrittenByALeaseThatIsPreparedAnew() {
    CountDownLatch other = world.gate();
    world.launchBroken(0, pages(range, 0, 1), gate);
    Fence overwriting = world.launchFill(0, pages(range, 0, 1), 5);
    world.launchGated(1, pages(range, 1, 1), other);
    Beside<Integer> reader = Beside.start(() -> {
      try (HostLease lease = world.memory().host(Access.READ, List.of(range.slice(0, 4), pages(range, 1, 1)))) {
        return lease.segments().getFirst().get(FaultyMemory.INT, 0);
      }
    });
    awaitDownloads(0, 1);
    awaitDownloads(1, 1);
    gate.countDown();
    overwriting.await();
    Slice beside = range.slice(FaultyMemory.PAGE / 2, 4);
    Beside<Void> writer = Beside.run(() -> {
      try (HostLease lease = beside.host(Access.WRITE)) {
        lease.segment().set(FaultyMemory.INT, 0, 99);
      }
    });
    writer.awaitWaiting();
    other.countDown();
    assertThat(reader.get()).isEqualTo(5);
    writer.get();
    assertThat(ints(beside)).containsExactly(99);
  }

  @Test
  void aLaunchThatEvictsWhatALeaseWaitsForSleepsUntilTheKernelIsOver() {
    try (FaultyMemory small = new FaultyMemory(2)) {
      UnifiedRange written = small.pages(2);
      UnifiedRange needed = small.pages(2);
      fill(written.all(), 1);
      CountDownLatch latch = small.gate();
      small.launchGated(0, written.all(), latch);
      Beside<int[]> reader = Beside.start(() -> ints(written.all()));
      small.awaitDownload(0);
      Beside<Fence> launcher = Beside.start(() -> small.launchFill(0, needed.all(), 3));
      // It would look again and again otherwise, for as long as the kernel runs.
      while (Stream.of(launcher.thread().getStackTrace()).noneMatch(frame -> frame.getMethodName().equals("retire"))) {
        assertThat(launcher.isDone()).isFalse();
      }
      latch.countDown();
      launcher.get().await();
      assertThat(reader.get()).containsOnly(2);
    }
  }

  @Test
  void closingTheMemoryWaitsForTheKernelAndEndsTheWaitOfALease() {
    try (FaultyMemory other = new FaultyMemory(4)) {
      UnifiedRange its = other.pages(1);
      CountDownLatch latch = other.gate();
      other.launchGated(0, its.all(), latch);
      Beside<int[]> reader = Beside.start(() -> ints(its.all()));
      other.awaitDownload(0);
      Beside<Void> closing = Beside.run(() -> other.memory().close());
      while (isOpen(its)) {
        Thread.onSpinWait();
      }
      latch.countDown();
      closing.get();
      assertThatThrownBy(reader::get).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
      other.forget();
    }
  }

  @Test
  void closingARangeWaitsForACopyThatWasGivenUp() {
    world.launchGated(0, range.all(), gate);
    timeoutOf(range.all(), Access.READ);
    Beside<Void> closing = Beside.run(range::close);
    closing.awaitWaiting();
    assertThat(range.isOpen()).isTrue();
    gate.countDown();
    closing.get();
    assertThat(world.memory().statistics().bytesToHost()).isEqualTo((long) 2 * FaultyMemory.PAGE);
    assertThat(world.device(0).usedBytes()).isZero();
  }
}

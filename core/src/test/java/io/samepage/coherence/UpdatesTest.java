package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseTimeoutException;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What is brought to nodes that are said to access pages, and what is left out, while devices are held or fail. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class UpdatesTest {
  private final FaultyMemory world = new FaultyMemory(16, 16);

  @AfterEach
  void close() {
    world.close();
  }

  private Slice accessedByHost() {
    Slice slice = world.pages(1).all();
    slice.advise(Advice.accessedByHost());
    return slice;
  }

  private static int copiesOnHost(Slice slice) {
    return slice.residency().pagesOn(Residency.HOST);
  }

  private void awaitOnHost(Slice slice) {
    while (copiesOnHost(slice) < slice.residency().pageCount() || world.openLeases() > 0) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }
  }

  /** Updates are made in turn: those that were to be made before are over. */
  private void awaitUpdates() {
    Slice last = accessedByHost();
    world.launchFill(0, last, 1).await();
    awaitOnHost(last);
  }

  @Test
  void nothingIsBroughtBeforeTheKernelIsDone() {
    Slice held = accessedByHost();
    CountDownLatch ends = world.gate();
    world.launchGated(0, held, ends);
    Slice other = accessedByHost();
    world.launchFill(1, other, 3).await();
    awaitUpdatesOf(other);
    assertThat(copiesOnHost(held)).isZero();
    ends.countDown();
    awaitOnHost(held);
    assertThat(ints(held)).containsOnly(1);
  }

  private static void awaitUpdatesOf(Slice slice) {
    while (copiesOnHost(slice) < slice.residency().pageCount()) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }
  }

  @Test
  void nothingIsBroughtOfALaunchThatFailed() {
    Slice slice = accessedByHost();
    Fence broken = world.launchBroken(0, slice);
    assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
    awaitUpdates();
    assertThat(copiesOnHost(slice)).isZero();
    assertThatThrownBy(() -> ints(slice)).isInstanceOf(PoisonedPageException.class);
    fill(slice, 7);
    assertThat(ints(slice)).containsOnly(7);
  }

  @Test
  void nothingIsBroughtWhereTheNextLaunchHasBegunToWriteAnew() {
    Slice slice = accessedByHost();
    CountDownLatch ends = world.gate();
    Fence first = world.launchFill(0, slice, 1);
    world.launchGated(0, slice, ends);
    first.await();
    Slice other = accessedByHost();
    world.launchFill(1, other, 3).await();
    awaitUpdatesOf(other);
    assertThat(copiesOnHost(slice)).isZero();
    ends.countDown();
    awaitOnHost(slice);
    assertThat(ints(slice)).containsOnly(2);
  }

  @Test
  void aCopyThatFailsIsLeftOutAndNothingIsLost() {
    Slice slice = accessedByHost();
    world.node(0).failNth(Call.DOWNLOAD, 1);
    world.launchFill(0, slice, 5).await();
    awaitUpdates();
    assertThat(copiesOnHost(slice)).isZero();
    assertThat(ints(slice)).containsOnly(5);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void anUploadThatIsUnderWayIsNoConflictForWhoDoesNotWaitForLeases() throws Exception {
    UnifiedRange range = world.pages(1);
    world.launchFill(0, range.all(), 1).await();
    range.advise(Advice.accessedBy(world.device(0)));
    CountDownLatch ends = world.holdFences(0, Call.FENCE);
    fill(range.all(), 2);
    while (world.openLeases() == 0) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }
    Beside<Integer> writing = Beside.start(() -> {
      try (HostLease lease = range.all().host(Access.READ_WRITE, Duration.ZERO)) {
        return lease.segment().getAtIndex(FaultyMemory.INT, 0);
      }
    });
    writing.awaitWaiting();
    ends.countDown();
    assertThat(writing.get()).isEqualTo(2);
  }

  @Test
  void aLaunchThatIsUnderWayIsAConflictForWhoDoesNotWaitForLeases() {
    UnifiedRange range = world.pages(1);
    range.advise(Advice.accessedByHost());
    CountDownLatch ends = world.gate();
    world.launchGated(0, range.all(), ends);
    assertThatThrownBy(() -> range.all().host(Access.READ_WRITE, Duration.ZERO)).isInstanceOf(LeaseTimeoutException.class);
    ends.countDown();
    awaitOnHost(range.all());
  }

  @Test
  void theThreadEndsWithTheMemoryAlsoWhereUpdatesAreLeft() throws Exception {
    Slice slice = accessedByHost();
    CountDownLatch ends = world.gate();
    world.launchGated(0, slice, ends);
    Thread thread = thread();
    assertThat(thread.isDaemon()).isTrue();
    Beside<Void> closing = Beside.run(() -> world.memory().close());
    world.forget();
    closing.awaitWaiting();
    ends.countDown();
    closing.get();
    thread.join();
  }

  private static Thread thread() {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("samepage-updates")).findFirst()
        .orElseThrow();
  }
}

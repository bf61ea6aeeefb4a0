package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseTimeoutException;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Device leases that are closed when a fence of the program's passes. */
public abstract class LeftLeasesContract extends MemoryContract {
  private static final KernelFailedException FAILURE = new KernelFailedException("the program's own kernel failed", null);

  @Test
  void theLeaseIsOpenUntilTheFencePasses() {
    UnifiedRange range = pages(2);
    write(range, 1);
    DeviceLease lease = device().acquire(range.all(), Access.READ_WRITE);
    long handle = lease.handle();
    HandFence fence = new HandFence(20);
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    fence.awaitLooks();
    assertThat(lease.isOpen()).isTrue();
    assertThat(lease.handle()).isEqualTo(handle);
    assertThat(closed).isNotDone();
    assertThatThrownBy(() -> range.all().host(Access.READ, Duration.ZERO)).isInstanceOf(LeaseTimeoutException.class)
        .hasMessageContaining("to be closed when a fence has passed");
    fence.pass();
    closed.join();
    assertThat(lease.isOpen()).isFalse();
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(copies() ? 0 : 2);
    assertThat(ints(range)).isEqualTo(sequence(1, 2 * page()));
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void theThreadThatOpenedItWaitsForItLikeAnyOther(Access access) {
    UnifiedRange range = pages(1);
    write(range, 1);
    // The second of two reads of the same takes the short way.
    device().acquire(range.all(), Access.READ).close();
    device().acquire(range.all(), Access.READ).close();
    DeviceLease lease = device().acquire(range.all(), access);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    try (OtherThread other = new OtherThread("passer")) {
      Thread waiting = Thread.currentThread();
      Future<Boolean> passed = other.start(() -> {
        while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        boolean wasOpen = lease.isOpen();
        fence.pass();
        return wasOpen;
      });
      try (HostLease host = range.all().host(Access.READ_WRITE)) {
        assertThat(lease.isOpen()).isFalse();
        assertThat(host.segment().getAtIndex(INT, 0)).isEqualTo(1);
      }
      assertThat(OtherThread.<Boolean>result(passed)).isTrue();
    }
    closed.join();
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aFenceThatHasPassedClosesAtOnce() {
    UnifiedRange range = pages(1);
    DeviceLease lease = device().acquire(range.all(), Access.WRITE);
    HandFence fence = new HandFence();
    fence.pass();
    assertThat(lease.closeWhen(fence)).isCompleted();
    assertThat(lease.isOpen()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(value = Access.class, names = {"WRITE", "READ_WRITE"})
  void whatWasToBeWrittenIsLostWhereTheWorkFailed(Access access) {
    UnifiedRange range = pages(5);
    write(range, 1);
    Slice middle = range.slice(2 * page() - 4, page() + 8);
    DeviceLease lease = device().acquire(middle, access);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    fence.fail(FAILURE);
    assertThatThrownBy(closed::join).hasCause(FAILURE);
    assertThat(lease.isOpen()).isFalse();
    assertThat(range.all().residency().poisonedPages()).isEqualTo(3);
    assertThatThrownBy(() -> range.slice(page(), 4).host(Access.READ)).isInstanceOf(PoisonedPageException.class);
    assertThatThrownBy(() -> device().acquire(middle, Access.READ)).isInstanceOf(PoisonedPageException.class);
    assertThat(ints(range.slice(0, page()))).isEqualTo(sequence(1, page()));
    assertThat(ints(range.slice(4 * page(), page()))).isEqualTo(sequence(1 + (int) page(), page()));
    fillOnDevice(range.slice(page(), 3 * page()), 9);
    assertThat(ints(range.slice(page(), 3 * page()))).containsOnly(9);
  }

  @Test
  void aReadThatFailedLosesNothing() {
    UnifiedRange range = pages(1);
    write(range, 1);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = device().acquire(range.all(), Access.READ).closeWhen(fence);
    fence.fail(FAILURE);
    assertThatThrownBy(closed::join).hasCause(FAILURE);
    assertThat(ints(range)).isEqualTo(sequence(1, page()));
  }

  @Test
  void aFenceThatThrowsInsteadOfAnsweringHasFailedAndOthersGoOn() {
    UnifiedRange range = pages(2);
    HandFence good = new HandFence();
    CompletableFuture<Void> goodEnd = device().acquire(range.slice(0, page()), Access.WRITE).closeWhen(good);
    good.awaitLooks();
    HandFence bad = new HandFence() {
      @Override
      public boolean isDone() {
        throw FAILURE;
      }
    };
    CompletableFuture<Void> badEnd = device().acquire(range.slice(page(), page()), Access.WRITE).closeWhen(bad);
    assertThatThrownBy(badEnd::join).hasCause(FAILURE);
    good.pass();
    goodEnd.join();
    assertThat(range.all().residency().poisonedPages()).isEqualTo(1);
  }

  @Test
  void nobodyElseClosesItNorWhatItUses() {
    UnifiedRange range = pages(1);
    DeviceLease lease = device().acquire(range.all(), Access.WRITE);
    assertThatThrownBy(() -> lease.closeWhen(null)).isInstanceOf(NullPointerException.class);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class).hasMessageContaining(lease.toString());
    assertThatThrownBy(() -> lease.closeWhen(fence)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(range::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("Leases are open");
    assertThatThrownBy(memory()::close).isInstanceOf(IllegalStateException.class).hasMessageContaining("Leases are open");
    fence.pass();
    closed.join();
    assertThatThrownBy(() -> lease.closeWhen(fence)).isInstanceOf(IllegalStateException.class);
    range.close();
  }

  @Test
  void whoeverClosesThemHoldersExcludeEachOther() {
    UnifiedRange range = pages(3);
    write(range, 0);
    AtomicInteger inside = new AtomicInteger();
    int rounds = 60;
    Crew.run(4, Duration.ofMinutes(2), thread -> {
      for (int round = 0; round < rounds; round++) {
        Slice slice = range.slice(4L * thread, page() + 16);
        if (thread % 2 == 0) {
          DeviceLease lease = device().acquire(slice, Access.READ_WRITE);
          assertThat(inside.incrementAndGet()).isEqualTo(1);
          HandFence fence = new HandFence();
          lease.closeWhen(fence);
          fence.awaitLooks();
          inside.decrementAndGet();
          fence.pass();
        } else {
          try (HostLease lease = slice.host(Access.READ_WRITE)) {
            assertThat(inside.incrementAndGet()).isEqualTo(1);
            lease.segment().setAtIndex(INT, 4, lease.segment().getAtIndex(INT, 4) + 1);
            inside.decrementAndGet();
          }
        }
      }
    }, () -> "inside=" + inside + ", leases=" + memory().statistics().openLeases());
    assertThat(ints(range.slice(20, 4))).containsExactly(5 + rounds);
    assertThat(ints(range.slice(28, 4))).containsExactly(7 + rounds);
  }

  @Test
  void aLaunchWaitsForTheFence() {
    UnifiedRange range = pages(1);
    DeviceLease lease = device().acquire(range.all(), Access.WRITE);
    HandFence fence = new HandFence();
    CompletableFuture<Void> closed = lease.closeWhen(fence);
    try (OtherThread other = new OtherThread("launcher")) {
      Future<Integer> launched = other.start(() -> {
        fillOnDevice(range, 7);
        return 0;
      });
      other.awaitWaiting(launched);
      assertThat(memory().statistics().launches()).isZero();
      fence.pass();
      OtherThread.result(launched);
    }
    closed.join();
    assertThat(ints(range)).containsOnly(7);
  }
}

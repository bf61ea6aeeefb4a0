package io.samepage.coherence.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.Slice;
import io.samepage.WaitInterruptedException;
import io.samepage.coherence.Beside;
import io.samepage.coherence.FaultyMemory;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Who completes futures, and when: devices are held until a test lets them go on. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FenceFuturesTest {
  private final FaultyMemory world = new FaultyMemory(16, 16);

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void futuresAreCompletedByOneDaemonThreadThatEndsWithTheMemory() throws Exception {
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    CompletableFuture<Thread> first = world.launchFill(0, page(), 1).toFuture().thenApply(nothing -> Thread.currentThread());
    CompletableFuture<Thread> second = world.launchFill(0, page(), 1).toFuture().thenApply(nothing -> Thread.currentThread());
    assertThat(first).isNotDone();
    ends.countDown();
    Thread thread = first.get();
    assertThat(second.get()).isSameAs(thread);
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("samepage-futures");
    assertThat(thread.isAlive()).isTrue();
    world.memory().close();
    world.forget();
    thread.join();
  }

  @Test
  void aMemoryThatIsClosedWhileFuturesArePendingCompletesThem() throws Exception {
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    CompletableFuture<Thread> future = world.launchFill(0, page(), 1).toFuture().thenApply(nothing -> Thread.currentThread());
    Beside<Void> closing = Beside.run(() -> world.memory().close());
    world.forget();
    closing.awaitWaiting();
    assertThat(future).isNotDone();
    ends.countDown();
    closing.get();
    future.get().join();
  }

  @Test
  void noDeviceKeepsTheFuturesOfAnotherWaiting() throws Exception {
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    CompletableFuture<Void> held = world.launchFill(0, page(), 1).toFuture();
    Fence other = world.launchFill(1, page(), 1);
    other.toFuture().get();
    assertThat(held).isNotDone();
    ends.countDown();
    held.get();
  }

  @Test
  void theFutureThatIsAskedForFirstDoesNotKeepThatOfAnEarlierLaunchWaiting() throws Exception {
    Fence early = world.launchGated(0, page(), new CountDownLatch(0));
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    CompletableFuture<Void> late = world.launchFill(0, page(), 1).toFuture();
    early.toFuture().get();
    assertThat(late).isNotDone();
    ends.countDown();
    late.get();
  }

  @Test
  void theLaunchOfACompletedFutureIsRetired() throws Exception {
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    Slice slice = page();
    CompletableFuture<Void> future = world.launchFill(0, slice, 1).toFuture();
    ends.countDown();
    future.get();
    slice.host(Access.WRITE, Duration.ZERO).close();
  }

  @Test
  void aFenceOfSeveralIsNotDoneUntilTheLastIs() {
    CountDownLatch ends = world.holdFences(1, Call.LAUNCH);
    Fence all = Fence.all(world.launchFill(1, page(), 1), world.launchFill(0, page(), 1));
    CompletableFuture<Void> future = all.toFuture();
    assertThat(all.await(Duration.ofMillis(5))).isFalse();
    assertThat(all.await(Duration.ZERO)).isFalse();
    assertThat(all.isDone()).isFalse();
    Beside<Void> waiter = Beside.run(all::await);
    waiter.awaitWaiting();
    assertThat(future).isNotDone();
    ends.countDown();
    waiter.get();
    assertThat(all.isDone()).isTrue();
    future.join();
  }

  @Test
  void aFailureOfOneOfSeveralIsToldOnlyWhenAllAreOver() {
    CountDownLatch ends = world.holdFences(1, Call.LAUNCH);
    Fence broken = world.launchBroken(0, page());
    Fence all = Fence.all(broken, world.launchFill(1, page(), 1));
    CompletableFuture<Void> future = all.toFuture();
    assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
    assertThat(all.await(Duration.ofMillis(5))).isFalse();
    Beside<Void> waiter = Beside.run(all::await);
    waiter.awaitWaiting();
    assertThat(future).isNotDone();
    ends.countDown();
    assertThatThrownBy(waiter::get).isInstanceOf(KernelFailedException.class).hasMessageContaining("broken");
    assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause().isInstanceOf(KernelFailedException.class);
  }

  @Test
  void anInterruptEndsTheWaitForSeveralAndIsKept() {
    CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
    Fence all = Fence.all(world.launchFill(1, page(), 1), world.launchFill(0, page(), 1));
    AtomicBoolean isKept = new AtomicBoolean();
    Beside<Void> waiter = Beside.run(() -> {
      try {
        all.await();
      } finally {
        isKept.set(Thread.currentThread().isInterrupted());
      }
    });
    waiter.awaitWaiting();
    waiter.thread().interrupt();
    assertThatThrownBy(waiter::get).isInstanceOf(WaitInterruptedException.class);
    assertThat(isKept).isTrue();
    ends.countDown();
    all.await();
  }

  @Test
  void whatIsChainedMayFailAndInterruptTheThreadWithoutHarm() throws Exception {
    for (int i = 0; i < 3; i++) {
      CountDownLatch ends = world.holdFences(0, Call.LAUNCH);
      CompletableFuture<Void> failing = world.launchFill(0, page(), 1).toFuture().thenRun(() -> {
        Thread.currentThread().interrupt();
        throw new StackOverflowError("on purpose");
      });
      CompletableFuture<Void> next = world.launchFill(0, page(), 1).toFuture();
      ends.countDown();
      next.get();
      assertThatThrownBy(failing::get).cause().isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void thereIsNoThreadUntilAFutureIsNotCompleteAtOnce() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean(true);
    FenceFutures futures = new FenceFutures("no-thread-until-needed", () -> { });
    assertThat(futures.of(Fence.all(), isOver::get)).isCompletedWithValue(null);
    assertThat(threads("no-thread-until-needed")).isEmpty();
    isOver.set(false);
    CompletableFuture<Void> future = futures.of(Fence.all(), isOver::get);
    List<Thread> threads = threads("no-thread-until-needed");
    assertThat(threads).hasSize(1);
    isOver.set(true);
    future.get();
    futures.close();
    threads.getFirst().join();
  }

  @Test
  void aFutureThatIsAskedForAfterTheEndIsCompletedToo() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    FenceFutures futures = new FenceFutures("after-the-end", () -> { });
    futures.close();
    for (int i = 0; i < 2; i++) {
      isOver.set(false);
      CompletableFuture<Thread> future = futures.of(Fence.all(), isOver::get).thenApply(nothing -> Thread.currentThread());
      isOver.set(true);
      future.get().join();
    }
  }

  @Test
  void whereLaunchesCannotBeRetiredTheFuturesSayIt() {
    FenceFutures futures = new FenceFutures("cannot-retire", () -> {
      throw new AssertionError("retirement is broken");
    });
    List<CompletableFuture<Void>> some = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      some.add(futures.of(Fence.all(), () -> false));
    }
    for (CompletableFuture<Void> future : some) {
      assertThatThrownBy(future::get).cause().isInstanceOf(AssertionError.class).hasMessage("retirement is broken");
    }
    futures.close();
  }

  private Slice page() {
    return world.pages(1).all();
  }

  private static List<Thread> threads(String name) {
    return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(name)).toList();
  }
}

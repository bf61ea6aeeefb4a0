package io.samepage.testkit.node;

import static io.samepage.testkit.node.NodeFixture.UNIT_BYTES;
import static io.samepage.testkit.node.NodeFixture.inOut;
import static io.samepage.testkit.node.NodeFixture.pass;
import static io.samepage.testkit.node.NodeFixture.run;
import static io.samepage.testkit.node.NodeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.samepage.node.NodeFence;
import io.samepage.node.Window;
import io.samepage.testkit.TestKernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fences pass behind what they mark, never before; waiting can be bounded and interrupted. */
abstract class FenceContract extends NodeContract {
  /** What a test looks for while a kernel runs. */
  private interface Sighting {
    boolean isSeen(NodeFence running) throws InterruptedException;
  }

  private Window window;

  FenceContract(BackendUnderTest subject) {
    super(subject, 1);
  }

  @BeforeEach
  void allocate() throws InterruptedException {
    window = fixture.window(node, UNIT_BYTES);
    fixture.upload(node, window, 0, 1, 2, 3, 4);
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private NodeFence churn(int steps) {
    return launch(node, "churn", 1, inOut(window, 4, 4), value(steps));
  }

  /** Launches ever longer kernels until what is looked for is seen while one is running. */
  private NodeFence whileRunning(Sighting sighting) throws InterruptedException {
    for (int steps = 1 << 22; steps <= 1 << 30 && steps > 0; steps *= 2) {
      NodeFence running = churn(steps);
      if (sighting.isSeen(running)) {
        return running;
      }
      pass(running);
    }
    return fail("No kernel was seen running");
  }

  @Test
  void theFenceOfAnIdleQueuePassesAgainAndAgain() throws InterruptedException {
    NodeFence fence = node.fence();
    pass(fence);
    assertThat(fence.isDone()).isTrue();
    assertThat(fence.await(0)).isTrue();
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
    assertThat(fence.kernelNanos()).isZero();
  }

  @Test
  void aFenceIsDoneWithoutBeingAwaited() {
    node.upload(List.of(run(fixture.host(1000), window, 0)));
    assertIsDoneInTime(node.fence());
    assertIsDoneInTime(churn(1000));
  }

  private static void assertIsDoneInTime(NodeFence fence) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
    while (!fence.isDone() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(100_000);
    }
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void launchesDoNotWaitAndAFenceIsNotDoneBefore() throws InterruptedException {
    NodeFence running = whileRunning(fence -> !fence.isDone());
    pass(running);
    assertThat(running.isDone()).isTrue();
  }

  @Test
  void awaitEndsWhenItsTimeIsOver() throws InterruptedException {
    pass(whileRunning(fence -> !fence.await(0)));
    pass(whileRunning(fence -> !fence.await(TimeUnit.MILLISECONDS.toNanos(2))));
  }

  @Test
  void anInterruptedWaitThrowsAndTheWorkGoesOn() throws InterruptedException {
    NodeFence running = whileRunning(fence -> {
      Thread.currentThread().interrupt();
      try {
        fence.await(Long.MAX_VALUE);
        Thread.interrupted();
        return false;
      } catch (InterruptedException e) {
        return !Thread.currentThread().isInterrupted();
      }
    });
    pass(running);
    assertThat(fixture.downloadInts(node, window, 0, 1)).containsExactly(1);
  }

  @Test
  void aWaitingThreadCanBeInterrupted() throws Exception {
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      pass(whileRunning(fence -> isInterruptedWhileWaiting(threads, fence)));
    }
  }

  private static boolean isInterruptedWhileWaiting(ExecutorService threads, NodeFence fence) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    Thread[] waiting = new Thread[1];
    Future<Boolean> interrupted = threads.submit(() -> {
      waiting[0] = Thread.currentThread();
      ready.countDown();
      try {
        fence.await(Long.MAX_VALUE);
        return false;
      } catch (InterruptedException e) {
        return true;
      }
    });
    ready.await();
    waiting[0].interrupt();
    return get(interrupted);
  }

  private static <T> T get(Future<T> future) throws InterruptedException {
    try {
      return future.get(100, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void fencesPassInOrder() throws InterruptedException {
    List<NodeFence> fences = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      fences.add(churn(100_000));
      node.upload(List.of(run(fixture.host(1000), window, 1000)));
      fences.add(node.fence());
    }
    for (int i = fences.size() - 1; i >= 0; i--) {
      pass(fences.get(i));
      assertThat(fences.subList(0, i)).as("fences before fence %d", i).allMatch(NodeFence::isDone);
    }
  }

  @Test
  void aLaunchFenceIsBehindItsKernel() throws InterruptedException {
    pass(churn(1_000_000));
    assertThat(fixture.downloadInts(node, window, 0, 4)).containsExactly(1, TestKernels.churned(2, 1_000_000), 3, 4);
  }

  @Test
  void kernelTimesAreKnownOrZero() throws InterruptedException {
    long start = System.nanoTime();
    NodeFence fence = churn(1_000_000);
    pass(fence);
    assertThat(fence.kernelNanos()).isBetween(0L, 2 * (System.nanoTime() - start));
  }

  @Test
  void manyThreadsCanAwaitOneFence() throws Exception {
    NodeFence fence = churn(20_000_000);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Void>> waits = Collections.nCopies(4, () -> {
        pass(fence);
        assertThat(fence.isDone()).isTrue();
        return null;
      });
      for (Future<Void> wait : threads.invokeAll(waits)) {
        get(wait);
      }
    }
  }
}

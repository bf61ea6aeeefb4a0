package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.node.DriverSignals;
import io.samepage.node.NodeFence;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lwjgl.opencl.CLEventCallback;

/** Threads that sleep until PoCL calls, over commands that end as the test wants: events of the user. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SleeperTest {
  private static final int OUT_OF_RESOURCES = -5;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final Watched signals = new Watched();
  private OpenClNode node;
  private CommandQueue queue;
  private UserEvent event;

  /** Signals as the library's, but called in Java: by a thread of this test, as the events are the user's. */
  private static final class Watched implements DriverSignals {
    private final Map<Long, CountDownLatch> called = new ConcurrentHashMap<>();
    final CountDownLatch asleep = new CountDownLatch(1);
    final AtomicInteger given = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final CLEventCallback callBack = CLEventCallback.create((event, status, signal) -> called.get(signal).countDown());
    volatile boolean hasMemory = true;
    /** Sleeps until it is called, so that the sleeper sees nothing by itself before. */
    volatile boolean isPatient;
    private final AtomicLong last = new AtomicLong();

    @Override
    public long callAddress() {
      return callBack.address();
    }

    @Override
    public long open() {
      if (!hasMemory) {
        asleep.countDown();
        return 0;
      }
      called.put(last.incrementAndGet(), new CountDownLatch(1));
      return last.get();
    }

    @Override
    public boolean await(long signal, long timeoutNanos) {
      asleep.countDown();
      boolean interrupted = Thread.interrupted();
      try {
        boolean isCalled = called.get(signal).await(isPatient ? PATIENCE_NANOS : timeoutNanos, TimeUnit.NANOSECONDS);
        calls.addAndGet(isCalled ? 1 : 0);
        return isCalled;
      } catch (InterruptedException e) {
        interrupted = true;
        return false;
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void drop(long signal, boolean wasGiven) {
      given.addAndGet(wasGiven ? 1 : 0);
    }
  }

  @BeforeEach
  void open() {
    node = Devices.open();
    queue = new CommandQueue(node.calls(), node.context().handle(), Devices.found().id());
    queue.wakeBy(signals);
    event = new UserEvent(node.context().handle());
  }

  @AfterEach
  void close() {
    executor.shutdown();
    queue.close();
    node.close();
    signals.callBack.free();
  }

  private NodeFence fence() {
    EventList commands = new EventList();
    commands.add(event.handle());
    queue.track(commands);
    return queue.fence();
  }

  private Future<Boolean> asleep(NodeFence fence) throws InterruptedException {
    Future<Boolean> waiting = executor.submit(() -> fence.await(Long.MAX_VALUE));
    signals.asleep.await();
    return waiting;
  }

  @Test
  void theDriverWakesWhoSleeps() throws Exception {
    signals.isPatient = true;
    Future<Boolean> waiting = asleep(fence());
    event.end(0);
    assertThat(waiting.get()).isTrue();
    assertThat(signals.given).hasValue(1);
    assertThat(signals.calls).hasValue(1);
  }

  @Test
  void whoSleepsHearsOfAFailureOfWhichPoclDoesNotCall() throws Exception {
    Future<Boolean> waiting = asleep(fence());
    event.end(OUT_OF_RESOURCES);
    assertThatThrownBy(waiting::get).hasMessageContaining("CL_OUT_OF_RESOURCES (-5)");
  }

  @Test
  void aSleeperCanBeInterruptedAndTheDriverMayCallAfterwards() throws Exception {
    NodeFence fence = fence();
    Future<Boolean> waiting = asleep(fence);
    waiting.cancel(true);
    executor.shutdown();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(signals.given).hasValue(1);
    assertThat(signals.calls).hasValue(0);
    event.end(0);
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void aSleeperGivesUpWhenItsTimeIsOver() throws InterruptedException {
    NodeFence fence = fence();
    assertThat(fence.await(TimeUnit.MILLISECONDS.toNanos(500))).isFalse();
    assertThat(signals.given).hasValue(1);
    event.end(0);
    assertThat(fence.await(Long.MAX_VALUE)).isTrue();
  }

  @Test
  void whoMayNotBeInterruptedSleepsToTheEnd() throws InterruptedException, ExecutionException {
    signals.isPatient = true;
    NodeFence fence = fence();
    Future<Boolean> waiting = executor.submit(() -> {
      Thread.currentThread().interrupt();
      fence.awaitUninterruptibly();
      return Thread.interrupted();
    });
    signals.asleep.await();
    event.end(0);
    assertThat(waiting.get()).as("the interrupt is kept").isTrue();
    assertThat(signals.calls).hasValue(1);
  }

  @Test
  void whoGetsNoSignalWaitsAllTheSame() throws Exception {
    signals.hasMemory = false;
    Future<Boolean> waiting = asleep(fence());
    event.end(0);
    assertThat(waiting.get()).isTrue();
    assertThat(signals.given).hasValue(0);
  }
}

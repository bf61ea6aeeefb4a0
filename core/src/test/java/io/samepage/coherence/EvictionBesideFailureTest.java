package io.samepage.coherence;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.sync.OrderedLock;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A launch has failed and its results are poisoned, but its claim is still held, when another device gives back a window on the same
 * pages. The launch has a segment of an arena too: what it does for that behind the poisoning waits for the submission lock.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class EvictionBesideFailureTest {
  private static final int BUDGET_PAGES = 4;

  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch failing = new CountDownLatch(1);
  private final CountDownLatch locked = new CountDownLatch(1);
  private final CountDownLatch unlocking = new CountDownLatch(1);
  private UnifiedMemory memory;
  private UnifiedArena arena;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    memory = UnifiedMemory.builder().devices("embedded:0", "embedded:1").deviceBudget("embedded:0", BUDGET_PAGES * FaultyMemory.PAGE)
        .open();
    arena = memory.sharedArena();
    range = memory.allocate(FaultyMemory.PAGE);
  }

  @AfterEach
  void close() {
    failing.countDown();
    unlocking.countDown();
    arena.close();
    memory.close();
  }

  private Device device(int index) {
    return memory.devices().get(index);
  }

  private Fence launchBroken(MemorySegment touched) {
    KernelSource source = KernelSource.builder().java("broken", List.of(KernelParameter.out("a", 4), KernelParameter.out("b", 4)),
        (group, arguments) -> {
          running.countDown();
          await(failing);
          throw new IllegalStateException("broken on purpose");
        }).build();
    return device(1).kernel(source, "broken").launch(Grid.of(1), out(range), out(touched));
  }

  private void holdSubmissions() {
    OrderedLock submission = ((CoherentDevice) device(1)).submission();
    submission.lock();
    try {
      locked.countDown();
      await(unlocking);
    } finally {
      submission.unlock();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void evictFromTheOtherDevice() {
    UnifiedRange large = memory.allocate(BUDGET_PAGES * FaultyMemory.PAGE);
    device(0).kernel(TestKernels.SOURCE, "fill").launch(Grid.of(large.sizeBytes() / 4), out(large), value(1)).await();
    assertThat(device(0).statistics().evictedBytes()).isEqualTo(FaultyMemory.PAGE);
  }

  @Test
  void doesNotMakeItsResultsSoundAgain() {
    FaultyMemory.fill(range.all(), 1);
    device(0).acquire(range.all(), Access.READ).close();
    Beside<Fence> launch = Beside.start(() -> launchBroken(arena.allocate(FaultyMemory.PAGE)));
    await(running);
    Beside<Void> holder = Beside.run(this::holdSubmissions);
    await(locked);
    failing.countDown();
    while (range.all().residency().poisonedPages() == 0) {
      Thread.onSpinWait();
    }
    evictFromTheOtherDevice();
    assertThat(launch.isDone()).as("the claim of the launch is held").isFalse();
    assertThat(range.all().residency().poisonedPages()).isEqualTo(1);
    unlocking.countDown();
    holder.get();
    assertThatThrownBy(launch.get()::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(() -> range.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
  }
}

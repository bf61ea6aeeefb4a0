package io.samepage.opencl;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.Logged;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Touches of pages that a kernel is still at work on. A kernel of one item keeps one of PoCL's workers busy, so that another one can
 * read meanwhile. The embedded device has no such kernels: its launches on memory of arenas are complete when they return.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongKernelsTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final String TIMEOUT = "samepage.fault.timeoutMillis";
  private static final int PATTERN = 0xDEADBEEF;
  private static final int PAGE_BYTES = 4096;
  private static final int UNIT_BYTES = 16 * PAGE_BYTES;
  private static final int STEPS = 1 << 27;
  private static final int MANY_STEPS = 1 << 29;

  private final ExecutorService executor = Executors.newCachedThreadPool();
  private UnifiedMemory memory;
  private UnifiedArena arena;

  private void open() {
    // Kernels of seconds may take minutes on a busy machine.
    open("120000");
  }

  private void open(String timeoutMillis) {
    System.setProperty(TIMEOUT, timeoutMillis);
    memory = UnifiedMemory.builder().devices("opencl:0").open();
    arena = memory.sharedArena();
  }

  @AfterEach
  void close() {
    System.clearProperty(TIMEOUT);
    executor.shutdown();
    if (arena.scope().isAlive()) {
      arena.close();
    }
    memory.close();
  }

  private Device device() {
    return memory.devices().getFirst();
  }

  private Fence fill(MemorySegment segment, int with) {
    return device().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(with));
  }

  /** Changes the first int alone, but declares to write all, and takes about a second for each 2^28 steps. */
  private Fence churn(MemorySegment segment, int steps) {
    return device().kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), inOut(segment), value(steps));
  }

  /** {@return a segment of so many units that holds the same int everywhere} */
  private MemorySegment filled(int units, int with) {
    MemorySegment segment = arena.allocate((long) units * UNIT_BYTES);
    fill(segment, with).await();
    return segment;
  }

  @Test
  void aTouchWaitsForTheKernelThatWritesItsPage() throws Exception {
    open();
    LongKernels.tryUntilSeen(STEPS, "its launch returned", steps -> {
      MemorySegment segment = filled(2, 5);
      Fence first = churn(segment, 100);
      Fence second = churn(segment, steps);
      boolean hasReturned = !second.isDone();
      assertThat(segment.getAtIndex(INT, 0)).isEqualTo(TestKernels.churned(5, 100 + steps));
      assertThat(first.isDone()).isTrue();
      assertThat(second.isDone()).isTrue();
      assertThat(segment.getAtIndex(INT, UNIT_BYTES / 4)).isEqualTo(5);
      return hasReturned;
    });
  }

  @Test
  void touchesOfOtherPagesAreServedWhileThreeWaitForALongKernel() throws Exception {
    open();
    MemorySegment slow = filled(3, 5);
    LongKernels.tryUntilSeen(STEPS, "the other page came", steps -> {
      MemorySegment other = filled(1, 6);
      Fence fence = churn(slow, steps);
      long faults = memory.hostStatistics().faults();
      List<Future<Integer>> waiting = new ArrayList<>();
      for (long unit = 0; unit < 3; unit++) {
        long index = unit * UNIT_BYTES / 4 + 1;
        waiting.add(executor.submit(() -> slow.getAtIndex(INT, index)));
      }
      while (memory.hostStatistics().faults() < faults + 3) {
        Thread.onSpinWait();
      }
      assertThat(other.getAtIndex(INT, 9)).isEqualTo(6);
      boolean isServed = !fence.isDone();
      for (Future<Integer> future : waiting) {
        assertThat(future.get()).isEqualTo(5);
      }
      assertThat(fence.isDone()).isTrue();
      return isServed;
    });
  }

  @Test
  void aTouchWaitsForEachLaunchInTheQueueAsLongAsForOne() {
    open("1000");
    MemorySegment segment = filled(1, 5);
    // Four times as long as one is waited for, and a sixteenth of what all of them are.
    for (int i = 0; i < 64; i++) {
      churn(segment, STEPS / 8);
    }
    assertThat(segment.getAtIndex(INT, 9)).isEqualTo(5);
    assertThat(memory.hostStatistics().poisonedPages()).isZero();
  }

  @Test
  void aLaunchThatWaitsForATouchHoldsUpNoLaunchElsewhere() throws Exception {
    open();
    MemorySegment slow = filled(1, 5);
    LongKernels.tryUntilSeen(STEPS, "the launch elsewhere returned", steps -> {
      MemorySegment other = filled(1, 6);
      long faults = memory.hostStatistics().faults();
      long launches = memory.statistics().launches();
      Fence fence = churn(slow, steps);
      Future<Integer> waiting = executor.submit(() -> slow.getAtIndex(INT, 1));
      while (memory.hostStatistics().faults() == faults) {
        Thread.onSpinWait();
      }
      Future<Fence> behind = executor.submit(() -> churn(slow, 1));
      while (memory.statistics().launches() < launches + 2) {
        Thread.onSpinWait();
      }
      fill(other, 7);
      boolean isPassed = !fence.isDone();
      assertThat(waiting.get()).isEqualTo(5);
      behind.get().await();
      assertThat(other.getAtIndex(INT, 9)).isEqualTo(7);
      return isPassed;
    });
  }

  @Test
  void anArenaClosesWhileAThreadWaitsForAKernel() throws InterruptedException {
    open();
    MemorySegment segment = filled(1, 5);
    long faults = memory.hostStatistics().faults();
    churn(segment, STEPS);
    Future<Integer> waiting = executor.submit(() -> segment.getAtIndex(INT, 1));
    while (memory.hostStatistics().faults() == faults) {
      Thread.onSpinWait();
    }
    arena.close();
    try {
      assertThat(waiting.get()).isEqualTo(5);
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(IllegalStateException.class);
    }
    assertThat(memory.statistics().openRanges()).isZero();
  }

  @Test
  void aFetchThatTakesTooLongPoisonsItsPagesAndNoOthers() throws Exception {
    // Long enough for the touches that are to be served behind the kernel, also on a busy machine.
    open("1000");
    LongKernels.tryUntilSeen(MANY_STEPS, "a touch gave up", steps -> {
      MemorySegment segment = filled(3, 5);
      Fence fence = churn(segment, steps);
      int seen = segment.getAtIndex(INT, UNIT_BYTES / 4 + 3);
      fence.await();
      assertThat(seen).isIn(PATTERN, 5);
      if (seen == PATTERN) {
        assertThat(segment.asSlice(0, UNIT_BYTES).getAtIndex(INT, 0)).isEqualTo(TestKernels.churned(5, steps));
        assertTheSecondUnitIsPoisonedAlone(segment);
      }
      return seen == PATTERN;
    });
  }

  private void assertTheSecondUnitIsPoisonedAlone(MemorySegment segment) {
    long poisoned = memory.hostStatistics().poisonedPages();
    assertThat(poisoned).isBetween(1L, 16L);
    String log = Logged.during(() -> assertThat(memory.slice(segment).residency().poisonedPages()).isEqualTo(poisoned));
    assertThat(log).contains("Pages are poisoned", memory.slice(segment).range().toString());
    MemorySegment touched = segment.asSlice(UNIT_BYTES, UNIT_BYTES);
    assertThat(segment.asSlice(2 * UNIT_BYTES).toArray(INT)).containsOnly(5);
    assertThatThrownBy(() -> memory.slice(touched).host(Access.READ)).isInstanceOfSatisfying(PoisonedPageException.class,
        e -> assertThat(e.offsetBytes()).isEqualTo(UNIT_BYTES));
    MemorySegment copy = arena.allocate(UNIT_BYTES);
    assertThatThrownBy(() -> device().kernel(TestKernels.SOURCE, "copy").launch(Grid.of(UNIT_BYTES), in(touched), out(copy)))
        .isInstanceOf(PoisonedPageException.class);
    fill(touched, 8).await();
    assertThat(touched.toArray(INT)).containsOnly(8);
  }
}

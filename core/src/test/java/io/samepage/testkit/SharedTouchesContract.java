package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.UnifiedArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Several threads touch the same pages while these migrate. */
public abstract class SharedTouchesContract extends TouchContract {
  private static final int THREADS = 8;
  private static final int ROUNDS = 150;
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final long SEED = Long.getLong("samepage.touches.seed", 20_264);
  private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
  private static final VarHandle ALIGNED_LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.varHandle();

  /** What one thread does while the others touch. */
  @FunctionalInterface
  private interface Action {
    void run(int round) throws Exception;
  }

  private Device anyDevice(int round) {
    return memory().devices().get(round % memory().devices().size());
  }

  /** Threads that touch again and again until another one has done something often enough. */
  private static void whileTouched(int rounds, Action action, Crew.Job touch) {
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong round = new AtomicLong();
    Crew.run(THREADS + 1, TIMEOUT, thread -> {
      if (thread < THREADS) {
        while (!done.get()) {
          touch.run(thread);
        }
      } else {
        try {
          while (round.get() < rounds) {
            action.run((int) round.incrementAndGet());
          }
        } finally {
          done.set(true);
        }
      }
    }, () -> "seed=" + SEED + ", round=" + round);
  }

  @Test
  void nobodySeesAByteThatWasNeverWritten() {
    MemorySegment page = allocate(page());
    AtomicLong begun = new AtomicLong();
    AtomicLong ended = new AtomicLong();
    SplittableRandom[] randoms = randoms();
    // All bytes of a round are the same; a launch that has returned counts as written, as touches wait for it.
    whileTouched(ROUNDS, round -> {
      begun.set(round);
      long bytes = (round & 0xFF) * 0x0101_0101_0101_0101L;
      if (round % 3 > 0) {
        stamp(anyDevice(round), page, bytes);
      } else {
        for (long at = 0; at < page.byteSize(); at += 8) {
          ALIGNED_LONG.setRelease(page, at, bytes);
        }
      }
      ended.set(round);
    }, thread -> {
      long least = ended.get();
      long at = randoms[thread].nextLong(page.byteSize());
      int seen = (byte) BYTE.getAcquire(page, at) & 0xFF;
      long most = begun.get();
      assertThat((seen - least) & 0xFF).as("byte %s is %s, written were %s to %s", at, seen, least, most).isLessThanOrEqualTo(most - least);
    });
  }

  private static SplittableRandom[] randoms() {
    SplittableRandom[] randoms = new SplittableRandom[THREADS];
    for (int i = 0; i < THREADS; i++) {
      randoms[i] = new SplittableRandom(SEED + i);
    }
    return randoms;
  }

  @Test
  void noCounterEverGoesBack() {
    MemorySegment page = allocate(page());
    // Of a kernel that is at work some of its writes may be seen and others not, but none is taken back.
    long[][] newest = new long[THREADS][(int) page() / 8];
    whileTouched(ROUNDS, round -> {
      Fence fence = stamp(anyDevice(round), page, round);
      if (round % 4 == 0) {
        fence.await();
      }
    }, thread -> {
      for (long at = 0; at < page.byteSize(); at += 8) {
        long seen = (long) ALIGNED_LONG.getAcquire(page, at);
        assertThat(seen).as("the counter in byte %s", at).isGreaterThanOrEqualTo(newest[thread][(int) at / 8]);
        newest[thread][(int) at / 8] = seen;
      }
    });
    assertThat(page.toArray(LONG)).containsOnly(ROUNDS);
  }

  @Test
  void aPageNeverShowsTwoCountersOnceItsKernelWasLaunched() {
    int pages = 40;
    MemorySegment all = allocate(pages * page());
    CyclicBarrier barrier = new CyclicBarrier(THREADS);
    Crew.run(THREADS, TIMEOUT, thread -> {
      SplittableRandom random = new SplittableRandom(SEED + thread);
      for (int round = 1; round <= 60; round++) {
        if (round % THREADS == thread) {
          launchStamp(all, round);
        }
        await(barrier);
        // All at the first page at once, which waits for the kernel if nobody else did; then at pages of their own.
        assertOneCounter(all, 0, round);
        assertOneCounter(all, random.nextInt(pages), round);
        await(barrier);
      }
    }, () -> "seed=" + SEED);
  }

  private void launchStamp(MemorySegment all, int round) {
    Fence fence = stamp(anyDevice(round), all, round);
    if (round % 2 == 0) {
      fence.await();
    }
  }

  private void assertOneCounter(MemorySegment all, long page, long counter) {
    assertThat(all.asSlice(page * page(), page()).toArray(LONG)).as("page %s", page).containsOnly(counter);
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      throw new AssertionError("Another thread has failed", e);
    }
  }

  @Test
  void bytesOfEightThreadsBesideTheSliceOfAKernelAreNeverLost() {
    MemorySegment page = allocate(page());
    MemorySegment slice = page.asSlice(1000, 2000);
    long[] stored = new long[THREADS * 16];
    whileTouched(ROUNDS, round -> {
      fill(anyDevice(round), slice, round);
      if (round % 2 == 0) {
        assertThat(loads(slice)).containsOnly(round);
      }
    }, thread -> {
      // Half of them before the slice, half of them behind it.
      long at = thread % 2 == 0 ? 8L * thread : page.byteSize() - 8 - 8L * thread;
      assertThat((long) ALIGNED_LONG.getOpaque(page, at)).as("what thread %s has stored", thread).isEqualTo(stored[16 * thread]);
      ALIGNED_LONG.setOpaque(page, at, ++stored[16 * thread]);
    });
    for (int thread = 0; thread < THREADS; thread++) {
      assertThat(page.get(LONG, thread % 2 == 0 ? 8L * thread : page() - 8 - 8L * thread)).isEqualTo(stored[16 * thread]);
    }
    assertThat(loads(slice)).containsOnly(ROUNDS);
  }

  @Test
  void atomicsOfEightThreadsAreExactWhileDevicesReadTheirPage() {
    MemorySegment page = allocate(page());
    MemorySegment seen = allocate(page());
    long[] added = new long[THREADS * 16];
    int[] before = {0};
    whileTouched(ROUNDS, round -> {
      int least = (int) ALIGNED_INT.getAcquire(page, 0L);
      anyDevice(round).kernel(TestKernels.SOURCE, "copy")
          .launch(Grid.of(page()), in(page), out(seen));
      int copied = seen.get(INT, 0);
      assertThat(copied).isBetween(Math.max(before[0], least), (int) ALIGNED_INT.getAcquire(page, 0L));
      before[0] = copied;
    }, thread -> {
      ALIGNED_INT.getAndAdd(page, 0L, 1);
      added[16 * thread]++;
    });
    long sum = 0;
    for (int thread = 0; thread < THREADS; thread++) {
      sum += added[16 * thread];
    }
    assertThat(page.get(INT, 0)).isEqualTo((int) sum);
  }

  @Test
  void anArenaMayCloseWhileThreadsTouchIt() {
    for (int round = 0; round < 10; round++) {
      UnifiedArena own = memory().sharedArena();
      MemorySegment segment = own.allocate(4L * UNIT_BYTES);
      CyclicBarrier barrier = new CyclicBarrier(THREADS + 1);
      Crew.run(THREADS + 1, TIMEOUT, thread -> {
        if (thread == THREADS) {
          fill(segment, 7);
          await(barrier);
          own.close();
        } else {
          await(barrier);
          touchUntilClosed(segment, new SplittableRandom(SEED + thread));
        }
      }, () -> "seed=" + SEED);
    }
    assertThat(memory().statistics().openRanges()).isZero();
    assertThat(device().usedBytes()).isZero();
  }

  /** What is seen until then is what the kernel wrote. */
  private static void touchUntilClosed(MemorySegment segment, SplittableRandom random) {
    try {
      while (true) {
        assertThat(segment.getAtIndex(INT, random.nextLong(segment.byteSize() / 4))).isEqualTo(7);
      }
    } catch (IllegalStateException closed) {
      assertThat(segment.scope().isAlive()).isFalse();
    }
  }
}

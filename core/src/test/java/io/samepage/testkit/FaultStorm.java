package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Four threads touch memory that migrates, while another one collects garbage all the time: nothing hangs, nothing is lost.
 * {@code -Dsamepage.storm.seconds} says how long each test lasts, {@code -Dsamepage.storm.seed} sets the seed.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class FaultStorm extends MemoryContract {
  private static final int TOUCHERS = 4;
  private static final long SEED = Long.getLong("samepage.storm.seed", 20_263);
  private static final int UNIT_BYTES = 64 * 1024;

  /** What a toucher does again and again. */
  @FunctionalInterface
  private interface Round {
    void run();
  }

  /** {@return how long each test lasts where no system property says it} */
  protected Duration usualLength() {
    return Duration.ofSeconds(3);
  }

  private Duration length() {
    Long seconds = Long.getLong("samepage.storm.seconds");
    return seconds == null ? usualLength() : Duration.ofSeconds(seconds);
  }

  /** Does something again and again until the time is over. */
  private void repeat(Round round) {
    long end = System.nanoTime() + length().toNanos();
    do {
      round.run();
    } while (System.nanoTime() - end < 0);
  }

  /** Runs touchers, and a thread that collects garbage until they are done. */
  private void storm(Crew.Job toucher) {
    AtomicLong running = new AtomicLong(TOUCHERS);
    AtomicLong collections = new AtomicLong();
    Crew.run(TOUCHERS + 1, length().plusMinutes(3), thread -> {
      if (thread == TOUCHERS) {
        while (running.get() > 0) {
          System.gc();
          collections.incrementAndGet();
          // One right behind the other would leave the touchers no time to fault.
          LockSupport.parkNanos(20_000_000);
        }
      } else {
        try {
          toucher.run(thread);
        } finally {
          running.decrementAndGet();
        }
      }
    }, () -> "storm, seed=" + SEED + ", running=" + running + ", collections=" + collections);
    System.out.println("[storm] collections=" + collections);
  }

  private static Device anyOf(UnifiedMemory memory, SplittableRandom random) {
    return memory.devices().get(random.nextInt(memory.devices().size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void everyThreadSeesItsOwnResultsInMemoryThatMigrates(int budgetUnits) {
    try (UnifiedMemory memory = open(budgetUnits); UnifiedArena arena = memory.sharedArena()) {
      // Threads share pages and 64 KiB units, and windows where the device is large enough.
      MemorySegment all = arena.allocate(12L * UNIT_BYTES);
      int partBytes = 1600;
      storm(thread -> {
        SplittableRandom random = new SplittableRandom(SEED + thread);
        int[] expected = new int[30];
        repeat(() -> {
          int part = random.nextInt(expected.length);
          MemorySegment own = all.asSlice((long) (part * TOUCHERS + thread) * 4 * partBytes, partBytes);
          if (random.nextInt(4) > 0) {
            anyOf(memory, random).kernel(TestKernels.SOURCE, "increment").launch(Grid.of(partBytes / 4), inOut(own), value(thread + 1));
            expected[part] += thread + 1;
          } else {
            expected[part] = random.nextInt();
            for (int i = 0; i < partBytes / 4; i++) {
              own.setAtIndex(INT, i, expected[part]);
            }
          }
          int now = expected[part];
          if (random.nextInt(3) > 0) {
            assertThat(own.getAtIndex(INT, random.nextInt(partBytes / 4))).isEqualTo(now);
            assertThat(own.getAtIndex(INT, partBytes / 4 - 1)).isEqualTo(now);
          }
        });
        for (int part = 0; part < expected.length; part++) {
          assertThat(all.asSlice((long) (part * TOUCHERS + thread) * 4 * partBytes, partBytes).toArray(INT)).containsOnly(expected[part]);
        }
      });
      System.out.println("[storm] budgetUnits=" + budgetUnits + ", " + memory.hostStatistics());
      assertThat(memory.hostStatistics().poisonedPages()).isZero();
    }
  }

  @Test
  void nobodySeesAPageThatIsHalfWritten() {
    try (UnifiedMemory memory = builder().open(); UnifiedArena arena = memory.sharedArena()) {
      MemorySegment counters = arena.allocate(4L * UNIT_BYTES);
      AtomicLong launched = new AtomicLong();
      AtomicLong published = new AtomicLong();
      storm(thread -> {
        SplittableRandom random = new SplittableRandom(SEED + thread);
        repeat(() -> {
          if (thread == 0) {
            int next = (int) launched.incrementAndGet();
            anyOf(memory, random).kernel(TestKernels.SOURCE, "fill")
                .launch(Grid.of(counters.byteSize() / 4), out(counters), value(next)).await();
            published.set(next);
          }
          long page = random.nextLong(counters.byteSize() / page());
          long before = published.get();
          int seen = counters.get(INT, page * page() + 4L * random.nextInt((int) page() / 4));
          // What a kernel is writing right now may be seen or not.
          assertThat((long) seen).isBetween(before, launched.get());
        });
      });
      assertThat(counters.toArray(INT)).containsOnly((int) launched.get());
      System.out.println("[storm] " + memory.hostStatistics());
    }
  }

  @Test
  void arenasComeAndGoWhileOthersAreTouched() {
    try (UnifiedMemory memory = builder().open()) {
      storm(thread -> {
        SplittableRandom random = new SplittableRandom(SEED + thread);
        repeat(() -> {
          try (UnifiedArena arena = random.nextBoolean() ? memory.confinedArena() : memory.sharedArena()) {
            MemorySegment a = arena.allocate(1 + random.nextInt(3 * UNIT_BYTES));
            MemorySegment b = arena.allocate(a.byteSize());
            byte stamp = (byte) random.nextInt(1, 100);
            assertThat(a.get(ValueLayout.JAVA_BYTE, a.byteSize() - 1)).isZero();
            a.fill(stamp);
            anyOf(memory, random).kernel(TestKernels.SOURCE, "copy").launch(Grid.of(a.byteSize()), in(a), out(b));
            assertThat(b.get(ValueLayout.JAVA_BYTE, random.nextLong(b.byteSize()))).isEqualTo(stamp);
          }
        });
      });
      assertThat(memory.statistics().openRanges()).isZero();
    }
  }

  private UnifiedMemory open(int budgetUnits) {
    UnifiedMemory.Builder builder = builder();
    for (String device : devices()) {
      if (budgetUnits > 0) {
        builder.deviceBudget(device, (long) budgetUnits * UNIT_BYTES);
      }
    }
    return builder.open();
  }
}

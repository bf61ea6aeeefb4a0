package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Random operations against a plain array, in episodes with a memory and a seed of their own. A failure tells the seed and the
 * shortest list of operations that was found to fail. {@code -Dsamepage.random.seed} sets the first episode's seed,
 * {@code -Dsamepage.random.operations} how many operations there are in all.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class RandomOperations {
  private static final int EPISODE = 4_000;
  /** Windows of memory that is touched are made of so many pages. */
  private static final int UNIT_PAGES = 16;
  private static final long DEFAULT_SEED = 20_261;
  private static final Duration EPISODE_TIMEOUT = Duration.ofMinutes(3);
  private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(60);
  /** A single thread waits for kernels alone, and they are short; but a driver may have to compile them, on a busy machine. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration PATIENCE_WHEN_SHRINKING = Duration.ofSeconds(2);
  private static final int MOST_LINES = 80;
  private static final Consumer<Supplier<String>> NO_JOURNAL = line -> { };

  /** What went wrong, at which of the operations; behind the last one if the end was wrong. */
  private record Failure(int index, Throwable cause) {}

  /** {@return the names of the devices under test} */
  protected abstract List<String> devices();

  /** {@return where the devices keep pages} */
  protected MemoryKind memoryKind() {
    return MemoryKind.DISCRETE;
  }

  /** {@return a builder over {@link #devices()}; override it to set more} */
  protected UnifiedMemory.Builder builder() {
    return UnifiedMemory.builder().devices(devices().toArray(String[]::new)).memoryKind(memoryKind());
  }

  /** {@return whether ranges belong to arenas, and the host touches them without leases as well} */
  protected boolean touches() {
    return false;
  }

  /** {@return what a program has of its own on the first device; null if it has nothing} */
  protected OwnProgram program() {
    return null;
  }

  /** {@return how many operations there are in all where no system property says it} */
  protected int defaultOperations() {
    return 200_000;
  }

  @Test
  void randomOperationsDoWhatTheyWouldDoToPlainArrays() {
    int operations = Integer.getInteger("samepage.random.operations", defaultOperations());
    long seed = Long.getLong("samepage.random.seed", DEFAULT_SEED);
    long page = pageSizeBytes();
    Tally tally = Tally.NOTHING;
    for (int done = 0; done < operations; done += EPISODE) {
      tally = tally.plus(new Episode(seed + done / EPISODE, page, Math.min(EPISODE, operations - done)).run());
    }
    System.out.println("[random operations] " + operations + " on " + devices() + ", " + memoryKind() + ", first seed " + seed + ", "
        + tally);
    if (operations >= 3 * EPISODE) {
      assertThat(tally.leases()).isGreaterThan(operations / 20);
      assertThat(tally.launches()).isGreaterThan(operations / 20);
      assertThat(tally.splits()).isGreaterThan(devices().size() > 1 ? operations / 1000 : -1);
      assertThat(tally.transfers()).isGreaterThan(operations / 100);
      assertThat(tally.left()).isGreaterThan(operations / 2000);
      assertThat(tally.adoptions()).isGreaterThan(program() == null ? -1 : 0);
      if (memoryKind() == MemoryKind.DISCRETE) {
        assertThat(tally.onDevices()).isGreaterThan(operations / 1000);
        assertThat(tally.outOfMemory()).isLessThan(operations / 20);
        assertThat(tally.evictedBytes()).isPositive();
      } else {
        assertThat(tally.onDevices()).isZero();
        assertThat(tally.outOfMemory()).isZero();
        assertThat(tally.evictedBytes()).isZero();
      }
    }
  }

  private long pageSizeBytes() {
    try (UnifiedMemory probe = builder().open()) {
      return probe.allocate(1).all().residency().pageSizeBytes();
    }
  }

  /** A list of operations on a memory of its own. */
  private final class Episode {
    private final long seed;
    private final long page;
    private final long[] operations;
    private volatile int at;
    private Tally tally;

    Episode(long seed, long page, int count) {
      this.seed = seed;
      this.page = page;
      operations = new SplittableRandom(seed).longs(count).toArray();
    }

    private long unit() {
      return touches() ? UNIT_PAGES * page : page;
    }

    Tally run() {
      List<Failure> failure = new ArrayList<>();
      Crew.run(1, EPISODE_TIMEOUT, thread -> failure.addAll(replay(operations, PATIENCE, NO_JOURNAL)),
          () -> "random operations, " + where(at));
      if (!failure.isEmpty()) {
        throw report(failure.getFirst());
      }
      return tally;
    }

    private UnifiedMemory open(Duration patience) {
      UnifiedMemory.Builder builder = builder().leaseTimeout(patience);
      for (int device = 0; device < devices().size(); device++) {
        // Too small for the working set, just large enough for it, and the device's own; by the seed, so that a seed is enough.
        long pages = new long[] {10, 24, 0}[(int) Math.floorMod(seed + device, 3L)];
        if (pages > 0) {
          builder.deviceBudget(devices().get(device), pages * unit());
        }
      }
      return builder.open();
    }

    /** Runs operations on a new memory; the list has one failure or none. */
    private List<Failure> replay(long[] operations, Duration patience, Consumer<Supplier<String>> journal) {
      at = 0;
      try (RandomWorld world = new RandomWorld(open(patience), page, unit(), program(), journal)) {
        try {
          for (; at < operations.length; at++) {
            world.step(operations[at]);
          }
          world.end();
          tally = world.tally();
        } catch (RuntimeException | AssertionError e) {
          return List.of(new Failure(at, e));
        }
      } catch (RuntimeException e) {
        return List.of(new Failure(at, e));
      }
      return List.of();
    }

    private AssertionError report(Failure failure) {
      long[] prefix = Arrays.copyOf(operations, Math.min(failure.index() + 1, operations.length));
      Duration patience = PATIENCE_WHEN_SHRINKING;
      long[] shortest = new Shrinker(some -> !replay(some, patience, NO_JOURNAL).isEmpty(), SHRINK_NANOS).shrink(prefix);
      List<String> lines = new ArrayList<>();
      List<Failure> again = replay(shortest, patience, line -> lines.add(line.get()));
      StringJoiner text = new StringJoiner(System.lineSeparator());
      text.add("Random operations failed: " + where(failure.index()));
      text.add("Run it again with -Dsamepage.random.seed=" + seed);
      if (again.isEmpty()) {
        text.add("It did not fail again when it was repeated: " + failure.cause());
      } else {
        text.add("Shortest failing list found: operations=" + shortest.length + ", lines=" + lines.size());
        lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size()).forEach(line -> text.add("  " + line));
        text.add("  " + again.getFirst().cause());
      }
      return new AssertionError(text.toString(), (again.isEmpty() ? failure : again.getFirst()).cause());
    }

    private String where(int index) {
      return "seed=" + seed + ", devices=" + devices() + ", operation=" + index + " of " + operations.length;
    }
  }
}

package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedMemory;
import io.samepage.testkit.RandomWorld.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
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
  private static final long DEFAULT_SEED = 20_261;
  private static final Duration EPISODE_TIMEOUT = Duration.ofMinutes(3);
  private static final long SHRINK_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Consumer<Supplier<String>> NO_JOURNAL = line -> { };

  /** What went wrong, at which of the operations; behind the last one if the end was wrong. */
  private record Failure(int index, Throwable cause) {}

  /** {@return the names of the devices under test} */
  protected abstract List<String> devices();

  /** {@return a builder over {@link #devices()}; override it to set more} */
  protected UnifiedMemory.Builder builder() {
    return UnifiedMemory.builder().devices(devices().toArray(String[]::new));
  }

  /** {@return how many operations there are in all where no system property says it} */
  protected int defaultOperations() {
    return 200_000;
  }

  @Test
  void randomOperationsDoWhatTheyWouldDoToPlainArrays(TestReporter reporter) {
    int operations = Integer.getInteger("samepage.random.operations", defaultOperations());
    long seed = Long.getLong("samepage.random.seed", DEFAULT_SEED);
    long page = pageSizeBytes();
    Tally tally = new Tally(0, 0, 0, 0, 0);
    for (int done = 0; done < operations; done += EPISODE) {
      tally = tally.plus(new Episode(seed + done / EPISODE, page, Math.min(EPISODE, operations - done)).run());
    }
    reporter.publishEntry("random operations", operations + " on " + devices() + ", first seed " + seed + ", " + tally);
    if (operations >= EPISODE) {
      assertThat(tally.leases()).isGreaterThan(operations / 10);
      assertThat(tally.launches()).isGreaterThan(operations / 10);
      assertThat(tally.outOfMemory()).isLessThan(operations / 20);
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

    Tally run() {
      List<Failure> failure = new ArrayList<>();
      Crew.run(1, EPISODE_TIMEOUT, thread -> failure.addAll(replay(operations, NO_JOURNAL)),
          () -> "random operations, " + where(at));
      if (!failure.isEmpty()) {
        throw report(failure.getFirst());
      }
      return tally;
    }

    private UnifiedMemory open() {
      UnifiedMemory.Builder builder = builder();
      for (int device = 0; device < devices().size(); device++) {
        // Too small for the working set, just large enough for it, and the device's own; by the seed, so that a seed is enough.
        long pages = new long[] {16, 64, 0}[(int) Math.floorMod(seed + device, 3L)];
        if (pages > 0) {
          builder.deviceBudget(devices().get(device), pages * page);
        }
      }
      return builder.open();
    }

    /** Runs operations on a new memory; the list has one failure or none. */
    private List<Failure> replay(long[] operations, Consumer<Supplier<String>> journal) {
      at = 0;
      try (RandomWorld world = new RandomWorld(open(), page, journal)) {
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
      long[] shortest = new Shrinker(some -> !replay(some, NO_JOURNAL).isEmpty(), SHRINK_NANOS).shrink(prefix);
      List<String> lines = new ArrayList<>();
      List<Failure> again = replay(shortest, line -> lines.add(line.get()));
      String text = "Random operations failed: " + where(failure.index()) + System.lineSeparator()
          + "Run it again with -Dsamepage.random.seed=" + seed + System.lineSeparator()
          + (again.isEmpty() ? "It did not fail again when it was repeated." : "Shortest failing list found, "
              + shortest.length + " operations:" + System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", lines)
              + System.lineSeparator() + "  " + again.getFirst().cause());
      return new AssertionError(text, (again.isEmpty() ? failure : again.getFirst()).cause());
    }

    private String where(int index) {
      return "seed=" + seed + ", devices=" + devices() + ", operation=" + index + " of " + operations.length;
    }
  }
}

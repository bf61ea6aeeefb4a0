package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyOperation.Kind;
import io.samepage.coherence.FaultyOperation.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads of which each has a quarter of every page, on the host and two devices, with kernels and calls that fail. Nobody overwrites a
 * whole page, so one that is lost stays lost for all of them; until then each finds in its quarter what it wrote.
 * {@code -Dsamepage.seed=n} runs one seed alone.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedPagesFailuresTest {
  private static final int THREADS = 4;
  private static final int PAGES = 10;
  private static final int ROUNDS = 4;
  private static final int OPERATIONS = 60;
  private static final Kind[] KINDS =
      {Kind.HOST_FILL, Kind.HOST_ADD, Kind.HOST_READ, Kind.LEASE_FILL, Kind.LEASE_READ, Kind.FILL, Kind.ADD, Kind.ADD};

  /** What all threads share: the pages, and which of them somebody knows to be lost. */
  private record World(FaultyMemory memory, UnifiedRange range, AtomicIntegerArray lost) {}

  /** One thread's quarters. */
  private static final class Owner {
    private final World world;
    private final int number;
    private final Random random;
    private final int[] values = new int[PAGES];
    private final Map<Integer, Pending> pending = new HashMap<>();

    private record Pending(Fence fence, int valueAfter, boolean wasLost) {}

    Owner(World world, int number, long seed) {
      this.world = world;
      this.number = number;
      random = new Random(seed);
    }

    private Slice quarter(int page) {
      return world.range.slice((long) page * PAGE + (long) number * PAGE / THREADS, PAGE / THREADS);
    }

    void work() {
      for (int i = 0; i < OPERATIONS; i++) {
        if (random.nextInt(8) == 0) {
          RandomFaults.inject(world.memory, random, 2);
        }
        int page = random.nextInt(PAGES);
        complete(page);
        if (random.nextInt(40) == 0) {
          breakPage(page);
        } else {
          operate(page);
        }
      }
      for (int page = 0; page < PAGES; page++) {
        complete(page);
      }
    }

    private void operate(int page) {
      Kind kind = KINDS[random.nextInt(KINDS.length)];
      boolean isHost = kind.name().startsWith("HOST");
      FaultyOperation operation = new FaultyOperation(kind, isHost ? -1 : random.nextInt(2), quarter(page), null, random.nextInt(1000));
      int valueAfter = switch (kind) {
        case HOST_FILL, LEASE_FILL, FILL -> operation.value();
        case HOST_ADD, ADD -> values[page] + operation.value();
        default -> values[page];
      };
      boolean wasLost = world.lost.get(page) != 0;
      try {
        Outcome outcome = operation.perform(world.memory);
        if (outcome.fence() != null) {
          pending.put(page, new Pending(outcome.fence(), valueAfter, wasLost));
          return;
        }
        assertThat(wasLost).as("%s went on with a lost page", operation).isFalse();
        if (outcome.read() != null) {
          assertThat(Arrays.stream(outcome.read()).distinct()).as("%s", operation).containsExactly(values[page]);
        }
        values[page] = valueAfter;
      } catch (PoisonedPageException e) {
        world.lost.set(page, 1);
      } catch (DeviceException | OutOfDeviceMemoryException e) {
        // Injected, here or in the call of another thread that this one relied on: nothing has changed.
      }
    }

    private void breakPage(int page) {
      try {
        pending.put(page, new Pending(world.memory.launchBroken(random.nextInt(2), quarter(page)), 0, true));
      } catch (PoisonedPageException e) {
        world.lost.set(page, 1);
      } catch (DeviceException | OutOfDeviceMemoryException e) {
        // It has not started.
      }
    }

    private void complete(int page) {
      Pending launch = pending.remove(page);
      if (launch == null) {
        return;
      }
      try {
        launch.fence.await();
        assertThat(launch.wasLost).as("a kernel used lost page %s", page).isFalse();
        values[page] = launch.valueAfter;
      } catch (KernelFailedException e) {
        world.lost.set(page, 1);
      }
    }
  }

  static LongStream seeds() {
    Long one = Long.getLong("samepage.seed");
    return one != null ? LongStream.of(one) : new Random(20_251_123).longs(Integer.getInteger("samepage.threadedFailureSeeds", 12));
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void aLostPageIsLostForAllAndOthersAreRight(long seed) {
    Random random = new Random(seed);
    try (FaultyMemory memory = new FaultyMemory(4, 12)) {
      UnifiedRange range = memory.pages(PAGES);
      for (int round = 0; round < ROUNDS; round++) {
        FaultyMemory.fill(range.all(), 0);
        World world = new World(memory, range, new AtomicIntegerArray(PAGES));
        List<Owner> owners = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          owners.add(new Owner(world, i, random.nextLong()));
        }
        List<Beside<Void>> threads = owners.stream().map(owner -> Beside.run(owner::work)).toList();
        threads.forEach(Beside::get);
        memory.node(0).heal();
        memory.node(1).heal();
        check(world, owners);
      }
      range.close();
      assertThat(memory.device(0).usedBytes() + memory.device(1).usedBytes()).isZero();
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed=" + seed, e);
    }
  }

  private static void check(World world, List<Owner> owners) {
    assertThat(world.memory.openLeases()).isZero();
    for (int page = 0; page < PAGES; page++) {
      boolean isPoisoned = pages(world.range, page, 1).residency().poisonedPages() == 1;
      assertThat(isPoisoned || world.lost.get(page) == 0).as("page %s was lost", page).isTrue();
      for (Owner owner : owners) {
        if (!isPoisoned) {
          assertThat(Arrays.stream(FaultyMemory.ints(owner.quarter(page))).distinct()).as("page %s of %s", page, owner.number)
              .containsExactly(owner.values[page]);
        }
      }
    }
  }
}

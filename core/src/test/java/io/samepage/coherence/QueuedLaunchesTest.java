package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Launches on one device that touch the same pages: they return while the first of them still runs, and run in the order in which they were
 * launched; what one of them loses, those that need it lose too, and nobody else. {@code -Dsamepage.seed=n} runs one seed alone.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class QueuedLaunchesTest {
  private static final int PAGES = 4;
  private static final int SEEDS = 60;
  private static final int LAUNCHES = 40;
  private static final int LOST = -1;

  private FaultyMemory world;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    world = new FaultyMemory(16, 16);
    range = world.pages(PAGES);
    fill(range.all(), 1);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aHundredLaunchesThatEachNeedTheOneBeforeReturnWhileTheFirstStillRuns() {
    CountDownLatch gate = world.gate();
    List<Fence> fences = new ArrayList<>(List.of(world.launchGated(0, range.all(), gate)));
    for (int i = 0; i < 100; i++) {
      fences.add(world.launchIncrement(0, range.all(), 1));
    }
    assertThat(fences).noneMatch(Fence::isDone);
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(102);
    assertThat(fences).allMatch(Fence::isDone);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aLaunchThatOverwritesWhatOneBeforeReadsDoesNotChangeWhatThatReads() {
    UnifiedRange copy = world.pages(1);
    CountDownLatch gate = world.gate();
    world.launchGated(0, pages(range, 1, 1), gate);
    world.launchCopy(0, pages(range, 0, 1), copy.all());
    world.launchFill(0, pages(range, 0, 1), 7);
    gate.countDown();
    assertThat(ints(copy.all())).containsOnly(1);
    assertThat(ints(pages(range, 0, 1))).containsOnly(7);
  }

  @Test
  void aLaunchOnAnotherDeviceWaitsForThoseThatWriteItsPages() {
    CountDownLatch gate = world.gate();
    world.launchGated(0, range.all(), gate);
    world.launchIncrement(0, range.all(), 5);
    Beside<Fence> other = Beside.start(() -> world.launchIncrement(1, range.all(), 10));
    other.awaitWaiting();
    gate.countDown();
    other.get().await();
    assertThat(ints(range.all())).containsOnly(17);
  }

  @Test
  void whatAFailedLaunchWasToWriteFailsThoseThatNeedIt() {
    CountDownLatch gate = world.gate();
    Fence broken = world.launchBroken(0, pages(range, 0, 2), gate);
    Fence needy = world.launchIncrement(0, pages(range, 1, 2), 1);
    Fence needyOfThat = world.launchIncrement(0, pages(range, 2, 2), 1);
    Fence apart = world.launchIncrement(0, pages(range, 0, 1), 1);
    gate.countDown();
    for (Fence failed : List.of(broken, needy, needyOfThat, apart)) {
      assertThatThrownBy(failed::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("broken on purpose");
    }
    for (int page = 0; page < PAGES; page++) {
      int each = page;
      assertThatThrownBy(() -> ints(pages(range, each, 1))).as("page %d", page).isInstanceOf(PoisonedPageException.class);
    }
  }

  @Test
  void aLaunchThatOverwritesWhatAFailedOneWasToWriteMakesItWhole() {
    CountDownLatch gate = world.gate();
    Fence broken = world.launchBroken(0, pages(range, 0, 2), gate);
    Fence whole = world.launchFill(0, pages(range, 0, 1), 5);
    Fence reader = world.launchIncrement(0, pages(range, 0, 1), 1);
    gate.countDown();
    assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
    whole.await();
    reader.await();
    assertThat(ints(pages(range, 0, 1))).containsOnly(6);
    assertThatThrownBy(() -> ints(pages(range, 1, 1))).isInstanceOf(PoisonedPageException.class);
  }

  static LongStream seeds() {
    return Long.getLong("samepage.seed") == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.getLong("samepage.seed"));
  }

  /** What one launch was, and what the model says of it. */
  private record Launched(Fence fence, boolean fails, String what) {}

  @ParameterizedTest
  @MethodSource("seeds")
  void anySequenceEndsAsIfEachLaunchHadWaitedForTheOneBefore(long seed) {
    Random random = new Random(seed);
    int[] values = new int[PAGES];
    Arrays.fill(values, 1);
    List<Launched> launches = new ArrayList<>();
    for (int i = 0; i < LAUNCHES; i++) {
      launches.add(launchOne(random, values));
      if (random.nextInt(8) == 0) {
        awaitAll(seed, launches);
      }
    }
    awaitAll(seed, launches);
    for (int page = 0; page < PAGES; page++) {
      assertThat(read(page)).as("seed=%d, page=%d, launches=%s", seed, page, launches).isEqualTo(values[page]);
    }
    assertThat(world.openLeases()).as("seed=%d", seed).isZero();
  }

  private int read(int page) {
    try {
      int[] ints = ints(pages(range, page, 1));
      assertThat(ints).containsOnly(ints[0]);
      return ints[0];
    } catch (PoisonedPageException e) {
      return LOST;
    }
  }

  private void awaitAll(long seed, List<Launched> launches) {
    for (Launched launch : launches) {
      if (launch.fails) {
        assertThatThrownBy(launch.fence::await).as("seed=%d, %s of %s", seed, launch.what, launches)
            .isInstanceOf(KernelFailedException.class);
      } else {
        launch.fence.await();
      }
    }
    launches.clear();
  }

  /** Needs pages that are lost: if that is known already the launch itself throws, and the model leaves it out. */
  private Launched launchOne(Random random, int[] values) {
    int first = random.nextInt(PAGES);
    int count = 1 + random.nextInt(PAGES - first);
    int value = 2 + random.nextInt(1000);
    String what = first + "+" + count;
    switch (random.nextInt(8)) {
      case 0 -> {
        Arrays.fill(values, first, first + count, LOST);
        return new Launched(world.launchBroken(0, pages(range, first, count)), true, "broken " + what);
      }
      case 1, 2 -> {
        Arrays.fill(values, first, first + count, value);
        return new Launched(world.launchFill(0, pages(range, first, count), value), false, "fill " + what);
      }
      case 3, 4 -> {
        Arrays.fill(values, first, first + count, value);
        return new Launched(world.launchSlowFill(0, pages(range, first, count), value), false, "slow fill " + what);
      }
      default -> {
        return increment(first, count, values, what);
      }
    }
  }

  private Launched increment(int first, int count, int[] values, String what) {
    boolean needsLost = Arrays.stream(values, first, first + count).anyMatch(value -> value == LOST);
    try {
      Fence fence = world.launchIncrement(0, pages(range, first, count), 1);
      for (int page = first; page < first + count; page++) {
        values[page] = needsLost ? LOST : values[page] + 1;
      }
      return new Launched(fence, needsLost, "increment " + what);
    } catch (PoisonedPageException e) {
      assertThat(needsLost).as("%s of %s is refused", what, Arrays.toString(values)).isTrue();
      return new Launched(world.launchFill(0, world.pages(1).all(), 0), false, "refused " + what);
    }
  }
}

package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Argument;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * A hundred launches that each need the one before, among a hundred on ranges of their own, on a device that takes its time before every
 * command, at random. Kernels tell when they begin and end. {@code -Dsamepage.seed=n} runs one seed alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class DelayedQueuesTest {
  private static final int LAUNCHES = 100;
  private static final int SEEDS = Integer.getInteger("samepage.delay.seeds", 1000);
  private static final int INTS = 16;
  private static final long DELAY_NANOS_MAX = 8_000;

  private final AtomicInteger chained = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final AtomicLong chainsBroken = new AtomicLong();
  /** {@code a = a * 3 + 1}: the order of two such steps doesn't show, but one that is left out, or done on old bytes, does. */
  private final KernelSource step = KernelSource.builder().java("chained", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
    begin();
    chainsBroken.addAndGet(chained.getAndIncrement());
    step(arguments.segment(0), group.startX(), group.endX());
    chained.decrementAndGet();
    running.decrementAndGet();
  }).java("single", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
    begin();
    step(arguments.segment(0), group.startX(), group.endX());
    running.decrementAndGet();
  }).build();

  private FaultyMemory world;
  private UnifiedRange chain;
  private final List<UnifiedRange> singles = new ArrayList<>();

  private void begin() {
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
  }

  private static void step(MemorySegment ints, long first, long end) {
    for (long i = first; i < end; i++) {
      ints.setAtIndex(FaultyMemory.INT, i, ints.getAtIndex(FaultyMemory.INT, i) * 3 + 1);
    }
  }

  @BeforeAll
  void open() {
    world = new FaultyMemory(2 + LAUNCHES);
    chain = world.pages(1);
    for (int i = 0; i < LAUNCHES; i++) {
      singles.add(world.pages(1));
    }
  }

  @AfterAll
  void close() {
    world.close();
  }

  @Test
  void whatDependsRunsInOrderAndWhatDoesNotOverlaps() {
    LongStream seeds = Long.getLong("samepage.seed") == null ? LongStream.range(0, SEEDS) : LongStream.of(Long.getLong("samepage.seed"));
    seeds.forEach(this::run);
    System.out.println("[delays] seeds=" + SEEDS + ", launches=" + 2 * LAUNCHES + " each, most kernels at a time=" + mostRunning);
    assertThat(mostRunning.get()).as("kernels at a time").isGreaterThan(1);
  }

  private void run(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    fill(first(chain), 1);
    singles.forEach(range -> fill(first(range), (int) seed));
    // Asked by this thread alone.
    world.node(0).delay(() -> random.nextInt(4) == 0 ? random.nextLong(DELAY_NANOS_MAX) : 0);
    List<Fence> fences = new ArrayList<>();
    int nextSingle = 0;
    int expected = 1;
    for (int i = 0; i < LAUNCHES; i++) {
      fences.add(launch("chained", chain));
      expected = expected * 3 + 1;
      for (int more = random.nextInt(3); more > 0 && nextSingle < LAUNCHES; more--) {
        fences.add(launch("single", singles.get(nextSingle++)));
      }
    }
    while (nextSingle < LAUNCHES) {
      fences.add(launch("single", singles.get(nextSingle++)));
    }
    Fence.all(fences).await();
    world.node(0).delay(null);
    assertThat(ints(first(chain))).as("seed=%d, the chain", seed).containsOnly(expected);
    for (int i = 0; i < LAUNCHES; i++) {
      assertThat(ints(first(singles.get(i)))).as("seed=%d, range %d", seed, i).containsOnly((int) seed * 3 + 1);
    }
    assertThat(chainsBroken.get()).as("seed=%d: kernels that ran beside the one before", seed).isZero();
  }

  private static Slice first(UnifiedRange range) {
    return range.slice(0, INTS * 4L);
  }

  private Fence launch(String kernel, UnifiedRange range) {
    return world.device(0).kernel(step, kernel).launch(Grid.of(INTS), Argument.inOut(first(range)));
  }
}

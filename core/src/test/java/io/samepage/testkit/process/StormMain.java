package io.samepage.testkit.process;

import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * What the JVM of a storm runs: threads touch memory that migrates, while one thread collects garbage all the time and another one makes
 * it. Arguments: devices, separated by commas; how many faults there are to be and how many seconds it is to last, at least; a seed. Says
 * how it gets on while every thread does; at last what came of it.
 */
public final class StormMain {
  static final String RESULT = "storm: ";
  private static final int TOUCHERS = 4;
  private static final long PAGES_EACH = 200;
  private static final int GARBAGE_BYTES = 20_000;
  private static final int GARBAGE_KEPT = 100;
  private static final long LITTER_PAUSE_NANOS = 20_000;
  /** Collections take a third of the time at most: without any in between, four touchers would hardly get a turn. */
  private static final int PAUSES_PER_COLLECTION = 2;

  private final List<StormToucher> touchers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final CountDownLatch failed = new CountDownLatch(1);
  private final UnifiedMemory memory;
  private final MemorySegment all;
  private final long seed;
  private volatile long collections;
  private volatile boolean isOver;

  private StormMain(UnifiedMemory memory, UnifiedArena arena, long seed) {
    this.memory = memory;
    this.seed = seed;
    all = arena.allocate(TOUCHERS * PAGES_EACH * StormKernels.PAGE_BYTES);
  }

  public static void main(String[] arguments) throws InterruptedException {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(arguments[0].split(",")).open();
        UnifiedArena arena = memory.sharedArena()) {
      StormMain storm = new StormMain(memory, arena, Long.parseLong(arguments[3]));
      System.out.println(RESULT + storm.run(Long.parseLong(arguments[1]), Long.parseLong(arguments[2])));
    }
  }

  private String run(long leastFaults, long leastSeconds) throws InterruptedException {
    long start = System.nanoTime();
    startThreads();
    while (failure.get() == null && (faults() < leastFaults || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(leastSeconds))) {
      awaitProgress();
    }
    long faults = faults();
    double seconds = (System.nanoTime() - start) * 1e-9;
    isOver = true;
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new AssertionError("A thread failed: seed=" + seed + ", " + memory.hostStatistics(), failure.get());
    }
    if (memory.hostStatistics().poisonedPages() != 0) {
      throw new AssertionError("Pages were lost: " + memory.hostStatistics());
    }
    return "faults=%d, seconds=%.1f, faultsPerSecond=%.0f, collections=%d, checkedPages=%d".formatted(faults, seconds, faults / seconds,
        collections, touchers.stream().mapToLong(StormToucher::checkedPages).sum());
  }

  private long faults() {
    return memory.hostStatistics().faults();
  }

  private void startThreads() {
    for (int i = 0; i < TOUCHERS; i++) {
      StormToucher toucher = new StormToucher(i, memory, all.asSlice(i * PAGES_EACH * StormKernels.PAGE_BYTES,
          PAGES_EACH * StormKernels.PAGE_BYTES), seed);
      touchers.add(toucher);
      start("toucher " + i, () -> toucher.run(() -> isOver));
    }
    start("collector", this::collect);
    start("litterer", this::litter);
  }

  private void start(String name, Runnable work) {
    threads.add(Thread.ofPlatform().name(name).start(() -> {
      try {
        work.run();
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
        isOver = true;
        failed.countDown();
      }
    }));
  }

  private void collect() {
    for (long asked = 1; !isOver; asked++) {
      long start = System.nanoTime();
      System.gc();
      collections = asked;
      LockSupport.parkNanos(PAUSES_PER_COLLECTION * (System.nanoTime() - start));
    }
  }

  private void litter() {
    byte[][] kept = new byte[GARBAGE_KEPT][];
    for (int i = 0; !isOver; i++) {
      kept[i % kept.length] = new byte[GARBAGE_BYTES];
      LockSupport.parkNanos(LITTER_PAUSE_NANOS);
    }
  }

  /** Says so once every toucher has got on. Whoever waits for it in vain knows that one hangs. */
  private void awaitProgress() throws InterruptedException {
    List<Long> before = touchers.stream().map(StormToucher::rounds).toList();
    boolean allGotOn = false;
    while (!allGotOn && !failed.await(200, TimeUnit.MILLISECONDS)) {
      allGotOn = true;
      for (int i = 0; i < TOUCHERS; i++) {
        allGotOn &= touchers.get(i).rounds() > before.get(i);
      }
    }
    System.out.println("faults=" + faults());
  }
}

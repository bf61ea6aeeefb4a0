package io.samepage.benchmarks.safepoints;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.work.SparsePages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * What the JVM whose safepoints are measured runs: two threads touch pages that the embedded device has written, again and again, as fast
 * as they can or with a pause after each, while a third one leaves garbage behind and asks for collections. Arguments: how many seconds;
 * whether the device writes the pages again each time ({@code true}) or they stay on the host all the time; and the pause in
 * microseconds. Prints a {@link Report}.
 */
final class FaultLoad {
  /**
   * What came of it.
   *
   * @param fromMillis the JVM's uptime when the load began
   * @param toMillis and when it ended
   * @param touches pages touched
   * @param faults touches that the handler served
   */
  record Report(long fromMillis, long toMillis, long touches, long faults) {
    private static final String START = "load:";

    static Report parse(String line) {
      String[] numbers = line.substring(START.length()).strip().split(" ");
      return new Report(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]), Long.parseLong(numbers[3]));
    }

    static boolean isOne(String line) {
      return line.startsWith(START);
    }

    String line() {
      return START + " " + fromMillis + " " + toMillis + " " + touches + " " + faults;
    }

    double faultsPerSecond() {
      return faults * 1e3 / (toMillis - fromMillis);
    }
  }

  private static final int TOUCHERS = 2;
  private static final long RANGE_BYTES = 64 << 20;
  private static final int GARBAGE_BYTES = 64 << 10;
  private static final int GARBAGE_ARRAYS_KEPT = 256;
  private static final int ROUNDS_PER_COLLECTION = 20;
  private static final long[] OFFSETS = SparsePages.offsets(RANGE_BYTES);

  private final UnifiedMemory memory;
  private final boolean isRewritten;
  private final int pauseMicros;
  private volatile boolean stopped;
  private volatile long sums;

  private FaultLoad(UnifiedMemory memory, boolean isRewritten, int pauseMicros) {
    this.memory = memory;
    this.isRewritten = isRewritten;
    this.pauseMicros = pauseMicros;
  }

  /**
   * Runs the load.
   *
   * @param arguments seconds, whether the pages are written again, the pause
   * @throws Exception if a thread fails
   */
  public static void main(String[] arguments) throws Exception {
    try (UnifiedMemory memory = BenchmarkMemory.openEmbedded()) {
      FaultLoad load = new FaultLoad(memory, Boolean.parseBoolean(arguments[1]), Integer.parseInt(arguments[2]));
      System.out.println(load.run(Integer.parseInt(arguments[0])).line());
    }
  }

  private Report run(int seconds) throws Exception {
    try (UnifiedArena arena = memory.sharedArena(); ExecutorService threads = Executors.newFixedThreadPool(TOUCHERS + 1)) {
      List<MemorySegment> ranges = new ArrayList<>();
      for (int i = 0; i < TOUCHERS; i++) {
        ranges.add(arena.allocate(RANGE_BYTES, Long.BYTES).fill((byte) 1));
      }
      long faults = memory.hostStatistics().faults();
      long from = ManagementFactory.getRuntimeMXBean().getUptime();
      List<Future<Long>> touchers = ranges.stream().map(range -> threads.submit(() -> touch(range))).toList();
      Future<?> collector = threads.submit(this::leaveGarbage);
      collectorOrTime(collector, seconds);
      long to = ManagementFactory.getRuntimeMXBean().getUptime();
      faults = memory.hostStatistics().faults() - faults;
      stopped = true;
      long touches = 0;
      for (Future<Long> toucher : touchers) {
        touches += toucher.get();
      }
      collector.get();
      return new Report(from, to, touches, faults);
    }
  }

  /** Waits until the time is over, or the collector fails. */
  private static void collectorOrTime(Future<?> collector, int seconds) throws Exception {
    try {
      collector.get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // As it should be.
    }
  }

  private long touch(MemorySegment range) {
    Device device = BenchmarkMemory.device(memory);
    long touches = 0;
    long sum = 0;
    while (!stopped) {
      if (isRewritten) {
        device.acquire(memory.slice(range), Access.WRITE).close();
      }
      for (int i = 0; i < OFFSETS.length && !stopped; i++) {
        // A load of which nothing comes is none, once it is compiled.
        sum += range.get(ValueLayout.JAVA_BYTE, OFFSETS[i]);
        touches++;
        if (pauseMicros > 0) {
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(pauseMicros));
        }
      }
    }
    sums = sum;
    return touches;
  }

  private Object leaveGarbage() throws InterruptedException {
    byte[][] kept = new byte[GARBAGE_ARRAYS_KEPT][];
    for (int round = 1; !stopped; round++) {
      for (int i = 0; i < 8; i++) {
        kept[(8 * round + i) % kept.length] = new byte[GARBAGE_BYTES];
      }
      if (round % ROUNDS_PER_COLLECTION == 0) {
        System.gc();
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return kept;
  }
}

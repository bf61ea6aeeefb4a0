package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.LeaseTimeoutException;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Eight threads at a time: nothing torn, nothing lost, nobody starved, no deadlock. Each test runs once with the device's own budget
 * and once with one that is too small for the working set. {@code -Dsamepage.stress.seed} sets the seed,
 * {@code -Dsamepage.stress.rounds} how many rounds each thread does.
 */
public abstract class ThreadStress extends MemoryContract {
  private static final int THREADS = 8;
  private static final int ROUNDS = Integer.getInteger("samepage.stress.rounds", 500);
  private static final long SEED = Long.getLong("samepage.stress.seed", 20_262);
  private static final Duration TIMEOUT = Duration.ofSeconds(150);
  /** Where the cells of a range begin, in ints: inside pages, at their borders and across them. */
  private static final int[] CELLS = {0, 100, 1024, 1030, 2048, 3000, 3072, 5000, 6144};

  /** One thread's place in a run. */
  private record Worker(int thread, UnifiedMemory memory, SplittableRandom random) {
    /** Whether the device's memory is so small that it could be full of leases, which is no reason to wait but to be refused. */
    boolean isShortOfMemory() {
      return memory.devices().getFirst().budgetBytes() < 4L * CELLS[CELLS.length - 1];
    }

    Device device() {
      return memory.devices().get(random.nextInt(memory.devices().size()));
    }

    Kernel kernel(String name) {
      return device().kernel(TestKernels.SOURCE, name);
    }
  }

  @FunctionalInterface
  private interface Rounds {
    void run(Worker worker);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void nothingIsTornAndEveryThreadComesToItsEnd(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      List<UnifiedRange> ranges = ranges(memory, 3, 4L * CELLS[CELLS.length - 1]);
      AtomicInteger stamps = new AtomicInteger(1_000_000);
      crew(memory, worker -> {
        for (int round = 0; round < ROUNDS; round++) {
          UnifiedRange range = ranges.get(worker.random.nextInt(ranges.size()));
          int cell = worker.random.nextInt(CELLS.length - 1);
          switch (worker.random.nextInt(8)) {
            case 0, 1 -> onHost(Access.READ, worker, range, cell, stamps);
            case 2 -> onHost(Access.WRITE, worker, range, cell, stamps);
            case 3 -> onHost(Access.READ_WRITE, worker, range, cell, stamps);
            case 4 -> inLittleTime(worker, range, cell, stamps);
            default -> onDevice(worker, range, ranges.get(worker.random.nextInt(ranges.size())), cell, stamps);
          }
        }
      });
      ranges.forEach(range -> IntStream.range(0, CELLS.length - 1).forEach(cell -> checkUniform(ints(cells(range, cell, 1)))));
      assertThat(memory.statistics().openLeases()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void noIncrementIsLost(int budgetPages) {
    int counters = 24;
    try (UnifiedMemory memory = open(budgetPages)) {
      List<UnifiedRange> ranges = ranges(memory, 3, 2 * page());
      AtomicLongArray expected = new AtomicLongArray(ranges.size() * counters);
      crew(memory, worker -> {
        for (int round = 0; round < ROUNDS; round++) {
          int range = worker.random.nextInt(ranges.size());
          int first = worker.random.nextInt(counters - 4);
          int count = 1 + worker.random.nextInt(4);
          // The counters lie across the border of two pages.
          Slice slice = ranges.get(range).slice(page() - 2L * counters + 4L * first, 4L * count);
          increment(worker, slice);
          IntStream.range(first, first + count).forEach(i -> expected.incrementAndGet(range * counters + i));
        }
      });
      for (int range = 0; range < ranges.size(); range++) {
        int[] found = ints(ranges.get(range).slice(page() - 2L * counters, 4L * counters));
        for (int i = 0; i < counters; i++) {
          assertThat(found[i]).as("counter %d of range %d", i, range).isEqualTo((int) expected.get(range * counters + i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void leasesOverSeveralRangesTakenInAnyOrderNeitherDeadlockNorMix(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      List<UnifiedRange> accounts = ranges(memory, 8, 4);
      UnifiedRange sums = memory.allocate(THREADS * page());
      accounts.forEach(account -> write(account, 1000));
      crew(memory, worker -> {
        for (int round = 0; round < ROUNDS; round++) {
          List<Slice> shuffled = new ArrayList<>(accounts.stream().map(UnifiedRange::all).toList());
          Collections.shuffle(shuffled, new Random(worker.random.nextLong()));
          switch (worker.random.nextInt(4)) {
            case 0 -> checkTotal(worker, shuffled);
            case 1 -> worker.kernel("add").launch(Grid.of(1), in(shuffled.get(0)), in(shuffled.get(1)),
                out(sums.slice(worker.thread * page(), 4)));
            default -> transfer(worker, shuffled.subList(0, 2));
          }
        }
      });
      assertThat(accounts.stream().mapToInt(account -> ints(account)[0]).sum()).isEqualTo(1000 * accounts.size());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8})
  void launchesThatNeedMostOfTheDeviceTakeTurns(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      List<UnifiedRange> ranges = ranges(memory, 6, 2 * page());
      int items = (int) page() / 2;
      crew(memory, worker -> {
        for (int round = 0; round < ROUNDS / 4; round++) {
          List<UnifiedRange> shuffled = new ArrayList<>(ranges);
          Collections.shuffle(shuffled, new Random(worker.random.nextLong()));
          worker.kernel("add").launch(Grid.of(items), in(shuffled.get(0)), in(shuffled.get(1)), out(shuffled.get(2)));
          worker.kernel("fill").launch(Grid.of(items), out(shuffled.get(3)), value(worker.thread));
        }
      });
      ranges.forEach(range -> checkUniform(ints(range)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9})
  void rangesComeAndGoInEveryThread(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      crew(memory, worker -> {
        for (int round = 0; round < ROUNDS / 2; round++) {
          try (UnifiedRange range = memory.allocate(4 + worker.random.nextLong(3 * page()))) {
            Slice slice = range.slice(0, range.sizeBytes() / 4 * 4);
            write(slice, worker.thread);
            Slice part = slice.slice(0, Math.min(slice.sizeBytes(), 256));
            worker.kernel("increment").launch(Grid.of(part.sizeBytes() / 4), inOut(part), value(round));
            int[] expected = sequence(worker.thread, slice.sizeBytes());
            for (int i = 0; i < part.sizeBytes() / 4; i++) {
              expected[i] += round;
            }
            assertThat(ints(slice)).isEqualTo(expected);
          }
        }
      });
      assertThat(memory.statistics().openRanges()).isZero();
      assertThat(memory.devices()).allMatch(device -> device.usedBytes() == 0);
    }
  }

  /** The others go on until one thread has had its turns, so it must get them against all of them. */
  @ParameterizedTest
  @ValueSource(strings = {"READ", "WRITE"})
  void oneThreadAgainstAllOthersIsNotStarved(Access ofTheOthers) {
    Access ofTheOne = ofTheOthers == Access.READ ? Access.WRITE : Access.READ;
    try (UnifiedMemory memory = open(0)) {
      UnifiedRange range = memory.allocate(2 * page());
      AtomicBoolean isOver = new AtomicBoolean();
      crew(memory, worker -> {
        for (int turn = 0; worker.thread == 0 ? turn < 50 : !isOver.get(); turn++) {
          Access access = worker.thread == 0 ? ofTheOne : ofTheOthers;
          if (worker.random.nextInt(4) == 0) {
            worker.device().acquire(range.all(), access).close();
          } else {
            range.host(access).close();
          }
        }
        isOver.compareAndSet(false, worker.thread == 0);
      });
      assertThat(isOver).isTrue();
    }
  }

  private UnifiedMemory open(int budgetPages) {
    UnifiedMemory.Builder builder = builder().leaseTimeout(TIMEOUT);
    if (budgetPages > 0) {
      devices().forEach(device -> builder.deviceBudget(device, budgetPages * page()));
    }
    return builder.open();
  }

  private static List<UnifiedRange> ranges(UnifiedMemory memory, int count, long sizeBytes) {
    return IntStream.range(0, count).mapToObj(i -> memory.allocate(sizeBytes)).toList();
  }

  private void crew(UnifiedMemory memory, Rounds rounds) {
    Crew.run(THREADS, TIMEOUT, thread -> rounds.run(new Worker(thread, memory, new SplittableRandom(SEED + thread))),
        () -> "seed=" + SEED + ", devices=" + devices() + ", " + memory.statistics());
  }

  private static Slice cells(UnifiedRange range, int first, int count) {
    return range.slice(4L * CELLS[first], 4L * (CELLS[first + count] - CELLS[first]));
  }

  /** One cell or several beside each other, in one lease: each is uniform, and afterwards all are. */
  private static void onHost(Access access, Worker worker, UnifiedRange range, int cell, AtomicInteger stamps) {
    int count = 1 + worker.random.nextInt(Math.min(3, CELLS.length - 1 - cell));
    try (HostLease lease = cells(range, cell, count).host(access)) {
      use(lease.segment(), access, cell, count, stamps);
    }
  }

  private static void inLittleTime(Worker worker, UnifiedRange range, int cell, AtomicInteger stamps) {
    Duration timeout = Duration.ofNanos(worker.random.nextInt(3) * 100_000L);
    try (HostLease lease = cells(range, cell, 1).host(Access.READ_WRITE, timeout)) {
      use(lease.segment(), Access.READ_WRITE, cell, 1, stamps);
    } catch (LeaseTimeoutException e) {
      assertThat(e).hasMessageContaining("timeoutMillis");
    }
  }

  private static void use(MemorySegment segment, Access access, int first, int count, AtomicInteger stamps) {
    if (access.reads()) {
      int[] ints = segment.toArray(INT);
      for (int cell = first; cell < first + count; cell++) {
        checkUniform(Arrays.copyOfRange(ints, CELLS[cell] - CELLS[first], CELLS[cell + 1] - CELLS[first]));
      }
    }
    if (access.writes()) {
      int stamp = stamps.incrementAndGet();
      for (long i = 0; i < segment.byteSize() / 4; i++) {
        segment.setAtIndex(INT, i, stamp);
      }
    }
  }

  private static void onDevice(Worker worker, UnifiedRange range, UnifiedRange other, int cell, AtomicInteger stamps) {
    Slice slice = cells(range, cell, 1);
    long items = slice.sizeBytes() / 4;
    switch (worker.random.nextInt(5)) {
      case 0 -> worker.kernel("fill").launch(Grid.of(items), out(slice), value(stamps.incrementAndGet()));
      case 1 -> worker.kernel("increment").launch(Grid.of(items), inOut(slice), value(1)).await();
      case 2 -> {
        if (range != other) {
          worker.kernel("copy").launch(Grid.of(slice.sizeBytes()), in(slice), out(cells(other, cell, 1)));
        }
      }
      default -> {
        if (!worker.isShortOfMemory()) {
          worker.device().acquire(slice, worker.random.nextBoolean() ? Access.READ : Access.READ_WRITE).close();
        }
      }
    }
  }

  private static void increment(Worker worker, Slice slice) {
    if (worker.random.nextBoolean()) {
      worker.kernel("increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(1));
      return;
    }
    try (HostLease lease = slice.host(Access.READ_WRITE)) {
      for (long i = 0; i < slice.sizeBytes() / 4; i++) {
        lease.segment().setAtIndex(INT, i, lease.segment().getAtIndex(INT, i) + 1);
      }
    }
  }

  private static void transfer(Worker worker, List<Slice> fromAndTo) {
    int amount = worker.random.nextInt(100);
    try (HostLease lease = worker.memory.host(Access.READ_WRITE, fromAndTo)) {
      MemorySegment from = lease.segments().get(0);
      MemorySegment to = lease.segments().get(1);
      from.set(INT, 0, from.get(INT, 0) - amount);
      to.set(INT, 0, to.get(INT, 0) + amount);
    }
  }

  private static void checkTotal(Worker worker, List<Slice> accounts) {
    try (HostLease lease = worker.memory.host(Access.READ, accounts)) {
      int total = lease.segments().stream().mapToInt(segment -> segment.get(INT, 0)).sum();
      assertThat(total).isEqualTo(1000 * accounts.size());
    }
  }

  private static void checkUniform(int[] cell) {
    for (int i = 1; i < cell.length; i++) {
      if (cell[i] != cell[0]) {
        throw new AssertionError("Torn: first=" + cell[0] + ", at=" + i + ", found=" + cell[i] + ", ints=" + cell.length);
      }
    }
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Lease;
import io.samepage.OutOfDeviceMemoryException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads that read the same slices again and again, on the host and on devices, while others write, launch, touch, evict, discard and
 * close. Each cell has one writer, whose stamps grow: a reader finds one stamp in the whole cell, the same at the end of its lease as at
 * the beginning, and none older than the last that was finished before it came. For devices whose handles are addresses.
 * {@code -Dsamepage.stress.seed} sets the seed, {@code -Dsamepage.stress.rounds} how many rounds each writer does.
 */
public abstract class RepeatedReads extends MemoryContract {
  private static final int WRITERS = 4;
  private static final int READERS = 4;
  private static final int ROUNDS = Integer.getInteger("samepage.stress.rounds", 300);
  private static final long SEED = Long.getLong("samepage.stress.seed", 20_265);
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  /** Cells of which two share a page. What was written of each: begun, finished; and how often it was begun or ended to touch it. */
  private record World(UnifiedMemory memory, List<Slice> cells, List<MemorySegment> touched, AtomicIntegerArray begun,
      AtomicIntegerArray finished, AtomicIntegerArray touches, AtomicBoolean isOver, Queue<Lease> toBeClosed) {
    Device device(SplittableRandom random) {
      return memory.devices().get(random.nextInt(memory.devices().size()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void readersSeeWholeStampsAndNoneThatIsOutdated(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      UnifiedRange range = memory.allocate(4 * page());
      run(memory, cells(range.all()), List.of());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 17})
  void readersOfTouchedMemorySeeWholeStampsAndNoneThatIsOutdated(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      try (UnifiedArena arena = memory.sharedArena()) {
        MemorySegment segment = arena.allocate(4 * page());
        List<Slice> cells = cells(memory.slice(segment));
        run(memory, cells, cells.stream().map(cell -> segment.asSlice(cell.offsetBytes(), cell.sizeBytes())).toList());
      }
    }
  }

  /** Somebody closes the range that the others read, opens another, and is refused while a lease is open. */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aRangeIsClosedBetweenReadsAndNeverDuringOne(int budgetPages) {
    try (UnifiedMemory memory = open(budgetPages)) {
      AtomicReference<UnifiedRange> current = new AtomicReference<>(stamped(memory, 1));
      AtomicBoolean isOver = new AtomicBoolean();
      Crew.run(1 + READERS, TIMEOUT, thread -> {
        if (thread == 0) {
          for (int stamp = 2; stamp < ROUNDS; stamp++) {
            UnifiedRange old = current.getAndSet(stamped(memory, stamp));
            closeOnceFree(old);
          }
          isOver.set(true);
          return;
        }
        SplittableRandom random = new SplittableRandom(SEED + thread);
        while (!isOver.get()) {
          readIfOpen(current.get(), random);
        }
      }, () -> "seed=" + SEED + ", " + memory.statistics());
      current.get().close();
      assertThat(memory.statistics().openLeases()).isZero();
      assertThat(memory.devices()).allMatch(device -> device.usedBytes() == 0);
    }
  }

  private UnifiedMemory open(int budgetPages) {
    UnifiedMemory.Builder builder = builder().leaseTimeout(TIMEOUT);
    if (budgetPages > 0) {
      devices().forEach(device -> builder.deviceBudget(device, budgetPages * page()));
    }
    return builder.open();
  }

  private List<Slice> cells(Slice all) {
    long page = page();
    return List.of(all.slice(0, 400), all.slice(400, page - 400), all.slice(page, 2 * page), all.slice(3 * page, page));
  }

  private void run(UnifiedMemory memory, List<Slice> cells, List<MemorySegment> touched) {
    World world = new World(memory, cells, touched, new AtomicIntegerArray(WRITERS), new AtomicIntegerArray(WRITERS),
        new AtomicIntegerArray(WRITERS), new AtomicBoolean(), new ConcurrentLinkedQueue<>());
    // What takes its place on the device where there is too little.
    UnifiedRange other = memory.allocate(2 * page());
    AtomicIntegerArray ended = new AtomicIntegerArray(1);
    Crew.run(WRITERS + READERS, TIMEOUT, thread -> {
      SplittableRandom random = new SplittableRandom(SEED + thread);
      if (thread >= WRITERS) {
        while (!world.isOver.get()) {
          read(world, random.nextInt(cells.size()), random);
        }
        return;
      }
      for (int round = 1; round <= ROUNDS; round++) {
        write(world, thread, random);
        if (random.nextInt(8) == 0) {
          whereThereIsRoom(() -> world.device(random).acquire(other.all(), Access.READ).close());
        }
      }
      if (ended.incrementAndGet(0) == WRITERS) {
        world.isOver.set(true);
      }
    }, () -> "seed=" + SEED + ", devices=" + devices() + ", " + memory.statistics());
    world.toBeClosed.forEach(Lease::close);
    assertThat(memory.statistics().openLeases()).isZero();
    assertThat(world.finished.get(0)).isEqualTo(ROUNDS);
  }

  /** Does something on a device; false if leases that are open at the moment keep its memory. */
  private static boolean whereThereIsRoom(Runnable use) {
    try {
      use.run();
      return true;
    } catch (OutOfDeviceMemoryException e) {
      assertThat(e).hasMessageContaining("READ");
      return false;
    }
  }

  private static void write(World world, int cell, SplittableRandom random) {
    Slice slice = world.cells.get(cell);
    int stamp = world.begun.incrementAndGet(cell);
    if (!whereThereIsRoom(() -> write(world, cell, slice, stamp, random))) {
      writeOnHost(slice, Access.WRITE, stamp);
    }
    world.finished.set(cell, stamp);
  }

  private static void write(World world, int cell, Slice slice, int stamp, SplittableRandom random) {
    switch (random.nextInt(world.touched.isEmpty() ? 5 : 7)) {
      case 0 -> writeOnHost(slice, random.nextBoolean() ? Access.WRITE : Access.READ_WRITE, stamp);
      case 1 -> writeOnDevice(world.device(random), slice, stamp);
      case 2 -> {
        slice.discard();
        writeOnHost(slice, Access.WRITE, stamp);
      }
      case 3, 4 -> world.device(random).kernel(TestKernels.SOURCE, "fill")
          .launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(stamp));
      default -> {
        world.touches.incrementAndGet(cell);
        fill(world.touched.get(cell), stamp);
        world.touches.incrementAndGet(cell);
      }
    }
  }

  private static void writeOnHost(Slice slice, Access access, int stamp) {
    try (HostLease lease = slice.host(access)) {
      fill(lease.segment(), stamp);
    }
  }

  private static void writeOnDevice(Device device, Slice slice, int stamp) {
    try (DeviceLease lease = device.acquire(slice, Access.READ_WRITE)) {
      fill(bytesOf(lease), stamp);
    }
  }

  private static void fill(MemorySegment segment, int stamp) {
    for (long i = 0; i < segment.byteSize() / 4; i++) {
      segment.setAtIndex(INT, i, stamp);
    }
  }

  private static MemorySegment bytesOf(DeviceLease lease) {
    return MemorySegment.ofAddress(lease.handle() + lease.handleOffsetBytes()).reinterpret(lease.slices().getFirst().sizeBytes());
  }

  /** Reads a cell some times. What is closed by somebody else is so at the latest when there are a few. */
  private static void read(World world, int cell, SplittableRandom random) {
    boolean onHost = random.nextInt(3) == 0;
    Device device = world.device(random);
    for (int times = random.nextInt(6); times >= 0; times--) {
      whereThereIsRoom(() -> readOnce(world, cell, onHost ? null : device, random.nextInt(8) == 0));
      for (Lease other = world.toBeClosed.poll(); other != null; other = world.toBeClosed.poll()) {
        other.close();
      }
    }
  }

  private static void readOnce(World world, int cell, Device device, boolean isGivenAway) {
    Slice slice = world.cells.get(cell);
    int touchesBefore = world.touches.get(cell);
    int oldest = world.finished.get(cell);
    Lease lease = device == null ? slice.host(Access.READ) : device.acquire(slice, Access.READ);
    MemorySegment bytes = lease instanceof DeviceLease read ? bytesOf(read) : ((HostLease) lease).segment();
    int[] first = bytes.toArray(INT);
    Thread.yield();
    int[] second = bytes.toArray(INT);
    int newest = world.begun.get(cell);
    int touchesAfter = world.touches.get(cell);
    if (isGivenAway && device != null) {
      world.toBeClosed.add(lease);
    } else {
      lease.close();
      assertThatThrownBy(lease::close).isInstanceOf(IllegalStateException.class);
    }
    if (touchesBefore == touchesAfter && touchesBefore % 2 == 0) {
      check(slice, first, second, oldest, newest);
    }
  }

  private static void check(Slice slice, int[] first, int[] second, int oldest, int newest) {
    int stamp = first[0];
    for (int i = 0; i < first.length; i++) {
      if (first[i] != stamp || second[i] != stamp) {
        throw new AssertionError("Changed under a lease: slice=" + slice + ", at=" + i + ", first=" + first[i] + ", second=" + second[i]
            + ", stamp=" + stamp);
      }
    }
    // Zero is what a writer has discarded and not yet written again, which it does at once.
    boolean isDiscarded = stamp == 0 && newest > oldest;
    if (!isDiscarded && (stamp < oldest || stamp > newest)) {
      throw new AssertionError("Not of its time: slice=" + slice + ", stamp=" + stamp + ", oldest=" + oldest + ", newest=" + newest);
    }
  }

  private UnifiedRange stamped(UnifiedMemory memory, int stamp) {
    UnifiedRange range = memory.allocate(page());
    writeOnHost(range.all(), Access.WRITE, stamp);
    return range;
  }

  private static void closeOnceFree(UnifiedRange range) {
    while (true) {
      try {
        range.close();
        return;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("Leases are open on the range");
        Thread.yield();
      }
    }
  }

  private static void readIfOpen(UnifiedRange range, SplittableRandom random) {
    List<Lease> open = new ArrayList<>();
    try {
      Slice slice = range.all();
      for (int times = random.nextInt(12); times >= 0; times--) {
        DeviceLease lease = range.memory().devices().getFirst().acquire(slice, Access.READ);
        open.add(lease);
        int[] ints = bytesOf(lease).toArray(INT);
        assertThat(ints[ints.length - 1]).isEqualTo(ints[0]);
        assertThat(range.isOpen()).isTrue();
        if (random.nextBoolean()) {
          open.removeLast().close();
        }
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("The range is closed");
      assertThat(open).isEmpty();
    }
    open.forEach(Lease::close);
  }
}

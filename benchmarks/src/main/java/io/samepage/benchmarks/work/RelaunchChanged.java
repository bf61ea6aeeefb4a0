package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The host changes a page of a large range, and a kernel that is given the whole range reads an element of that page: the time until the
 * kernel is done, against the same with the whole range copied before each launch. The write of the page counts on both sides.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchChanged {
  private static final long SEED = 4;
  private static final int INTS_PER_PAGE = Pages.SIZE_BYTES / Integer.BYTES;
  private static final String KERNEL = "pick";
  private static final String SOURCE =
      "__kernel void pick(__global const int* data, long index, __global int* result) { result[0] = data[index]; }";

  private static void fillPage(MemorySegment page, int value) {
    for (int i = 0; i < INTS_PER_PAGE; i++) {
      page.setAtIndex(ValueLayout.JAVA_INT, i, value);
    }
  }

  /** Pages in no order, and what is written into each. */
  private static final class Changes {
    private final Random random = new Random(SEED);
    private final long pages;
    private long page;
    private int value;

    Changes(long rangeBytes) {
      pages = rangeBytes / Pages.SIZE_BYTES;
    }

    void next() {
      page = random.nextLong(pages);
      value++;
    }

    long offsetBytes() {
      return page * Pages.SIZE_BYTES;
    }

    /** The element that the kernel reads: the page's last. */
    long index() {
      return (page + 1) * INTS_PER_PAGE - 1;
    }
  }

  /** A range that host and device both have. */
  @State(Scope.Thread)
  public static class Changed {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How the host gets at it: under a lease of the page, or by plain stores. */
    @Param
    public HostAccess.Mode host;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment plain;
    private Slice slice;
    private UnifiedRange result;
    private Kernel kernel;
    private Changes changes;
    private Moved moved;

    /** Makes the range; the host writes it all and the device gets it. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      long sizeBytes = (long) rangeMib << 20;
      if (host == HostAccess.Mode.TRANSPARENT) {
        arena = memory.sharedArena();
        plain = arena.allocate(sizeBytes, Long.BYTES);
        plain.fill((byte) 1);
        slice = memory.slice(plain);
      } else {
        slice = memory.allocate(sizeBytes).all();
        try (HostLease lease = slice.host(Access.WRITE)) {
          lease.segment().fill((byte) 1);
        }
      }
      result = memory.allocate(Integer.BYTES);
      kernel = BenchmarkMemory.device(memory).kernel(KernelSource.builder().openClC(SOURCE).build(), KERNEL);
      changes = new Changes(sizeBytes);
      launch();
      moved = new Moved(memory);
    }

    /** Chooses a page. */
    @Setup(Level.Invocation)
    public void next() {
      changes.next();
      moved.start();
    }

    private void change() {
      if (plain != null) {
        fillPage(plain.asSlice(changes.offsetBytes(), Pages.SIZE_BYTES), changes.value);
        return;
      }
      try (HostLease lease = slice.slice(changes.offsetBytes(), Pages.SIZE_BYTES).host(Access.WRITE)) {
        fillPage(lease.segment(), changes.value);
      }
    }

    private void launch() {
      Object data = plain == null ? slice : plain;
      kernel.launch(Grid.of(1), data, changes.index(), result).await();
    }

    /** Checks that the page was moved and no other, and that the kernel saw what was written. */
    @TearDown(Level.Invocation)
    public void check() {
      moved.check(Pages.SIZE_BYTES, 0);
      try (HostLease lease = result.host(Access.READ)) {
        Expected.same("element", lease.segment().get(ValueLayout.JAVA_INT, 0), changes.value);
      }
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      if (arena != null) {
        arena.close();
      }
      memory.close();
    }
  }

  /** A buffer, and host memory of the same size. */
  @State(Scope.Thread)
  public static class Raw {
    /** How large both are. */
    @Param("1024")
    public int rangeMib;

    private RawDevice device;
    private RawKernel kernel;
    private long result;
    private Changes changes;

    /** Makes buffers and kernel. */
    @Setup
    public void open() {
      device = new RawDevice((long) rangeMib << 20);
      result = device.createBuffer(Integer.BYTES);
      kernel = new RawKernel(device, SOURCE, KERNEL);
      changes = new Changes(device.host().byteSize());
      launch();
    }

    /** Chooses a page. */
    @Setup(Level.Invocation)
    public void next() {
      changes.next();
    }

    private void change() {
      fillPage(device.host().asSlice(changes.offsetBytes(), Pages.SIZE_BYTES), changes.value);
    }

    private void launch() {
      device.write();
      kernel.setBuffer(0, device.buffer());
      kernel.setValue(1, changes.index());
      kernel.setBuffer(2, result);
      RawKernel.release(kernel.enqueue(1));
      device.finish();
    }

    /** Checks that the kernel saw what was written. */
    @TearDown(Level.Invocation)
    public void check() {
      MemorySegment found = device.host().asSlice(0, Integer.BYTES);
      int kept = found.get(ValueLayout.JAVA_INT, 0);
      device.read(result, found);
      Expected.same("element", found.get(ValueLayout.JAVA_INT, 0), changes.value);
      found.set(ValueLayout.JAVA_INT, 0, kept);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      kernel.close();
      device.close();
    }
  }

  /**
   * Changes the page and launches.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Changed state) {
    state.change();
    state.launch();
  }

  /**
   * Changes the page, copies all and launches.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(Raw state) {
    state.change();
    state.launch();
  }
}

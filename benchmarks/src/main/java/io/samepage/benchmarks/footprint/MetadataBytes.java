package io.samepage.benchmarks.footprint;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.HostAccess;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
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
 * What it costs in memory to know where pages are, at its worst: every second page of a range on a device and the others on the host. What
 * is found is the bytes of a page by which the Java heap and the tables beside watched memory grow while pages that all are on the host
 * become mixed. Nobody touches the pages themselves.
 */
@BenchmarkMode(Mode.SingleShotTime)
public class MetadataBytes {
  private static final String DEVICE = "embedded";
  private static final int PAGE_BYTES = 4096;

  /** A range that the host has. */
  @State(Scope.Thread)
  public static class Uniform {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How the host gets at it. */
    @Param
    public HostAccess.Mode host;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private Slice slice;
    private Device device;
    private long before;

    /** Makes the range. The first page goes to the device, for what a range needs there whatever its pages do. */
    @Setup(Level.Invocation)
    public void open() {
      long sizeBytes = (long) rangeMib << 20;
      memory = UnifiedMemory.builder().devices(DEVICE).deviceBudget(DEVICE, sizeBytes).open();
      device = memory.devices().getFirst();
      if (host == HostAccess.Mode.TRANSPARENT) {
        arena = memory.sharedArena();
        slice = memory.slice(arena.allocate(sizeBytes, PAGE_BYTES));
      } else {
        slice = memory.allocate(sizeBytes).all();
      }
      write(0);
      before = bytes();
    }

    private void write(long page) {
      device.acquire(slice.slice(page * PAGE_BYTES, PAGE_BYTES), Access.WRITE).close();
    }

    private long bytes() {
      return ProcessMemory.heapBytes() + (arena == null ? 0 : ProcessMemory.tableBytes());
    }

    private long pages() {
      return ((long) rangeMib << 20) / PAGE_BYTES;
    }

    /** Gives everything back. */
    @TearDown(Level.Invocation)
    public void close() {
      if (arena != null) {
        arena.close();
        arena = null;
      }
      memory.close();
    }
  }

  /**
   * Mixes the pages.
   *
   * @param state the range
   * @param tally where the bytes of a page are entered
   */
  @Benchmark
  public void samepage(Uniform state, Tally tally) {
    for (long page = 0; page < state.pages(); page += 2) {
      state.write(page);
    }
    tally.add((double) (state.bytes() - state.before) / state.pages());
  }
}

package io.samepage.benchmarks.footprint;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What is moved after the host has written some integers, scattered at random over a large range that the device has too: the bytes
 * that go to the device when it uses the whole range again, through those of a page for each integer. Several may meet in a page.
 */
@BenchmarkMode(Mode.SingleShotTime)
public class ScatteredTraffic {
  private static final int PAGE_BYTES = 4096;
  private static final long SEED = 8;

  /** A range that host and device have. */
  @State(Scope.Thread)
  public static class Shared {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** How many integers are written. */
    @Param("1024")
    public int writes;
    /** How the host gets at the range. */
    @Param
    public HostAccess.Mode host;

    private final Random random = new Random(SEED);
    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment plain;
    private Slice slice;
    private Device device;

    /** Makes the range; the host writes it all and the device gets it. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      device = BenchmarkMemory.device(memory);
      long sizeBytes = (long) rangeMib << 20;
      if (host == HostAccess.Mode.TRANSPARENT) {
        arena = memory.sharedArena();
        plain = arena.allocate(sizeBytes, PAGE_BYTES);
        plain.fill((byte) 1);
        slice = memory.slice(plain);
      } else {
        slice = memory.allocate(sizeBytes).all();
        try (HostLease lease = slice.host(Access.WRITE)) {
          lease.segment().fill((byte) 1);
        }
      }
      bring();
    }

    private void write() {
      for (int i = 0; i < writes; i++) {
        long offset = random.nextLong(slice.sizeBytes() / Integer.BYTES) * Integer.BYTES;
        if (plain != null) {
          plain.set(ValueLayout.JAVA_INT, offset, i);
        } else {
          try (HostLease lease = slice.slice(offset, Integer.BYTES).host(Access.READ_WRITE)) {
            lease.segment().set(ValueLayout.JAVA_INT, 0, i);
          }
        }
      }
    }

    /** Answers how much was moved. */
    private long bring() {
      long before = memory.statistics().bytesToDevice();
      device.acquire(slice, Access.READ).close();
      return memory.statistics().bytesToDevice() - before;
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

  /**
   * Writes and brings.
   *
   * @param state the range
   * @param tally where it is entered what was moved
   */
  @Benchmark
  public void samepage(Shared state, Tally tally) {
    state.write();
    tally.add((double) state.bring() / ((double) PAGE_BYTES * state.writes));
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.HostStatistics;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Expected;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.RawDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
 * The host reads a byte of a page that a device has written: the time until it is there. On OpenCL against one blocking read of the
 * same page. Each touch is in another 64 KiB, in an order and at distances that give no reason to read more than those.
 */
@BenchmarkMode(Mode.SampleTime)
public class FaultLatency {
  private static final long RANGE_BYTES = 256 << 20;

  /** What the device has written around each page that is touched. */
  public enum Written {
    /** That page alone: one page is brought. */
    PAGE,
    /** All of its 64 KiB: they are brought, that page first. */
    UNIT
  }

  /** On which device. */
  public enum Source {
    /** The embedded one. */
    EMBEDDED {
      @Override
      UnifiedMemory open() {
        return BenchmarkMemory.openEmbedded();
      }
    },
    /** The one that the baseline uses. */
    OPENCL {
      @Override
      UnifiedMemory open() {
        return BenchmarkMemory.open();
      }
    };

    abstract UnifiedMemory open();
  }

  /** Pages that the device alone has; after the last one it writes them all again. */
  @State(Scope.Thread)
  public static class DevicePages {
    /** On which device. */
    @Param
    public Source source;
    /** What it writes. */
    @Param
    public Written written;
    /** The time between touches; 0 for one right after the other. The thread is awake meanwhile. */
    @Param({"0", "100", "1000"})
    public int paceMicros;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment data;
    private List<Slice> slices;
    private long[] offsets;
    private int next;
    private long touchedNanos;
    private HostStatistics before;

    /** Makes the range; the host has touched all of it. */
    @Setup
    public void open() {
      memory = source.open();
      arena = memory.sharedArena();
      data = arena.allocate(RANGE_BYTES, Long.BYTES);
      data.fill((byte) 1);
      offsets = SparsePages.offsets(RANGE_BYTES);
      slices = written == Written.UNIT ? List.of(memory.slice(data))
          : Arrays.stream(offsets).mapToObj(offset -> memory.slice(data.asSlice(offset, Pages.SIZE_BYTES))).toList();
      // The handler may still follow the order in which the pages were filled, and read ahead: that ends with other touches.
      write();
      while (next < offsets.length) {
        touch();
      }
      write();
    }

    private byte touch() {
      return data.get(ValueLayout.JAVA_BYTE, offsets[next++]);
    }

    private void write() {
      Device device = BenchmarkMemory.device(memory);
      slices.forEach(slice -> device.acquire(slice, Access.WRITE).close());
      next = 0;
      before = memory.hostStatistics();
    }

    /** Sees to it that there is a page to touch, and waits until it is time. */
    @Setup(Level.Invocation)
    public void prepare() {
      if (next == offsets.length) {
        HostStatistics start = before;
        write();
        check(start);
      }
      long end = touchedNanos + TimeUnit.MICROSECONDS.toNanos(paceMicros);
      while (paceMicros > 0 && System.nanoTime() - end < 0) {
        Thread.onSpinWait();
      }
      touchedNanos = System.nanoTime();
    }

    private void check(HostStatistics start) {
      long pagesOfTouch = written == Written.UNIT ? SparsePages.PAGES_PER_UNIT : 1;
      Expected.same("fetchedPages", before.fetchedPages() - start.fetchedPages(), pagesOfTouch * offsets.length);
      Expected.atLeast("faults", before.faults() - start.faults(), offsets.length);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      arena.close();
      memory.close();
    }
  }

  /** A buffer as large as the range, of which the same pages are read in the same order. */
  @State(Scope.Thread)
  public static class RawPage {
    private RawDevice device;
    private long[] offsets;
    private int next;

    /** Makes queue and buffer. */
    @Setup
    public void open() {
      device = new RawDevice(RANGE_BYTES);
      offsets = SparsePages.offsets(RANGE_BYTES);
    }

    private byte read() {
      long offset = offsets[next];
      next = (next + 1) % offsets.length;
      device.read(offset, Pages.SIZE_BYTES);
      return device.host().get(ValueLayout.JAVA_BYTE, offset);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      device.close();
    }
  }

  /**
   * Touches a page.
   *
   * @param state the pages
   * @return the byte
   */
  @Benchmark
  public byte samepage(DevicePages state) {
    return state.touch();
  }

  /**
   * Reads a page of the buffer.
   *
   * @param state the buffer
   * @return the first byte
   */
  @Benchmark
  public byte lwjgl(RawPage state) {
    return state.read();
  }
}

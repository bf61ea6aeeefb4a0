package io.samepage.benchmarks.work;

import io.samepage.Argument;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The host sums all longs that a kernel has just written, in order, against one blocking read into touched memory and the same sum. */
@BenchmarkMode(Mode.SampleTime)
public class Sweep {
  private static final String KERNEL = "count_up";
  private static final String SOURCE =
      "__kernel void count_up(__global long* data, long first) { data[get_global_id(0)] = first + get_global_id(0); }";

  private static void checkSum(long sum, long first, long count) {
    Expected.same("sum", sum, count * first + count * (count - 1) / 2);
  }

  /** Before each sum the kernel writes the whole range. */
  @State(Scope.Thread)
  public static class Written {
    /** How large the range is. */
    @Param("256")
    public int sizeMib;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private MemorySegment data;
    private Slice slice;
    private Kernel kernel;
    private Moved moved;
    private long fetchedPages;
    private long first;
    private long sum;

    /** Makes the range; the host has touched its pages. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      arena = memory.sharedArena();
      data = arena.allocate((long) sizeMib << 20, Long.BYTES);
      data.fill((byte) 1);
      slice = memory.slice(data);
      kernel = BenchmarkMemory.device(memory).kernel(KernelSource.builder().openClC(SOURCE).build(), KERNEL);
      moved = new Moved(memory);
    }

    /** The kernel writes. */
    @Setup(Level.Invocation)
    public void write() {
      kernel.launch(Grid.of(data.byteSize() / Long.BYTES), Argument.out(slice), Argument.value(++first)).await();
      moved.start();
      fetchedPages = memory.hostStatistics().fetchedPages();
    }

    /** Checks the sum, and that all of the range was brought, once. */
    @TearDown(Level.Invocation)
    public void check() {
      checkSum(sum, first, data.byteSize() / Long.BYTES);
      moved.check(0, data.byteSize());
      Expected.same("fetchedPages", memory.hostStatistics().fetchedPages() - fetchedPages, data.byteSize() / Pages.SIZE_BYTES);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      arena.close();
      memory.close();
    }
  }

  /** Before each read the kernel writes the whole buffer. */
  @State(Scope.Thread)
  public static class RawWritten {
    /** How large the buffer is. */
    @Param("256")
    public int sizeMib;

    private RawDevice device;
    private RawKernel kernel;
    private long first;
    private long sum;

    /** Makes buffer and kernel. */
    @Setup
    public void open() {
      device = new RawDevice((long) sizeMib << 20);
      kernel = new RawKernel(device, SOURCE, KERNEL);
      kernel.setBuffer(0, device.buffer());
    }

    /** The kernel writes. */
    @Setup(Level.Invocation)
    public void write() {
      kernel.setValue(1, ++first);
      RawKernel.release(kernel.enqueue(device.host().byteSize() / Long.BYTES));
      device.finish();
    }

    /** Checks the sum. */
    @TearDown(Level.Invocation)
    public void check() {
      checkSum(sum, first, device.host().byteSize() / Long.BYTES);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      kernel.close();
      device.close();
    }
  }

  /**
   * Sums.
   *
   * @param state the range
   */
  @Benchmark
  public void samepage(Written state) {
    state.sum = Pages.sum(state.data);
  }

  /**
   * Reads and sums.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(RawWritten state) {
    state.device.read();
    state.sum = Pages.sum(state.device.host());
  }
}

package io.samepage.benchmarks.work;

import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostStatistics;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.runner.IterationType;

/**
 * A kernel that does nothing is launched again and again on memory of an arena that the host has not touched since: the time to submit
 * it while the device is busy with another kernel, against argument, enqueue and release of the event by hand.
 */
@BenchmarkMode(Mode.SampleTime)
public class RelaunchUntouched {
  /** How many launches are submitted behind the one that keeps the device busy. */
  public static final int LAUNCHES = 1_000;

  /** Long enough for the JVM to compile all of a launch: behind a kernel that takes one of few processors it gets to it late. */
  private static final long WARM_NANOS = 3_000_000_000L;

  /** What the kernel says that it does with the memory. */
  public enum Use {
    /** It reads the whole range. */
    IN,
    /** It reads and writes the whole range, so that each launch depends on the one before. */
    IN_OUT,
    /** It writes, each launch a part of the range of its own. */
    IN_OUT_PARTS;

    private static final int PARTS = 1_024;

    /** The argument of each launch; there may be fewer, then they are used again from the first one on. */
    List<Argument> arguments(Slice all) {
      if (this != IN_OUT_PARTS) {
        return List.of(this == IN ? Argument.in(all) : Argument.inOut(all));
      }
      long partBytes = all.sizeBytes() / PARTS;
      return LongStream.range(0, PARTS)
          .mapToObj(i -> Argument.inOut(all.range().slice(all.offsetBytes() + i * partBytes, partBytes))).toList();
    }

    String source() {
      return BusyKernel.SOURCE + "__kernel void nothing(__global " + (this == IN ? "const " : "") + "char* data) {}";
    }
  }

  private static void checkBusy(boolean wasDone, IterationParams iteration) {
    // At first everything is slow, and nothing of that counts.
    if (wasDone && iteration.getType() == IterationType.MEASUREMENT) {
      throw new IllegalStateException("The device was no longer busy when the last launch was submitted: launches=" + LAUNCHES);
    }
  }

  /** A range that was touched by the host, and launched on until nothing of it was mapped for the host any more. */
  @State(Scope.Thread)
  public static class Untouched {
    /** How large the range is. */
    @Param("1024")
    public int rangeMib;
    /** What the kernel does. */
    @Param
    public Use use;

    private UnifiedMemory memory;
    private UnifiedArena arena;
    private UnifiedRange result;
    private Kernel busy;
    private Kernel nothing;
    private Object[][] arguments;
    private long steps;
    private Moved moved;
    private long launches;
    private HostStatistics before;
    private Fence ahead;
    private Fence last;

    /** Makes range and kernels. */
    @Setup
    public void open() {
      memory = BenchmarkMemory.open();
      Device device = BenchmarkMemory.device(memory);
      KernelSource source = KernelSource.builder().openClC(use.source()).build();
      busy = device.kernel(source, BusyKernel.NAME);
      nothing = device.kernel(source, "nothing");
      result = memory.allocate(Integer.BYTES);
      steps = BusyKernel.steps(count -> launchBusy(count).await());
      arena = memory.sharedArena();
      MemorySegment data = arena.allocate((long) rangeMib << 20, Long.BYTES);
      Pages.touch(data, 1);
      arguments = use.arguments(memory.slice(data)).stream().map(argument -> new Object[] {argument}).toArray(Object[][]::new);
      warmUp();
      moved = new Moved(memory);
    }

    private void warmUp() {
      long start = System.nanoTime();
      while (System.nanoTime() - start < WARM_NANOS) {
        launch();
        last.await();
      }
    }

    private Fence launchBusy(long count) {
      return busy.launch(Grid.of(1), Argument.out(result), Argument.value(count));
    }

    /** Makes the device busy. */
    @Setup(Level.Invocation)
    public void occupy() {
      ahead = launchBusy(steps);
      moved.start();
      launches = memory.statistics().launches();
      before = memory.hostStatistics();
    }

    private void launch() {
      for (int i = 0; i < LAUNCHES; i++) {
        last = nothing.launch(Grid.of(1), arguments[i % arguments.length]);
      }
    }

    /**
     * Checks that all was submitted while the device was busy, and that nothing was moved or scanned.
     *
     * @param iteration whether it counts
     */
    @TearDown(Level.Invocation)
    public void check(IterationParams iteration) {
      checkBusy(ahead.isDone(), iteration);
      last.await();
      moved.check(0, 0);
      Expected.same("launches", memory.statistics().launches() - launches, LAUNCHES);
      Expected.same("faults", memory.hostStatistics().faults() - before.faults(), 0);
      Expected.same("scanNanos", memory.hostStatistics().scanNanos() - before.scanNanos(), 0);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      arena.close();
      memory.close();
    }
  }

  /** A buffer of that size. */
  @State(Scope.Thread)
  public static class Raw {
    /** How large the buffer is. */
    @Param("1024")
    public int rangeMib;
    /** What the kernel does. */
    @Param
    public Use use;

    private RawDevice device;
    private RawKernel busy;
    private RawKernel nothing;
    private long steps;
    private long ahead;

    /** Makes buffer and kernels. */
    @Setup
    public void open() {
      device = new RawDevice((long) rangeMib << 20);
      busy = new RawKernel(device, use.source(), BusyKernel.NAME);
      nothing = new RawKernel(device, use.source(), "nothing");
      busy.setBuffer(0, device.buffer());
      steps = BusyKernel.steps(count -> {
        RawKernel.release(enqueueBusy(count));
        device.finish();
      });
      launch();
      device.finish();
    }

    private long enqueueBusy(long count) {
      busy.setValue(1, count);
      long event = busy.enqueue(1);
      device.flush();
      return event;
    }

    /** Makes the device busy. */
    @Setup(Level.Invocation)
    public void occupy() {
      ahead = enqueueBusy(steps);
    }

    private void launch() {
      for (int i = 0; i < LAUNCHES; i++) {
        nothing.setBuffer(0, device.buffer());
        RawKernel.release(nothing.enqueue(1));
      }
    }

    /**
     * Checks that all was submitted while the device was busy.
     *
     * @param iteration whether it counts
     */
    @TearDown(Level.Invocation)
    public void check(IterationParams iteration) {
      boolean wasDone = RawKernel.isDone(ahead);
      RawKernel.release(ahead);
      device.finish();
      checkBusy(wasDone, iteration);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      busy.close();
      nothing.close();
      device.close();
    }
  }

  /**
   * Submits the launches.
   *
   * @param state the range
   */
  @Benchmark
  @OperationsPerInvocation(LAUNCHES)
  public void samepage(Untouched state) {
    state.launch();
  }

  /**
   * Submits the launches.
   *
   * @param state the buffer
   */
  @Benchmark
  @OperationsPerInvocation(LAUNCHES)
  public void lwjgl(Raw state) {
    state.launch();
  }
}

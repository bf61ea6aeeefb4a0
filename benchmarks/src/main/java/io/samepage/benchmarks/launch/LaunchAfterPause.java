package io.samepage.benchmarks.launch;

import io.samepage.Access;
import io.samepage.Argument;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.base.RawKernel;
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
 * An empty kernel is launched on memory that an idle device has, right behind the last launch or after the thread has slept: the time to
 * submit it, against argument, enqueue and release of the event by hand. A program that waits for its kernels pays the second.
 */
@BenchmarkMode(Mode.SampleTime)
public class LaunchAfterPause {
  private static final long SIZE_BYTES = 64 << 10;

  /** Sleeps before each launch, and waits for it behind. */
  @State(Scope.Thread)
  public abstract static class Pausing {
    /** How long the thread sleeps before each launch. */
    @Param({"0", "20"})
    public int pauseMillis;
    /** How long launches follow each other before: so long that the JVM has compiled all of one. */
    @Param("5000")
    public int warmMillis;

    /** Nothing is there yet. */
    protected Pausing() {}

    abstract void make();

    abstract void submit();

    abstract void await();

    /** Makes what is launched, and warms it up. */
    @Setup
    public void open() {
      make();
      long start = System.nanoTime();
      do {
        submit();
        await();
      } while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(warmMillis));
    }

    /**
     * Sleeps.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    @Setup(Level.Invocation)
    public void sleep() throws InterruptedException {
      Thread.sleep(pauseMillis);
    }

    /** Waits for what was launched. */
    @TearDown(Level.Invocation)
    public void finish() {
      await();
    }
  }

  /** A range that the device has. */
  public static class Resident extends Pausing {
    private UnifiedMemory memory;
    private Kernel kernel;
    private Slice data;
    private Fence last;

    /** Nothing is there yet. */
    public Resident() {}

    @Override
    void make() {
      memory = BenchmarkMemory.open();
      kernel = BenchmarkMemory.device(memory).kernel(KernelSource.builder().openClC(EmptyKernel.source(true)).build(), EmptyKernel.NAME);
      data = memory.allocate(SIZE_BYTES).all();
      try (HostLease lease = data.host(Access.WRITE)) {
        Pages.touch(lease.segment(), 1);
      }
    }

    @Override
    void submit() {
      last = kernel.launch(Grid.of(1), Argument.inOut(data));
    }

    @Override
    void await() {
      last.await();
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      memory.close();
    }
  }

  /** A buffer. */
  public static class Raw extends Pausing {
    private RawDevice device;
    private RawKernel kernel;

    /** Nothing is there yet. */
    public Raw() {}

    @Override
    void make() {
      device = new RawDevice(SIZE_BYTES);
      kernel = new RawKernel(device, EmptyKernel.source(true), EmptyKernel.NAME);
    }

    @Override
    void submit() {
      kernel.setBuffer(0, device.buffer());
      RawKernel.release(kernel.enqueue(1));
    }

    @Override
    void await() {
      device.finish();
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
      kernel.close();
      device.close();
    }
  }

  /**
   * Submits a launch.
   *
   * @param state the memory
   */
  @Benchmark
  public void samepage(Resident state) {
    state.submit();
  }

  /**
   * Submits a launch.
   *
   * @param state the buffer
   */
  @Benchmark
  public void lwjgl(Raw state) {
    state.submit();
  }
}

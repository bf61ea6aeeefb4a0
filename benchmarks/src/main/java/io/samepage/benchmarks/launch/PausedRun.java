package io.samepage.benchmarks.launch;

import io.samepage.Argument;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelSource;
import io.samepage.Slice;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.turn.CountedRun;

/** Launches that are waited for, one behind another; or one before which the thread has slept. What it takes to submit them is timed. */
abstract class PausedRun implements CountedRun {
  private static final long SIZE_BYTES = 64 << 10;
  private static final int BEHIND_ANOTHER = 20;

  private final int pauseMillis;

  private PausedRun(int pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  abstract void submit();

  abstract void await();

  /** Where there is no pause, all but the first come right behind one of the same side. */
  @Override
  public final int operations() {
    return pauseMillis > 0 ? 1 : BEHIND_ANOTHER;
  }

  @Override
  public final void prepare() {
    try {
      Thread.sleep(pauseMillis);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts a benchmark", e);
    }
  }

  @Override
  public final long run() {
    long nanos = 0;
    for (int i = 0; i < operations(); i++) {
      long start = System.nanoTime();
      submit();
      nanos += System.nanoTime() - start;
      await();
    }
    return nanos;
  }

  /** Ours. */
  static final class OfRange extends PausedRun {
    private final LaunchedMemory launched = new LaunchedMemory();
    private final Slice data = launched.range(SIZE_BYTES);
    private final Kernel kernel = BenchmarkMemory.device(launched.memory())
        .kernel(KernelSource.builder().openClC(EmptyKernel.source(true)).build(), EmptyKernel.NAME);
    private Fence last;

    OfRange(int pauseMillis) {
      super(pauseMillis);
    }

    @Override
    void submit() {
      last = kernel.launch(Grid.of(1), Argument.inOut(data));
    }

    @Override
    void await() {
      last.await();
    }

    @Override
    public void close() {
      launched.close();
    }
  }

  /** By hand. */
  static final class OfBuffer extends PausedRun {
    private final RawDevice device = new RawDevice(SIZE_BYTES);
    private final RawKernel kernel = new RawKernel(device, EmptyKernel.source(true), EmptyKernel.NAME);

    OfBuffer(int pauseMillis) {
      super(pauseMillis);
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

    @Override
    public void close() {
      kernel.close();
      device.close();
    }
  }
}

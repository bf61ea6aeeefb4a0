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

/** A launch that is waited for; the thread has slept before it. */
abstract class PausedRun implements CountedRun {
  private static final long SIZE_BYTES = 64 << 10;

  private final int pauseMillis;

  private PausedRun(int pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  abstract void submit();

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
    long start = System.nanoTime();
    submit();
    return System.nanoTime() - start;
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
    public void finish() {
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
    public void finish() {
      device.finish();
    }

    @Override
    public void close() {
      kernel.close();
      device.close();
    }
  }
}

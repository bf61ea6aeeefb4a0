package io.samepage.benchmarks.work;

import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.base.RawKernel;
import io.samepage.benchmarks.turn.TimedRun;

/** The baseline: a buffer that a kernel writes, and that is read as a whole before the host sums it. */
final class SweptBuffer extends TimedRun {
  private final RawDevice device;
  private final RawKernel kernel;
  private long first;
  private long sum;

  SweptBuffer(long sizeBytes) {
    device = new RawDevice(sizeBytes);
    kernel = new RawKernel(device, SweepKernel.SOURCE, SweepKernel.NAME);
    kernel.setBuffer(0, device.buffer());
  }

  @Override
  public void prepare() {
    kernel.setValue(1, ++first);
    RawKernel.release(kernel.enqueue(device.host().byteSize() / Long.BYTES));
    device.finish();
  }

  @Override
  protected void work() {
    device.read();
    sum = Pages.sum(device.host());
  }

  @Override
  public void finish() {
    SweepKernel.check(sum, first, device.host().byteSize() / Long.BYTES);
  }

  @Override
  public void close() {
    kernel.close();
    device.close();
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Pages;
import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.turn.TimedRun;

/** The baseline: a buffer that is written as a whole, after a word of each page of the host's memory was. */
final class BufferToDevice extends TimedRun {
  private final RawDevice device;
  private long count;

  BufferToDevice(long sizeBytes) {
    device = new RawDevice(sizeBytes);
  }

  @Override
  public void prepare() {
    Pages.touch(device.host(), ++count);
  }

  @Override
  protected void work() {
    device.write();
  }

  @Override
  public void close() {
    device.close();
  }
}

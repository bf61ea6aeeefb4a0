package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.RawDevice;
import io.samepage.benchmarks.turn.TimedRun;

/** The baseline: a buffer that is read as a whole, as it is: nobody need write it anew. */
final class BufferToHost extends TimedRun {
  private final RawDevice device;

  BufferToHost(long sizeBytes) {
    device = new RawDevice(sizeBytes);
  }

  @Override
  protected void work() {
    device.read();
  }

  @Override
  public void close() {
    device.close();
  }
}

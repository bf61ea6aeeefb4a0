package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.RawDevice;

/** The baseline: a buffer that is read as a whole. */
final class BufferToHost extends Transfer {
  private final RawDevice device;

  BufferToHost(long sizeBytes) {
    device = new RawDevice(sizeBytes);
  }

  @Override
  void move() {
    device.read();
  }

  @Override
  public void close() {
    device.close();
  }
}

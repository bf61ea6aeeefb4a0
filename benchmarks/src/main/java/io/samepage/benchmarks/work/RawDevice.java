package io.samepage.benchmarks.work;

/** The baseline with one buffer and as much host memory, and blocking copies of all of it. */
final class RawDevice extends RawQueue {
  private final long buffer;

  RawDevice(long sizeBytes) {
    super(sizeBytes, false);
    buffer = createBuffer(sizeBytes);
    read();
  }

  long buffer() {
    return buffer;
  }

  /** Copies all of the host memory to the buffer and waits. */
  void write() {
    write(buffer, 0, host(), true);
  }

  /** Copies the buffer to the host memory and waits. */
  void read() {
    read(buffer, host());
  }

  /** Copies a part of the buffer to where it is in the host memory, and waits. */
  void read(long offsetBytes, long sizeBytes) {
    read(buffer, offsetBytes, host().asSlice(offsetBytes, sizeBytes));
  }
}

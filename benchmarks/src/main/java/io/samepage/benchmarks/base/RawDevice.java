package io.samepage.benchmarks.base;

/** The baseline with one buffer and as much host memory, and blocking copies of all of it. */
public final class RawDevice extends RawQueue {
  private final long buffer;

  /**
   * Makes queue, buffer and host memory, and touches both.
   *
   * @param sizeBytes how much of each
   */
  public RawDevice(long sizeBytes) {
    super(sizeBytes, false);
    buffer = createBuffer(sizeBytes);
    read();
  }

  /** {@return the buffer} */
  public long buffer() {
    return buffer;
  }

  /** Copies all of the host memory to the buffer and waits. */
  public void write() {
    write(buffer, 0, host(), true);
  }

  /** Copies the buffer to the host memory and waits. */
  public void read() {
    read(buffer, host());
  }

  /**
   * Copies a part of the buffer to where it is in the host memory, and waits.
   *
   * @param offsetBytes where it begins
   * @param sizeBytes how much
   */
  public void read(long offsetBytes, long sizeBytes) {
    read(buffer, offsetBytes, host().asSlice(offsetBytes, sizeBytes));
  }
}

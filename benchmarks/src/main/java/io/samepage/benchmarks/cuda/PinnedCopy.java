package io.samepage.benchmarks.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The baseline with pinned host memory and as much device memory, and copies of all of it that are waited for. */
final class PinnedCopy implements AutoCloseable {
  private final RawCuda cuda = new RawCuda();
  private final MemorySegment host;
  private final long device;

  PinnedCopy(long sizeBytes) {
    host = cuda.allocatePinned(sizeBytes);
    device = cuda.allocate(sizeBytes);
    write();
    read();
  }

  MemorySegment host() {
    return host;
  }

  /** The host writes a word of each page. */
  void touch(long value) {
    for (long offset = 0; offset < host.byteSize(); offset += PageKernels.PAGE_BYTES) {
      host.set(ValueLayout.JAVA_LONG, offset, value);
    }
  }

  /** Copies all to the device and waits. */
  void write() {
    cuda.upload(device, host);
    cuda.finish();
  }

  /** Copies all to the host and waits. */
  void read() {
    cuda.download(device, host);
    cuda.finish();
  }

  /** Copies all to the host by the one call that waits by itself. */
  void readNow() {
    cuda.downloadNow(device, host);
  }

  @Override
  public void close() {
    cuda.close();
  }
}

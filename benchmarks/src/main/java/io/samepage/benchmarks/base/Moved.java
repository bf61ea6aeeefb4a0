package io.samepage.benchmarks.base;

import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;

/** Sees to it that a benchmark moves what it says: a figure for anything else would mean nothing. */
public final class Moved {
  private final UnifiedMemory memory;
  private MemoryStatistics before;

  /**
   * Nothing is looked at yet.
   *
   * @param memory in which memory
   */
  public Moved(UnifiedMemory memory) {
    this.memory = memory;
  }

  /** What is moved from here on counts. */
  public void start() {
    before = memory.statistics();
  }

  /**
   * Throws if since the start other amounts than these were moved.
   *
   * @param bytesToDevice from the host
   * @param bytesToHost from the device
   */
  public void check(long bytesToDevice, long bytesToHost) {
    MemoryStatistics now = memory.statistics();
    long toDevice = now.bytesToDevice() - before.bytesToDevice();
    long toHost = now.bytesToHost() - before.bytesToHost();
    if (toDevice != bytesToDevice || toHost != bytesToHost) {
      throw new IllegalStateException("Something else was moved than what is measured: bytesToDevice=" + toDevice + ", expected="
          + bytesToDevice + ", bytesToHost=" + toHost + ", expected=" + bytesToHost);
    }
  }
}

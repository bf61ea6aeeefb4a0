package io.samepage.testkit;

import io.samepage.MemoryStatistics;
import io.samepage.UnifiedMemory;

/**
 * What was copied while something was done.
 *
 * @param bytesToDevice from the host to devices
 * @param bytesToHost from devices to the host
 * @param bytesDeviceToDevice between devices without passing through the host
 * @param runsToDevice in so many runs
 * @param runsToHost in so many runs
 */
record Moved(long bytesToDevice, long bytesToHost, long bytesDeviceToDevice, long runsToDevice, long runsToHost) {
  static final Moved NOTHING = new Moved(0, 0, 0, 0, 0);

  static Moved toDevice(long bytes, long runs) {
    return new Moved(bytes, 0, 0, runs, 0);
  }

  static Moved toHost(long bytes, long runs) {
    return new Moved(0, bytes, 0, 0, runs);
  }

  static Moved during(UnifiedMemory memory, Runnable action) {
    MemoryStatistics before = memory.statistics();
    action.run();
    MemoryStatistics after = memory.statistics();
    return new Moved(after.bytesToDevice() - before.bytesToDevice(), after.bytesToHost() - before.bytesToHost(),
        after.bytesDeviceToDevice() - before.bytesDeviceToDevice(), after.runsToDevice() - before.runsToDevice(),
        after.runsToHost() - before.runsToHost());
  }
}

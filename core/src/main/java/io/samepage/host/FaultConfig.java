package io.samepage.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How the fault handler works.
 *
 * @param handlers threads that serve faults, 1 to 32: as many touches can wait for long kernels before others do
 * @param helpers threads that bring what nobody has asked for yet, 1 to 8
 * @param around how many pages a fault brings
 * @param spinMicros how long a handler looks for the next fault before it sleeps
 * @param fetchSpinMicros how long a fetch is polled without a pause
 * @param timeoutMillis after this a fetch has failed, and its pages are poisoned
 * @param aheadBytes the most that is read ahead of threads that touch in order; 0 for nothing
 */
record FaultConfig(int handlers, int helpers, Around around, int spinMicros, int fetchSpinMicros, long timeoutMillis, long aheadBytes) {
  /** How many pages a fault brings. The order is the library's. */
  enum Around {
    PAGE, UNIT, DENSE
  }

  /** What suits most machines. */
  static final FaultConfig USUAL = new FaultConfig(8, 2, Around.DENSE, 30, 50, 30_000, 8 << 20);

  MemorySegment toNative(Arena arena) {
    MemorySegment config = arena.allocate(FaultLayout.CONFIG);
    config.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.CONFIG, "handlers"), handlers);
    config.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.CONFIG, "helpers"), helpers);
    config.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.CONFIG, "around"), around.ordinal());
    config.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.CONFIG, "spinMicros"), spinMicros);
    config.set(ValueLayout.JAVA_INT, FaultLayout.offset(FaultLayout.CONFIG, "fetchSpinMicros"), fetchSpinMicros);
    config.set(ValueLayout.JAVA_LONG, FaultLayout.offset(FaultLayout.CONFIG, "timeoutMillis"), timeoutMillis);
    config.set(ValueLayout.JAVA_LONG, FaultLayout.offset(FaultLayout.CONFIG, "aheadBytes"), aheadBytes);
    return config;
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.base.Moved;
import io.samepage.benchmarks.turn.TimedRun;

/** Ours: one side has written, and the other one acquires. It is checked that just that is moved. */
abstract class UnifiedTransfer extends TimedRun {
  private final UnifiedMemory memory = BenchmarkMemory.open();
  private final Moved moved = new Moved(memory);
  private final long bytesToDevice;
  private final long bytesToHost;

  UnifiedTransfer(long bytesToDevice, long bytesToHost) {
    this.bytesToDevice = bytesToDevice;
    this.bytesToHost = bytesToHost;
  }

  final UnifiedMemory memory() {
    return memory;
  }

  final Device device() {
    return BenchmarkMemory.device(memory);
  }

  final void acquire(Slice slice, Access access) {
    device().acquire(slice, access).close();
  }

  /** One side writes. */
  abstract void write();

  @Override
  public final void prepare() {
    write();
    moved.start();
  }

  @Override
  public final void finish() {
    moved.check(bytesToDevice, bytesToHost);
  }

  @Override
  public final void close() {
    memory.close();
  }
}

package io.samepage.cuda;

import io.samepage.node.CopyRun;
import io.samepage.node.Lattice;
import io.samepage.node.TransferCounters;
import java.util.List;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUstream;

/**
 * Copies between the host and windows: one call for each run, or one for many that lie at even distances. Safe for use by any thread, while
 * the context is current.
 */
final class HostCopies {
  /** As many calls cost more than to say what a rectangle is. */
  private static final int FEWEST_ROWS = 4;

  private final MemoryCalls memory;
  private final HostPins pins;
  private final TransferCounters counters;
  private final long mostPitchBytes;

  HostCopies(MemoryCalls memory, HostPins pins, TransferCounters counters, int ordinal) {
    this.memory = memory;
    this.pins = pins;
    this.counters = counters;
    CUdevice device = DeviceCalls.device(ordinal);
    mostPitchBytes = device == null ? 0 : DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_PITCH);
  }

  /** Enqueues copies to windows. */
  void upload(CUstream stream, List<CopyRun> runs) {
    copy(stream, runs, true);
  }

  /** Enqueues copies from windows. */
  void download(CUstream stream, List<CopyRun> runs) {
    copy(stream, runs, false);
  }

  private void copy(CUstream stream, List<CopyRun> runs, boolean isUpload) {
    int next = 0;
    while (next < runs.size()) {
      Lattice lattice = Lattice.of(runs, next);
      List<CopyRun> its = runs.subList(next, next + lattice.count());
      if (isRectangle(lattice)) {
        copyRows(stream, lattice, isUpload);
        its.forEach(run -> count(run, isUpload));
      } else {
        its.forEach(run -> copy(stream, run, isUpload));
      }
      next += its.size();
    }
  }

  /**
   * Whether one call can copy all of it. In a sparse window all that lies between its first byte and its last must have memory: where rows
   * are no further apart than its units are long, there is a row in each of them.
   */
  private boolean isRectangle(Lattice lattice) {
    CopyRun first = lattice.first();
    boolean isBacked = !first.window().isSparse() || lattice.strideBytes() <= first.window().sparseUnitBytes();
    return lattice.count() >= FEWEST_ROWS && first.sizeBytes() < HostPins.SHORTEST_RUN_BYTES && lattice.strideBytes() <= mostPitchBytes
        && isBacked;
  }

  private void copyRows(CUstream stream, Lattice lattice, boolean isUpload) {
    long host = lattice.first().hostAddress();
    long device = address(lattice.first());
    pins.copyRows(lattice, (offset, bytes, count) ->
        memory.copyRows(stream, isUpload, host + offset, device + offset, bytes, lattice.strideBytes(), count));
  }

  private void copy(CUstream stream, CopyRun run, boolean isUpload) {
    long device = address(run);
    pins.copy(run.hostAddress(), run.sizeBytes(), (offset, bytes) -> {
      if (isUpload) {
        memory.upload(stream, run.hostAddress() + offset, device + offset, bytes);
      } else {
        memory.download(stream, device + offset, run.hostAddress() + offset, bytes);
      }
    });
    count(run, isUpload);
  }

  private static long address(CopyRun run) {
    return run.window().handle() + run.windowOffsetBytes();
  }

  private void count(CopyRun run, boolean isUpload) {
    if (isUpload) {
      counters.countUpload(run.sizeBytes());
    } else {
      counters.countDownload(run.sizeBytes());
    }
  }
}

package io.samepage.cuda;

import io.samepage.DeviceInfo;
import java.util.List;

/**
 * A device that the driver lists.
 *
 * @param ordinal its number there
 * @param info what Samepage says of it
 * @param limits what grids it runs
 * @param hostPages which of the host's memory it can use
 */
record FoundDevice(int ordinal, DeviceInfo info, Limits limits, HostPages hostPages) {
  /**
   * What grids a device runs.
   *
   * @param blocks blocks of a grid, in each dimension
   * @param threads threads of a block, in each dimension
   * @param blockThreads threads of a block, in all
   * @param sharedBytes shared memory of a block
   */
  record Limits(List<Integer> blocks, List<Integer> threads, int blockThreads, int sharedBytes) {}

  /** {@return how messages call it: {@code device=cuda:0 (its description)}} */
  String subject() {
    return "device=" + info.name() + " (" + info.description() + ")";
  }
}

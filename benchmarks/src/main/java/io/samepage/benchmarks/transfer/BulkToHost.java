package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.CountedRun;

/** A range that the device declares to have written goes to the host as a whole, against one blocking read of as many bytes. */
public class BulkToHost extends BulkState {
  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new RangeToHost(sizeBytes(isSmall));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new BufferToHost(sizeBytes(isSmall));
  }
}

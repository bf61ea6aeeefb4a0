package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.turn.CountedRun;
import java.util.List;

/**
 * A range of which the host has written a word of each page goes to the device as a whole, against one blocking write of as many bytes,
 * written likewise.
 */
public class BulkToDevice extends BulkState {
  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new RangeToDevice(sizeBytes(isSmall), range -> List.of(range.all()), sizeBytes(isSmall));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new BufferToDevice(sizeBytes(isSmall));
  }
}

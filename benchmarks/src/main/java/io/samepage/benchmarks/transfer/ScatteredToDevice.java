package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.turn.CountedRun;

/** Pages of which the host has written a word, here and there, go to the device, against one blocking write of as many bytes in a run. */
public class ScatteredToDevice extends ScatterState {
  @Override
  protected CountedRun openOurs(boolean isSmall) {
    int pages = pages(isSmall);
    return new RangeToDevice(rangeBytes(isSmall), range -> scatter.slices(range, pages), Scatter.bytes(pages));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new BufferToDevice(Scatter.bytes(pages(isSmall)));
  }
}

package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.turn.CountedRun;
import org.openjdk.jmh.annotations.Param;

/** Pages of which kernels have written a word, here and there, go to the host, against one blocking read of as many bytes in a run. */
public class ScatteredToHost extends ScatterState {
  /** Over what the host lease is opened. */
  public enum Lease {
    /** The whole range. */
    RANGE,
    /** The written pages, each a slice of its own. */
    SLICES
  }

  /** What is leased. */
  @Param
  public Lease lease;

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new PagesToHost(rangeBytes(isSmall), scatter, pages(isSmall), lease);
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new BufferToHost(Scatter.bytes(pages(isSmall)));
  }
}

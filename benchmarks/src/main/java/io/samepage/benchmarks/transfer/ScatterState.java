package io.samepage.benchmarks.transfer;

import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pages of a range that are moved, against as many bytes in a run that the raw driver copies. */
@State(Scope.Thread)
public abstract class ScatterState extends TimedState {
  private static final int FEW_PAGES = 64;
  private static final long LITTLE_BYTES = 1 << 20;

  /** How large the range is. */
  @Param("1024")
  public int rangeMib;
  /** Which pages. */
  @Param
  public Scatter scatter;

  ScatterState() {}

  final long rangeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) rangeMib << 20;
  }

  final int pages(boolean isSmall) {
    return isSmall ? FEW_PAGES : Scatter.PAGES;
  }
}

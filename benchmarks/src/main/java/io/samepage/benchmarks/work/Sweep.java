package io.samepage.benchmarks.work;

import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;

/** The host sums all longs that a kernel has just written, in order, against one blocking read into touched memory and the same sum. */
public class Sweep extends TimedState {
  private static final long LITTLE_BYTES = 1 << 20;

  /** How large the range is. */
  @Param("256")
  public int sizeMib;

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new SweptRange(sizeBytes(isSmall));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new SweptBuffer(sizeBytes(isSmall));
  }

  private long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) sizeMib << 20;
  }
}

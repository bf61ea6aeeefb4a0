package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;

/**
 * An empty kernel is launched on memory that an idle device has, right behind the last launch or after the thread has slept: the time to
 * submit it, against argument, enqueue and release of the event by hand. A program that waits for its kernels pays the second.
 */
public class LaunchAfterPause extends TimedState {
  /** How long the thread sleeps before each launch. */
  @Param({"0", "20"})
  public int pauseMillis;

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new PausedRun.OfRange(pauseMillis(isSmall));
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new PausedRun.OfBuffer(pauseMillis(isSmall));
  }

  /** To warm up, launches follow each other. */
  private int pauseMillis(boolean isSmall) {
    return isSmall ? 0 : pauseMillis;
  }
}

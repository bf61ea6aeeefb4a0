package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A kernel that does nothing is launched again and again: the time to submit it while the device is busy with another kernel, and what
 * that allocates, against argument, enqueue and release of the event by hand. A figure is the mean of a thousand launches; the table has
 * the middle one of those.
 */
@State(Scope.Thread)
public abstract class SubmitState extends TimedState {
  SubmitState() {}

  /** How much memory the kernel is given. */
  abstract long sizeBytes(boolean isSmall);

  /** Whether it says that it writes it, so that each launch depends on the one before. */
  abstract boolean isWriting();

  /** Makes launches on memory that the device has. */
  abstract Launches launches(long sizeBytes);

  @Override
  protected final CountedRun openOurs(boolean isSmall) {
    return run(launches(sizeBytes(isSmall)), isSmall);
  }

  @Override
  protected final CountedRun openBaseline(boolean isSmall) {
    return run(new RawLaunches(sizeBytes(isSmall), isWriting()), isSmall);
  }

  private SubmitRun run(Launches launches, boolean isSmall) {
    return new SubmitRun(launches, isSmall, warmMillis > 0);
  }
}

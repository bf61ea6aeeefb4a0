package io.samepage.benchmarks.launch;

import io.samepage.HostAccess;
import io.samepage.benchmarks.turn.CountedRun;
import io.samepage.benchmarks.turn.TimedState;
import org.openjdk.jmh.annotations.Param;

/**
 * The host changes a page of a large range that host and device both have, and a kernel that is given the whole range reads an element of
 * that page: the time until the kernel is done, against the same with the whole range copied before each launch. The write of the page
 * counts on both sides. In turn, each of ours comes behind one that copies, which takes hundreds of times as long: the same each time.
 */
public class RelaunchChanged extends TimedState {
  private static final long LITTLE_BYTES = 64 << 10;

  /** How large the range is. */
  @Param("1024")
  public int rangeMib;
  /** How the host gets at it: under a lease of the page, or by plain stores. */
  @Param
  public HostAccess.Mode host;

  /** Launches that copy all come first. */
  public RelaunchChanged() {
    super(Order.OTHER_FIRST);
  }

  @Override
  protected CountedRun openOurs(boolean isSmall) {
    return new ChangedRange(sizeBytes(isSmall), host);
  }

  @Override
  protected CountedRun openBaseline(boolean isSmall) {
    return new CopiedRange(sizeBytes(isSmall));
  }

  private long sizeBytes(boolean isSmall) {
    return isSmall ? LITTLE_BYTES : (long) rangeMib << 20;
  }
}

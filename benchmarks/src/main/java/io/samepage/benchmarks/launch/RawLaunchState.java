package io.samepage.benchmarks.launch;

import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** {@link LaunchState} of the baseline: a buffer, and the launches that are submitted by hand. */
public abstract class RawLaunchState extends LaunchState {
  private RawLaunches launches;

  /** Nothing is there yet. */
  protected RawLaunchState() {}

  abstract long sizeBytes();

  abstract boolean writes();

  /** Makes buffer and kernels. */
  @Setup
  public void open() {
    launches = new RawLaunches(sizeBytes(), writes());
    prepare(launches);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    launches.close();
  }
}

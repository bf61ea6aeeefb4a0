package io.samepage.benchmarks.work;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.IterationParams;

/** {@link LaunchState} of the baseline: a buffer, and the launches that are submitted by hand. */
public abstract class RawLaunchState {
  private RawLaunches launches;

  abstract long sizeBytes();

  abstract boolean writes();

  /** Makes buffer and kernels. */
  @Setup
  public void open() {
    launches = new RawLaunches(sizeBytes(), writes());
  }

  /** What is measured. */
  void submit() {
    launches.submit();
  }

  /** Makes the device busy. */
  @Setup(Level.Invocation)
  public void occupy() {
    launches.occupy();
  }

  /**
   * Checks that all was submitted while the device was busy.
   *
   * @param iteration whether it counts
   */
  @TearDown(Level.Invocation)
  public void check(IterationParams iteration) {
    launches.check(iteration);
  }

  /** Gives everything back. */
  @TearDown
  public void close() {
    launches.close();
  }
}

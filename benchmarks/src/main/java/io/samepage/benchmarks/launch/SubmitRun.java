package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.TimedRun;

/**
 * Launches that are submitted while the device is busy; or, to warm up, on an idle device, where the JVM takes other ways through the same
 * code.
 */
final class SubmitRun extends TimedRun {
  private final Launches launches;
  private final boolean isIdle;
  /** Without having warmed up, launches may take longer than the device is busy, and their figures mean nothing. */
  private final boolean isWarm;
  private boolean wasBusy;

  SubmitRun(Launches launches, boolean isIdle, boolean isWarm) {
    this.launches = launches;
    this.isIdle = isIdle;
    this.isWarm = isWarm;
  }

  @Override
  public int operations() {
    return Launches.COUNT;
  }

  @Override
  public void prepare() {
    if (!isIdle) {
      launches.occupy();
    }
  }

  @Override
  protected void work() {
    launches.submit();
  }

  @Override
  public void finish() {
    if (isIdle) {
      launches.await();
    } else {
      wasBusy = launches.check();
    }
  }

  /** Throws if the device was no longer busy when the last launch was submitted. */
  @Override
  public void checkCounted() {
    if (isWarm && !wasBusy) {
      throw new IllegalStateException("The device was no longer busy when the last launch was submitted: launches=" + Launches.COUNT);
    }
  }

  @Override
  public void close() {
    launches.close();
  }
}

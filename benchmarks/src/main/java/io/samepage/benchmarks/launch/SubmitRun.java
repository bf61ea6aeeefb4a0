package io.samepage.benchmarks.launch;

import io.samepage.benchmarks.turn.TimedRun;

/**
 * Launches that are submitted while the device is busy; or, to warm up, on an idle device, where the JVM takes other ways through the same
 * code.
 */
final class SubmitRun extends TimedRun {
  /** Up to one in so many runs may have been on an idle device: the middle one counts. */
  private static final int SELDOM = 8;

  private final Launches launches;
  private final boolean isIdle;
  /** Without having warmed up, launches may take longer than the device is busy, and their figures mean nothing. */
  private final boolean isWarm;
  private boolean wasBusy;
  private long counted;
  private long idle;

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

  @Override
  public void checkCounted() {
    counted++;
    idle += wasBusy ? 0 : 1;
  }

  /** Throws if the device was often no longer busy when the last launch was submitted: once in a while another one has the processors. */
  @Override
  public void check() {
    if (isWarm && idle * SELDOM > counted) {
      throw new IllegalStateException("The device was no longer busy when the last launch was submitted: launches=" + Launches.COUNT
          + ", runs=" + counted + ", of these idle=" + idle);
    }
  }

  @Override
  public void close() {
    launches.close();
  }
}

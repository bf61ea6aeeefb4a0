package io.samepage.opencl;

import io.samepage.DeviceException;
import io.samepage.node.DriverSignals;

/** A thread that waits for a fence and sleeps until the driver says that the last of its commands has ended. For that thread alone. */
final class Sleeper implements AutoCloseable {
  /** How often a sleeper looks by itself: whether it was interrupted, or a command has failed, of which PoCL doesn't tell. */
  private static final long LONGEST_SLEEP_NANOS = 10_000_000;

  private final CommandQueue queue;
  private final OpenClFence fence;
  private final DriverSignals signals;
  private boolean hasTried;
  private boolean isCalled;
  private long signal;

  Sleeper(CommandQueue queue, OpenClFence fence) {
    this.queue = queue;
    this.fence = fence;
    signals = queue.signals();
  }

  /**
   * Sleeps until the driver calls, at most so long and not for long.
   *
   * @return false, at once, if it won't call, or has called already
   */
  boolean sleep(long nanos) {
    if (!hasTried) {
      hasTried = true;
      signal = signals == null ? 0 : signals.open();
      askForCall();
    }
    if (signal == 0 || isCalled) {
      return false;
    }
    isCalled = signals.await(signal, Math.min(nanos, LONGEST_SLEEP_NANOS));
    return true;
  }

  private void askForCall() {
    if (signal == 0) {
      return;
    }
    boolean isGiven = false;
    try {
      isGiven = queue.callBack(fence, signals.callAddress(), signal);
    } catch (DeviceException e) {
      // Without a call it is waited for in another way.
    }
    if (!isGiven) {
      signals.drop(signal, false);
      signal = 0;
    }
  }

  @Override
  public void close() {
    if (signal != 0) {
      signals.drop(signal, true);
    }
  }
}

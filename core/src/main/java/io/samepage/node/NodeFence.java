package io.samepage.node;

/** A point in a device queue. May be used by any thread, any number of times. */
public interface NodeFence {
  /** {@return whether the point was passed or can't be any more because something failed} Never waits. */
  boolean isDone();

  /**
   * Waits until the point is passed, or the time is over.
   *
   * @param timeoutNanos how long to wait at most, {@link Long#MAX_VALUE} for ever
   * @return whether it was passed
   * @throws io.samepage.DeviceException if what the fence marks failed
   * @throws InterruptedException if the thread was interrupted
   */
  boolean await(long timeoutNanos) throws InterruptedException;

  /**
   * Waits to the end, interrupted or not: a copy that is under way may not be left alone with the memory it uses. The interrupt
   * status is kept.
   *
   * @throws io.samepage.DeviceException if what the fence marks failed
   */
  default void awaitUninterruptibly() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          await(Long.MAX_VALUE);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** {@return how long the kernel before this fence ran, 0 if unknown or if it marks no kernel. Only after it was passed} */
  long kernelNanos();

  /**
   * The driver's event of the last command before this fence, retained for the caller, who gives it back by
   * {@link DeviceNode#releaseEvent}. Called right after the fence was made.
   *
   * @return the event; 0 if there is none, so that the fence must be waited for instead
   */
  default long retainedEvent() {
    return 0;
  }
}

package io.samepage;

import java.time.Duration;

/** The point at which a launch is complete. May be used by any number of threads, and after the memory is closed. */
public interface Fence {
  /**
   * {@return whether the launch is complete, successfully or not} Never waits.
   */
  boolean isDone();

  /**
   * Waits until the launch is complete.
   *
   * @throws KernelFailedException if the kernel failed: the slices that it was to write are poisoned where it held the only valid copy
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  void await();

  /**
   * Waits until the launch is complete, or the time is over.
   *
   * @param timeout how long to wait at most
   * @return whether the launch is complete
   * @throws IllegalArgumentException if {@code timeout} is negative
   * @throws KernelFailedException if the kernel failed
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  boolean await(Duration timeout);

  /**
   * Waits until the launch is complete and tells how long the kernel ran on the device, copies not included.
   *
   * @return nanoseconds by the device's clock, 0 where the driver doesn't tell
   * @throws KernelFailedException if the kernel failed
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   */
  long kernelNanos();
}

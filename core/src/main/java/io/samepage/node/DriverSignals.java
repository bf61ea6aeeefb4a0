package io.samepage.node;

/**
 * Sleeping until a driver calls back. The function that it is given is native and wakes the sleeper: a call-back into Java could be
 * stopped by a garbage collection that waits for somebody who waits for the driver. Safe for use by any thread.
 */
public interface DriverSignals {
  /** {@return the address of the function: {@code void (void* event, int32_t status, void* signal)}, as OpenCL calls it} */
  long callAddress();

  /**
   * Makes a signal. It goes once it was called and dropped.
   *
   * @return its handle, which the function is to be called with once; 0 if there is none to be had
   */
  long open();

  /**
   * Sleeps until a signal is called, or the time is over. Can't be interrupted.
   *
   * @param signal a signal that this thread opened
   * @param timeoutNanos how long at most
   * @return whether it was called
   */
  boolean await(long signal, long timeoutNanos);

  /**
   * Lets go of a signal.
   *
   * @param signal a signal that this thread opened
   * @param wasGiven whether a driver has it, and so will call it
   */
  void drop(long signal, boolean wasGiven);
}

package io.samepage.host;

/** Sleeping until a driver calls a native function of ours, so that no Java runs on the driver's thread. Safe for use by any thread. */
public final class Signals {
  private Signals() {}

  /** {@return whether there are any here: they need the native library} */
  public static boolean areAvailable() {
    return FaultLibraryNative.refusal() == null;
  }

  /** {@return the address of the function that wakes: {@code void (void* event, int32_t status, void* signal)}} */
  public static long callAddress() {
    return SignalNative.callAddress();
  }

  /**
   * Makes a signal. It goes once it was called and dropped.
   *
   * @return its handle, which the function is to be called with once; 0 if there is no memory
   */
  public static long open() {
    return SignalNative.open();
  }

  /**
   * Sleeps until a signal is called. Can't be interrupted.
   *
   * @param signal a signal that this thread opened
   * @param timeoutNanos how long at most
   * @return whether it was called
   */
  public static boolean await(long signal, long timeoutNanos) {
    return SignalNative.await(signal, timeoutNanos);
  }

  /**
   * Lets go of a signal.
   *
   * @param signal a signal that this thread opened
   * @param wasGiven whether a driver has it, and so will call it
   */
  public static void drop(long signal, boolean wasGiven) {
    SignalNative.drop(signal);
    if (!wasGiven) {
      SignalNative.drop(signal);
    }
  }
}

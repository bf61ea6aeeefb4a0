package io.samepage.host;

/** The host pages of one range. */
public interface HostExtent {
  /** {@return the address of the first byte in the manager view} */
  long address();

  /** Gives the pages back. Nothing may use them any more; called once. */
  void free();
}

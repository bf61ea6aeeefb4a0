package io.samepage.host;

/** The host pages of one range. */
public interface HostExtent {
  /** {@return the address of the first byte in the manager view} */
  long address();

  /**
   * Gives the contents of whole pages back: they are zero afterwards. Nothing else uses them meanwhile.
   *
   * @param offsetBytes where the first page begins
   * @param sizeBytes how much, whole pages
   */
  void discard(long offsetBytes, long sizeBytes);

  /** Gives the pages back. Nothing may use them any more; called once. */
  void free();
}

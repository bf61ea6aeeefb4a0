package io.samepage.host;

import java.lang.foreign.MemorySegment;

/** The host pages of one range. */
public interface HostExtent {
  /** {@return the address of the first byte in the manager view} */
  long address();

  /**
   * Gives the contents of whole pages back, and their frames where there is a way: they are zero afterwards. Nothing else uses them
   * meanwhile.
   *
   * @param offsetBytes where the first page begins
   * @param sizeBytes how much, whole pages
   */
  default void discard(long offsetBytes, long sizeBytes) {
    zero(offsetBytes, sizeBytes);
  }

  /**
   * Sets whole pages to zero, in the frames that they have. Nothing else uses them meanwhile.
   *
   * @param offsetBytes where the first page begins
   * @param sizeBytes how much, whole pages
   */
  default void zero(long offsetBytes, long sizeBytes) {
    MemorySegment.ofAddress(address() + offsetBytes).reinterpret(sizeBytes).fill((byte) 0);
  }

  /** Gives the pages back. Nothing may use them any more; called once. */
  void free();
}

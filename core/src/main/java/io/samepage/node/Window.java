package io.samepage.node;

/** One contiguous device allocation that backs a slice of a range on one device. */
public interface Window {
  /** {@return its size in bytes} */
  long sizeBytes();

  /** {@return the driver's handle: {@code cl_mem}, {@code CUdeviceptr}, or an address} */
  long handle();

  /** {@return whether somebody else has allocated it: it takes nothing of the device's budget, and is not taken away to make room} */
  default boolean isAdopted() {
    return false;
  }
}

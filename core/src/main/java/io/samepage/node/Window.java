package io.samepage.node;

/** One contiguous device allocation that backs a slice of a range on one device. */
public interface Window {
  /** {@return its size in bytes} */
  long sizeBytes();

  /** {@return the driver's handle: {@code cl_mem}, {@code CUdeviceptr}, or an address} */
  long handle();
}

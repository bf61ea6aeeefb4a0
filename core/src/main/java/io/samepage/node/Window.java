package io.samepage.node;

/**
 * One contiguous device allocation that backs a slice of a range on one device; or contiguous address space for all of a range, parts of
 * which have memory.
 */
public interface Window {
  /** {@return its size in bytes} */
  long sizeBytes();

  /** {@return the driver's handle: {@code cl_mem}, {@code CUdeviceptr}, or an address} */
  long handle();

  /** {@return whether somebody else has allocated it: it takes nothing of the device's budget, and is not taken away to make room} */
  default boolean isAdopted() {
    return false;
  }

  /**
   * {@return in units of how many bytes it {@linkplain DeviceNode#back gets} and {@linkplain DeviceNode#unback loses} memory, where it is
   * address space that was {@linkplain DeviceNode#reserve reserved}; 0 where all of it has memory as long as it is there}
   */
  default long sparseUnitBytes() {
    return 0;
  }

  /** {@return whether it is address space, parts of which have memory} */
  default boolean isSparse() {
    return sparseUnitBytes() > 0;
  }
}

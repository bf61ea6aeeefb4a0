package io.samepage;

/**
 * Access of a device to one slice by code of the user's own, through the driver's handle. Work that uses the handle must be
 * complete before the lease is closed. May be closed by any thread.
 *
 * <p>Nothing keeps the host from touching memory of a {@link UnifiedArena} while a lease is open on it. Closing a lease that writes throws
 * {@link LeaseBrokenException} if the host wrote into its slice meanwhile; the lease is closed all the same, and the device's bytes are
 * what stays.
 */
public non-sealed interface DeviceLease extends Lease {
  /** {@return the device} */
  Device device();

  /**
   * {@return the driver's handle of the device allocation that holds the slice: a {@code cl_mem} for OpenCL, a
   * {@code CUdeviceptr} for CUDA, an address for the embedded device. All copies into it are complete}
   *
   * @throws IllegalStateException if the lease is closed
   */
  long handle();

  /**
   * {@return where in the allocation behind {@link #handle()} the slice begins, in bytes}
   *
   * @throws IllegalStateException if the lease is closed
   */
  long handleOffsetBytes();
}

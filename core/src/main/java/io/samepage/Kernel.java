package io.samepage;

import java.util.List;

/** A compiled kernel on one device. May be launched by any number of threads at once. */
public interface Kernel {
  /** {@return its name in the source} */
  String name();

  /** {@return the device it was compiled for} */
  Device device();

  /** {@return what the kernel says of its parameters, in order} */
  List<KernelParameter> parameters();

  /**
   * Starts the kernel and returns without waiting for it to end. Everything is checked before anything moves: the arguments
   * against {@link #parameters()}, then the device memory for all of them together. Conflicting leases, and launches in flight on
   * other devices, are waited for, at most the memory's lease timeout. Launches on the same device are not waited for: they run
   * in the order in which they were launched, as far as they touch the same bytes. The slices stay leased until the kernel is
   * complete; leases opened later wait for that. If a kernel fails, launches behind it that need what it was to write fail too.
   *
   * @param grid how many work items, and in what shape
   * @param arguments one for each parameter
   * @return a fence that passes when the kernel is complete
   * @throws IllegalArgumentException if the count, kind, size, alignment or access of an argument doesn't fit the kernel; if a slice
   *     belongs to another memory; if arguments share a byte and one of them is written; or if the grid doesn't fit the device
   * @throws IllegalStateException if a range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws OutOfDeviceMemoryException if the arguments don't fit into the device's memory together
   * @throws PoisonedPageException if the only valid copy of a page was lost and the kernel would read it
   * @throws DeviceException if the driver fails
   */
  Fence launch(Grid grid, Argument... arguments);
}

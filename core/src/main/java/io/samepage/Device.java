package io.samepage;

import java.time.Duration;

/** A device that is attached to a {@link UnifiedMemory}. May be used by any number of threads. */
public interface Device {
  /** {@return the name to ask for it: back end and number, {@code opencl:0}} */
  String name();

  /** {@return what the driver says of it} */
  DeviceInfo info();

  /** {@return where this device keeps pages, as was asked for when the memory was opened} */
  MemoryKind memoryKind();

  /** {@return how many bytes of device memory Samepage may use} */
  long budgetBytes();

  /** {@return how many of them are taken by copies of ranges now; none where it uses the host's pages} */
  long usedBytes();

  /**
   * A kernel, compiled for this device. Compiled programs are cached, so asking again is cheap.
   *
   * @param source the program, with a form that this device runs
   * @param name the kernel's name in it
   * @return the kernel
   * @throws KernelBuildException if the program doesn't compile (the message has the log), has no kernel of that name, or has
   *     no form for this kind of device
   * @throws IllegalStateException if the memory is closed
   */
  Kernel kernel(KernelSource source, String name);

  /**
   * Opens a device lease for code of the user's own, waiting at most the memory's lease timeout.
   *
   * @param slice what the device will use
   * @param access how
   * @return the lease, to be closed
   * @throws IllegalArgumentException if the slice belongs to another memory
   * @throws IllegalStateException if the range or the memory is closed
   * @throws UnsupportedOperationException if the slice belongs to an arena, and this device can't be used with those
   * @throws MemoryKindException if the slice is in shared virtual memory that this device doesn't share
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts, or a lease on this device whose
   *     allocation would have to grow or move for this slice
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws OutOfDeviceMemoryException if the slice can't be placed on the device: an open lease keeps the whole allocation that its
   *     slice lies in
   * @throws PoisonedPageException if the only valid copy of a page was lost and {@code access} does not overwrite the whole page
   * @throws DeviceException if the driver fails
   */
  DeviceLease acquire(Slice slice, Access access);

  /**
   * Opens a device lease as {@link #acquire(Slice, Access)} does, with a bound on the wait of its own.
   *
   * @param slice what the device will use
   * @param access how
   * @param timeout how long to wait for conflicting leases and launches in flight; zero fails at once
   * @return the lease, to be closed
   * @throws IllegalArgumentException if {@code timeout} is negative, or for the reason above
   */
  DeviceLease acquire(Slice slice, Access access, Duration timeout);

  /**
   * Brings valid copies of a slice's pages to this device before they are needed, as {@code cudaMemPrefetchAsync} does. Copies elsewhere
   * stay valid, and pages that are here already are left alone. Leases and launches that come later find the pages here, unless somebody
   * has written them meanwhile elsewhere, or their place was needed for others.
   *
   * <p>Waits for conflicting leases as a {@link Access#READ} lease does, at most the memory's lease timeout. Then uploads from the host
   * are enqueued, to be done beside the kernels that run, and the call returns; what comes from other devices is waited for.
   * Until the fence has passed it is in the way of others as a launch that reads the slice would be: launches on this device follow it
   * without waiting.
   *
   * @param slice what will be used
   * @return a fence that has passed when the uploads are complete, or has passed already where there is nothing to upload. Waiting for it
   *     throws {@link KernelFailedException}, as for a launch, if they failed: then the pages are where they were
   * @throws IllegalArgumentException if the slice belongs to another memory
   * @throws IllegalStateException if the range or the memory is closed
   * @throws UnsupportedOperationException if the slice belongs to an arena, and this device can't be used with those
   * @throws MemoryKindException if the slice is in shared virtual memory that this device doesn't share
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts, or a lease on this device whose
   *     allocation would have to grow or move for this slice
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws OutOfDeviceMemoryException if the slice can't be placed on the device
   * @throws PoisonedPageException if the only valid copy of a page was lost
   * @throws DeviceException if the driver fails
   */
  Fence prefetch(Slice slice);

  /**
   * Makes device memory that the program allocated itself this device's copy of a slice: what it holds now is what the slice holds from
   * now on, on every node. Copies that others have are no longer valid; the host gets the bytes when it asks for them or touches them.
   *
   * <p>From now on the memory is used under leases alone ({@link DeviceLease#handle()} answers it), as Samepage copies from and to it and
   * starts kernels on it. It stays the program's: Samepage keeps a reference of its own as far as the driver counts them, and drops it
   * when the range is closed; or earlier, when a lease or launch needs a larger piece in one allocation: then the bytes are copied, and
   * handles are other ones. It is neither charged to the {@linkplain #budgetBytes() budget} nor evicted. When it is dropped nothing is
   * brought there: who wants the newest bytes in it opens a {@link Access#READ} lease before.
   *
   * @param slice what the memory holds: whole pages up to the end of the range at most; in a {@link UnifiedArena} whole units of 64 KiB
   * @param handle the driver's handle, a {@code cl_mem} for OpenCL; the slice begins at its first byte. Commands that write it are complete
   * @throws IllegalArgumentException if the slice belongs to another memory or does not consist of whole pages; or the memory is none that
   *     this device can use: it belongs to another context, is smaller than the slice's pages, or is not both readable and writable. The
   *     message says which
   * @throws IllegalStateException if this device has memory for some of the slice already, as it was used there; or the range or the memory
   *     is closed
   * @throws UnsupportedOperationException if this kind of device takes no memory of others, or uses the range's pages where the host has
   *     them; or the slice belongs to an arena, and this device can't be used with those
   * @throws MemoryKindException if the range lies in shared virtual memory that this device can't use
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws DeviceException if the driver fails
   */
  void adopt(Slice slice, long handle);

  /** {@return the counts since this device was attached} */
  DeviceStatistics statistics();
}

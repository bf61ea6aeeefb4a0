package io.samepage;

import java.util.concurrent.CompletableFuture;

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

  /**
   * Leaves the closing of this lease to the memory: it is closed once a fence has passed, by a thread of the memory's own, which looks at
   * {@link Fence#isDone()} again and again; nobody else waits for the fence. Until then the lease is open, and what conflicts with it
   * waits, the calling thread too from now on. Touching memory of a {@link UnifiedArena} waits neither for the fence nor for the lease.
   *
   * <p>If waiting for the fence throws, the work on the slice has failed: the lease is closed, and the pages of which it was to write any
   * byte are poisoned.
   *
   * <p>Not to be used within a try-with-resources statement, as {@link #close()} throws from now on. A memory, arena or range that is to
   * be closed meanwhile refuses, as for any open lease.
   *
   * @param fence whose passing ends the access, such as the end of the program's own commands. Its {@link Fence#isDone()} never waits,
   *     and once it has answered true, neither does its {@link Fence#await()}
   * @return a future that is complete when the lease is closed; exceptionally with what waiting for the fence, or closing, has thrown
   * @throws NullPointerException if {@code fence} is null
   * @throws IllegalStateException if the lease is closed, or its closing was left to the memory already
   */
  CompletableFuture<Void> closeWhen(Fence fence);
}

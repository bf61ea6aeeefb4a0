package io.samepage.testkit;

import io.samepage.DeviceLease;
import java.util.concurrent.CompletableFuture;

/** What a program beside Samepage has on the first device under test: memory, and work of its own that uses leases. */
public interface OwnProgram {
  /**
   * Allocates memory of the device.
   *
   * @param content what it holds
   * @return the driver's handle of it
   */
  long allocate(int[] content);

  /**
   * Reads from memory that the program has allocated.
   *
   * @param handle the memory
   * @param count how many ints
   * @return what it holds at its beginning
   */
  int[] ints(long handle, int count);

  /**
   * Gives memory back, which Samepage may still use.
   *
   * @param handle the memory
   */
  void free(long handle);

  /**
   * Starts work that adds to ints of a lease's slice, which begins at a multiple of their size, and lets the end of it end the lease.
   *
   * @param lease a lease that reads and writes
   * @param count how many ints, a power of two
   * @param by what is added to each
   * @return complete when the lease is closed
   */
  CompletableFuture<Void> incrementAndLeave(DeviceLease lease, int count, int by);
}

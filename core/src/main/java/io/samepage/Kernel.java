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
   * Starts the kernel and returns without waiting for it to end. Everything is checked before anything moves: the arguments against
   * {@link #parameters()}, then the device memory for all of them together. Conflicting leases, and launches in flight on other devices,
   * are waited for, at most the memory's lease timeout. Launches on the same device are not waited for: two that touch the same bytes,
   * which one of them writes, run in the order in which they were launched; others may run at a time. The slices stay leased until the
   * kernel is complete; leases opened later wait for that. A device takes 1,024 launches at a time: one more waits until the first of
   * them has ended, however long that takes. On the embedded device a launch that writes memory of a {@link UnifiedArena} is complete on
   * return, so that no touch has to wait for Java code. If a kernel fails, launches behind it that need what it was to write fail too.
   *
   * <p>Arguments are plain objects, or {@link Argument}s where more is to be said, in any mixture:
   *
   * {@snippet :
   * kernel.launch(Grid.of(n), a, b, 2f);         // what is done with a and b is inferred from the kernel
   * kernel.launch(Grid.of(n), a, out(b), 2f);    // all of b is overwritten, so nothing of it goes to the device
   * }
   *
   * <table>
   * <caption>What an argument is taken for</caption>
   * <tr><th>object</th><th>for a parameter that takes</th><th>is</th></tr>
   * <tr><td>{@link Slice}, {@link UnifiedRange}, {@link java.lang.foreign.MemorySegment} as
   *     {@link UnifiedMemory#slice(java.lang.foreign.MemorySegment)} takes it</td><td>memory</td>
   *     <td>{@code in}, {@code out} or {@code inOut} as the kernel says</td></tr>
   * <tr><td>a boxed primitive</td><td>a value</td><td>that value. It has exactly the parameter's type, as conversions could lose
   *     something; a {@code char} may be given to an integer of 16 bits, a {@code boolean} to one of 8</td></tr>
   * <tr><td>{@link java.lang.foreign.MemorySegment}</td><td>a struct or a vector</td><td>its bytes, by value</td></tr>
   * <tr><td>{@link Argument#local}</td><td>local memory</td><td>so many bytes for each group</td></tr>
   * </table>
   *
   * <p>Java kernels say with their parameters what they do with memory. OpenCL C says {@code in} of pointers to {@code const} and to
   * {@code __constant}, and nothing of others: those are taken for {@code inOut}. So the least is moved, but for an output that the host
   * wrote last: its pages go to the device, as the kernel may leave bytes as they are. {@code out} spares that,
   * and so does {@link Slice#discard} before the launch.
   *
   * <p>What {@link Argument#in}, {@link Argument#out} and {@link Argument#inOut} declare must not contradict the kernel, as {@code out} and
   * {@code inOut} do of what it only reads, {@code in} of what it says that it writes, and {@code out} of what it says that it reads.
   * {@code in} and {@code out} of memory of which it says nothing are promises.
   *
   * @param grid how many work items, and in what shape
   * @param arguments one for each parameter
   * @return a fence that passes when the kernel is complete
   * @throws IllegalArgumentException if the count, kind, size, alignment or access of an argument doesn't fit the kernel; if the access
   *     must be inferred and the kernel doesn't say it, or it writes and the segment is read-only; if a slice belongs to another memory; if
   *     arguments share a byte and one of them is written; if the device hasn't as much local memory; or if the grid doesn't fit the device
   * @throws IllegalStateException if a range or the memory is closed
   * @throws UnsupportedOperationException if a slice belongs to an arena, and this device can't be used with those
   * @throws MemoryKindException if a slice is in shared virtual memory that this device doesn't share
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws OutOfDeviceMemoryException if the arguments don't fit into the device's memory together
   * @throws PoisonedPageException if the only valid copy of a page was lost and the kernel would read it
   * @throws BrokenPromiseException if launches are checked ({@link UnifiedMemory.Builder#checkLaunches}) and the kernel didn't do what was
   *     declared; the launch is complete then
   * @throws DeviceException if the driver fails
   */
  Fence launch(Grid grid, Object... arguments);
}

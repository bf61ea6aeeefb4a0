package io.samepage;

import java.util.List;

/**
 * A kernel on several devices. One launch call has each of them compute a part of the grid:
 *
 * {@snippet :
 * SplitKernel multiply = memory.splitKernel(source, "multiply");
 * multiply.launch(Grid.of(columns, rows).local(16, 16),                       // split by rows
 *     sliced(in(a), rowBytesOfA), in(b), sliced(out(c), rowBytesOfC), itemCount(), inner, columns).await();
 * }
 *
 * <p>Immutable; may be launched by any number of threads at once. Obtained from {@link UnifiedMemory#splitKernel(KernelSource, String)}.
 */
public interface SplitKernel {
  /**
   * What one device computes of a grid.
   *
   * @param device the device
   * @param firstItem the number of its first item in the dimension that is split
   * @param itemCount how many items it has there, at least 1
   */
  record Part(Device device, long firstItem, long itemCount) {}

  /** {@return the kernels, one for each device, in the order of the parts} */
  List<Kernel> kernels();

  /**
   * The same kernels, splitting grids along another dimension. Without this call they are split along their last one, the one whose
   * neighbours lie farthest apart: grids of rows and columns by rows.
   *
   * @param dimension 0 for x, 1 for y, 2 for z
   * @return a split kernel
   * @throws IndexOutOfBoundsException if {@code dimension} is not 0, 1 or 2
   */
  SplitKernel along(int dimension);

  /**
   * The same kernels, with parts in proportion to the devices' speeds. Without this call all are as large, as far as that goes.
   *
   * @param shares a positive number for each kernel, in their order: {@code 1, 3} gives the second device three quarters
   * @return a split kernel
   * @throws IllegalArgumentException if there is not one number for each kernel, or one is not positive and finite
   */
  SplitKernel shares(double... shares);

  /**
   * Tells how a launch would be split, and checks it as {@link #launch} does before anything is reserved or moved. What it answers
   * depends on the arguments alone, so the same arguments are always split in the same way.
   *
   * @param grid as for {@link #launch}
   * @param arguments as for {@link #launch}
   * @return the parts, in the order of their items
   * @throws IllegalArgumentException if the arguments don't fit
   * @throws IllegalStateException if a range or the memory is closed
   */
  List<Part> parts(Grid grid, Object... arguments);

  /**
   * Starts the kernel on all devices, each with its part of the grid, and returns without waiting for them to end. Each part is a launch as
   * {@link Kernel#launch} has it, on a grid of its own items, numbered from 0 on.
   *
   * <p><b>Arguments.</b> What is {@linkplain SplitArgument#sliced sliced} is given to each part by its items. All else is given to all
   * parts as it is, and memory only to be read: each device gets a copy of it, once, and keeps it. OpenCL C says of pointers to
   * {@code const} that they are read; of others say it by {@code in}. {@link SplitArgument#firstItem} and {@link SplitArgument#itemCount}
   * tell a part where it is.
   *
   * <p><b>Where it is cut.</b> Between whole groups, if the grid is grouped, and so that no two parts share a page that one of them
   * writes: devices that write one page wait for each other. Memory that is only read is cut at page borders too where that keeps the parts
   * nearly as even; else a page at a border goes to both. Where page borders leave less than a part for each device, some devices have
   * none; in the end one computes all. Rows whose length is a power of two, or a multiple of the page size, can be cut best, in slices
   * that begin with a page.
   *
   * <p><b>All or nothing.</b> The memory of all parts is reserved on their devices at once, and what they need is brought there, before the
   * first of them starts. Where that fails, none does. Conflicting leases and launches in flight on other devices are waited for as
   * {@link Kernel#launch} waits, with nothing reserved meanwhile.
   *
   * @param grid how many work items there are in all, and in what shape
   * @param arguments one for each parameter
   * @return a fence of all parts, in their order: {@link Fence#all(Fence...)} says what it answers where one fails. The exception names its
   *     device
   * @throws IllegalArgumentException if what {@link Kernel#launch} says of the arguments doesn't hold for all of them together, or for a
   *     part; if the grid has not the dimension that is split; if memory that is sliced hasn't the bytes of all items; if memory that is
   *     not sliced is written; if it must be inferred what is done with memory, and the kernels say different things; or if a number of
   *     items doesn't fit an {@code int} that is to be given it
   * @throws IllegalStateException if a range or the memory is closed
   * @throws UnsupportedOperationException if a slice belongs to an arena, and one of the devices can't be used with those
   * @throws MemoryKindException if a slice is in shared virtual memory that one of the devices doesn't share
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws OutOfDeviceMemoryException if the arguments of a part don't fit into its device's memory together
   * @throws PoisonedPageException if the only valid copy of a page was lost and a part would read it
   * @throws BrokenPromiseException if launches are checked and a part didn't do what was declared; all parts are complete then
   * @throws DeviceException if a driver fails. Where it refuses a part that it should enqueue, other parts may run already; what comes
   *     later waits for them as for any launch
   */
  Fence launch(Grid grid, Object... arguments);
}

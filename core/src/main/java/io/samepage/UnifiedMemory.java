package io.samepage;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Memory that the host and its devices share. Ranges are allocated once; leases and launches bring the pages to where they
 * are used, copy only what is not there yet, and withdraw copies that a write made stale.
 *
 * <p>Any number of threads may use a memory, its devices and its ranges at once.
 *
 * <p><b>Memory model.</b> A kernel sees every host write that happens-before its launch. The host sees what a kernel wrote
 * through any host lease opened after the launch call returned, and by touching a segment of an arena after it. Who touches what a
 * launch writes while the launch call is under way sees what was there before it or what the kernel writes, and nothing older. Bytes
 * outside the declared slices are never lost, even in the same page. Host writes to a slice while a kernel that declared it is running,
 * from the start of the launch call on, are a data race: either the kernel's page wins or the store does.
 */
public interface UnifiedMemory extends AutoCloseable {
  /**
   * Opens a memory over the devices that {@code auto} chooses, with the default settings.
   *
   * @return the memory, to be closed
   * @throws IllegalStateException if no implementation is on the class path
   */
  static UnifiedMemory open() {
    return builder().open();
  }

  /**
   * {@return a builder with the default settings}
   *
   * @throws IllegalStateException if no implementation is on the class path
   */
  static Builder builder() {
    return ServiceLoader.load(UnifiedMemoryProvider.class).findFirst()
        .orElseThrow(() -> new IllegalStateException(
            "No implementation of " + UnifiedMemoryProvider.class.getName() + " found: add samepage-core to the class or module path"))
        .newBuilder();
  }

  /**
   * {@return the attached devices, in the order they were asked for or found; never empty} Those that {@link #refreshDevices} attaches come
   * behind them.
   */
  List<Device> devices();

  /**
   * Looks for devices that have come since the memory was opened, or have gone, and attaches those that have come: all that the names mean
   * now and that are not attached. Ranges that are there already can be used on them as on any other device, but for those in
   * shared virtual memory, which belong to the context of the device they were allocated for.
   *
   * <p>Hardware that is attached is not attached again through another back end that has found it late
   * ({@link DeviceInfo#isSameHardwareAs}), also where that one would have been preferred, or the attached device has gone: who wants that
   * asks for it by its name.
   *
   * <p>Devices that have gone are told of, and stay in {@link #devices()}: their drivers refuse what is asked of them, and what they alone
   * held can't be had. A driver may go on listing a device that is gone, and not list one that has come before the next process; OpenCL
   * copies between a device that has come late and others by way of the host.
   *
   * <p>Launches and leases go on meanwhile; what allocates or frees ranges waits.
   *
   * @param names which devices to attach, as {@link Builder#devices} takes them; without names those that the memory was opened with, of
   *     which {@code auto} and {@code all} may mean more now
   * @return what has changed
   * @throws NoSuchDeviceException if a device that was named doesn't exist; the message says what there is, and why not
   * @throws IllegalArgumentException if a name is blank or given twice, or there are more than 61 devices
   * @throws MemoryKindException if a device that has come can't keep pages as the memory was asked for; then none is attached
   * @throws DeviceException if a driver fails to open a device; then none is attached
   * @throws IllegalStateException if the memory is closed
   */
  DeviceChanges refreshDevices(String... names);

  /**
   * An attached device by its name.
   *
   * @param name as {@link Device#name()} gives it, {@code opencl:0}; or a back end's name alone for its first attached device
   * @return the device
   * @throws NoSuchDeviceException if no such device is attached; the message names those that are
   */
  Device device(String name);

  /**
   * A kernel on all devices, for launches that are split over them: {@link #splitKernel(List)} of a kernel compiled for each of
   * {@link #devices()}.
   *
   * @param source the program, with a form for each device
   * @param name the kernel's name in it
   * @return the kernel
   * @throws KernelBuildException if a device can't run it
   * @throws IllegalStateException if the memory is closed
   */
  SplitKernel splitKernel(KernelSource source, String name);

  /**
   * Kernels of several devices as one, for launches that are split over them.
   *
   * @param kernels kernels of this memory's devices, at most one of each device, which take the same arguments; the order is that of the
   *     parts
   * @return the kernel
   * @throws IllegalArgumentException if there is none, two are of one device, or one belongs to another memory
   */
  SplitKernel splitKernel(List<Kernel> kernels);

  /** {@return what each back end found, and why where it found nothing} Those that opening this memory didn't ask are asked now. */
  List<BackendReport> backends();

  /**
   * Allocates a range. Only address space is taken; see {@link UnifiedRange}.
   *
   * @param sizeBytes its size, at least 1
   * @return the range, to be closed; at the latest, closing the memory closes it
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1
   * @throws OutOfHostMemoryException if the system has no address space of that size to give
   * @throws IllegalStateException if the memory is closed
   */
  UnifiedRange allocate(long sizeBytes);

  /**
   * Allocates a range in shared virtual memory ({@link MemoryKind#SVM}): the device, all devices of the same driver's context, and the
   * host use it where it is, at the same address. A host lease's segment begins at the address that kernels see, which stays the same as
   * long as the range is open, so that pointers into the range may be stored in it; a kernel may follow those that lead into slices of
   * its arguments. Leases and launches are as for any range: a host lease waits for the kernels that write its slice. All of it is taken
   * at once, and zero.
   *
   * @param sizeBytes its size, at least 1
   * @param device a device of this memory
   * @return the range, to be closed; at the latest, closing the memory closes it. Devices of other contexts can't use it: leases and
   *     launches there throw {@link MemoryKindException}
   * @throws IllegalArgumentException if {@code sizeBytes} is below 1, or the device belongs to another memory
   * @throws MemoryKindException if the device has no such memory; the message says what it has
   * @throws OutOfHostMemoryException if it is larger than the driver allocates
   * @throws DeviceException if the driver refuses all the same
   * @throws IllegalStateException if the memory is closed
   */
  UnifiedRange allocateSvm(long sizeBytes, Device device);

  /**
   * Opens an arena that the calling thread alone may use. Its segments are touched without leases; see {@link UnifiedArena}.
   *
   * @return the arena, to be closed before the memory is
   * @throws UnsupportedOperationException if the host's access is explicit here; the message says why, what to change, and what to use
   *     instead
   * @throws IllegalStateException if the memory is closed
   */
  UnifiedArena confinedArena();

  /**
   * Opens an arena that any thread may use. Its segments are touched without leases; see {@link UnifiedArena}.
   *
   * @return the arena, to be closed before the memory is
   * @throws UnsupportedOperationException if the host's access is explicit here; the message says why, what to change, and what to use
   *     instead
   * @throws IllegalStateException if the memory is closed
   */
  UnifiedArena sharedArena();

  /**
   * Tells whether arenas work here, and where they don't why not, and what to change. The system property
   * {@code samepage.host.access=explicit} switches them off.
   *
   * @return what can be had
   * @throws IllegalStateException if the memory is closed
   */
  HostAccess hostAccess();

  /**
   * The slice that a segment of an arena or of an open host lease covers.
   *
   * @param segment a segment got from a {@link UnifiedArena} or from {@link HostLease#segment()}, or a part of one
   * @return the slice with the same bytes
   * @throws IllegalArgumentException if the segment is a heap segment, is empty, belongs to another memory or to none, or reaches outside
   *     its range; the message says which
   * @throws IllegalStateException if the arena or lease of the segment, its range, or the memory is closed
   */
  Slice slice(MemorySegment segment);

  /**
   * The range that a segment belongs to.
   *
   * @param segment a segment as {@link #slice(MemorySegment)} takes it
   * @return the range
   * @throws IllegalArgumentException if there is none, as {@link #slice(MemorySegment)} has it
   * @throws IllegalStateException if the arena or lease of the segment, its range, or the memory is closed
   */
  default UnifiedRange range(MemorySegment segment) {
    return slice(segment).range();
  }

  /**
   * Opens a host lease over several slices at once, confined to the calling thread, waiting at most
   * {@linkplain Builder#leaseTimeout the memory's lease timeout}. Either all slices are leased or none.
   *
   * <p>What a device has is brought in pages, so that it can be read again. Where at least 16 slices of a range are read that have one
   * size and lie at even distances of at least eight times that, as the diagonal or a column of a matrix, their bytes are brought alone,
   * by each lease anew.
   *
   * <p>The slices of the last two leases on several take less to lease again; least in the same list as then, if that is one of
   * {@link List#of()} or {@link List#copyOf}.
   *
   * @param access what the host will do with them
   * @param slices at least one; when {@code access} writes they must not share a byte
   * @return the lease, to be closed
   * @throws IllegalArgumentException if there is no slice, slices overlap and {@code access} writes, or a slice belongs to another memory
   * @throws IllegalStateException if a range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts, as it would wait for itself
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws PoisonedPageException if the only valid copy of a page was lost and {@code access} does not overwrite the whole page
   * @throws DeviceException if a device failed to copy
   */
  HostLease host(Access access, List<Slice> slices);

  /**
   * Opens a host lease as {@link #host(Access, List)} does, with a bound on the wait of its own.
   *
   * @param access what the host will do with them
   * @param slices at least one
   * @param timeout how long to wait for conflicting leases and launches in flight; zero fails at once
   * @return the lease, to be closed
   * @throws IllegalArgumentException if {@code timeout} is negative, or for the reasons above
   * @throws LeaseTimeoutException if leases that conflict were not closed in time; the message says who holds them
   */
  HostLease host(Access access, List<Slice> slices, Duration timeout);

  /**
   * Opens a host lease that any thread may use and close. Otherwise as {@link #host(Access, List, Duration)}.
   *
   * @param access what the host will do with them
   * @param slices at least one
   * @param timeout how long to wait for conflicting leases and launches in flight; zero fails at once
   * @return the lease, to be closed
   */
  HostLease hostShared(Access access, List<Slice> slices, Duration timeout);

  /**
   * Brings valid copies of a slice's pages to the host before they are needed there. Copies on devices stay valid, and pages that are on
   * the host are not fetched. Pages of a {@link UnifiedArena} are mapped as well, all of them: touching them afterwards makes nobody wait,
   * until a device writes them.
   *
   * <p>Waits as {@link #host(Access, List)} does for a {@link Access#READ} lease, and for the copies: when it returns, all is there, and no
   * lease stays open.
   *
   * @param slice what will be used
   * @return a fence, which has passed
   * @throws IllegalArgumentException if the slice belongs to another memory
   * @throws IllegalStateException if the range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws PoisonedPageException if the only valid copy of a page was lost
   * @throws DeviceException if a device failed to copy
   */
  Fence prefetchToHost(Slice slice);

  /**
   * Sets every byte of a slice, where its pages are: on the device that holds more of them than the host does, else on the host; or,
   * where all its pages have the same {@linkplain Advice.Kind#PREFERRED_LOCATION preferred location}, there. That node is the only holder
   * afterwards. No page that the slice covers whole is copied for it; the first and the last one, where it covers them in part, are
   * brought to that node if it lacks them. Where the device can't do it, because its memory for the slice is in parts or would have to
   * grow and can't, the host does.
   *
   * <p>Waits for conflicting leases as a {@link Access#WRITE} lease does, at most the memory's lease timeout. What a device does goes into
   * its queue, as a launch that overwrites the slice would; what the host does is done when the call returns, and who touches the slice
   * in an arena meanwhile is in a data race with it, as beside a lease.
   *
   * @param slice what to fill
   * @param value what each byte will be
   * @return a fence that has passed when it is done. Waiting for it throws {@link KernelFailedException}, as for a launch, if the device
   *     failed: then the slice is poisoned
   * @throws IllegalArgumentException if the slice belongs to another memory
   * @throws IllegalStateException if the range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws PoisonedPageException if the only valid copy of a page was lost that the slice covers in part
   * @throws DeviceException if a driver fails
   */
  Fence fill(Slice slice, byte value);

  /**
   * Copies the bytes of one slice to another, where the source's pages are: of the devices that hold more of them than the host, and have
   * all of the source in one piece of memory, on the one with the most, the first of equals; if there is none, on the host. Where all
   * pages of the target have the same {@linkplain Advice.Kind#PREFERRED_LOCATION preferred location}, it is done there. Nothing is copied
   * between nodes where that one has all of the source; what it lacks of it is brought there first, and so is the first and the last page
   * of the target, where that covers them in part. Afterwards that node is the only holder of the target; copies of the source stay
   * valid. Where the device can't do it, because its memory for the source is in parts or there is no place for the target, the host does.
   *
   * <p>Waits for conflicting leases as a {@link Access#READ} lease on the source and a {@link Access#WRITE} lease on the target do, at
   * most the memory's lease timeout. What a device does goes into a queue, as a launch would; what the host does is done when the
   * call returns, and who touches the target in an arena meanwhile is in a data race with it, as beside a lease.
   *
   * @param source what to copy
   * @param target where to: as large, at any alignment, in the same range or another one of this memory
   * @return a fence that has passed when it is done. Waiting for it throws {@link KernelFailedException}, as for a launch, if the device
   *     failed: then the target is poisoned
   * @throws IllegalArgumentException if the slices differ in size, share a byte, or one belongs to another memory
   * @throws IllegalStateException if a range or the memory is closed
   * @throws LeaseConflictException if the calling thread itself holds a lease that conflicts
   * @throws LeaseTimeoutException if other leases that conflict were not closed in time
   * @throws WaitInterruptedException if the thread was interrupted while it waited; its interrupt status is kept
   * @throws PoisonedPageException if the only valid copy was lost of a page of the source, or of one that the target covers in part
   * @throws DeviceException if a driver fails
   */
  Fence copy(Slice source, Slice target);

  /** {@return the counts since this memory was opened} */
  MemoryStatistics statistics();

  /** {@return what transparent host access has done since this memory was opened} */
  HostStatistics hostStatistics();

  /**
   * Waits for launches in flight, closes all ranges and gives the devices back.
   *
   * @throws IllegalStateException if the memory is closed already, or a lease or an arena is open: the message names them, and nothing
   *     has changed
   * @throws DeviceException if a driver fails to give something back; the memory is closed, and all else was given back
   */
  @Override
  void close();

  /** Settings of a memory to be opened. Not safe for use by several threads at once. */
  interface Builder {
    /**
     * Chooses the devices. Without this call {@code auto} is used.
     *
     * @param names each {@code auto} (every device of the best back end that found one, never a simulator), {@code all} (every device
     *     of every back end, never a simulator; hardware that several back ends found is used through the best of them), a back end's
     *     name for its first device ({@code opencl}), or a device's name ({@code opencl:1}, {@code embedded})
     * @return this builder
     * @throws IllegalArgumentException if there are no names, or one is blank or given twice
     */
    Builder devices(String... names);

    /**
     * Limits how many bytes of a device's memory are used. Without it a device gives its own default.
     *
     * @param deviceName the device's name or its back end's
     * @param bytes the limit, at least 1; below a page nothing fits
     * @return this builder
     * @throws IllegalArgumentException if {@code bytes} is below 1
     */
    Builder deviceBudget(String deviceName, long bytes);

    /**
     * Chooses where devices keep pages. Without this call all have memory of their own. With {@link MemoryKind#SVM}, ranges are allocated
     * as {@link UnifiedMemory#allocateSvm} does it, for the first device of that kind; arenas are as for {@link MemoryKind#DISCRETE}.
     *
     * @param kind where, for all devices but those that {@link #deviceMemoryKind} names
     * @return this builder
     */
    Builder memoryKind(MemoryKind kind);

    /**
     * Chooses where a device keeps pages. Devices of different kinds share one memory without further ado.
     *
     * @param deviceName the device's name or its back end's
     * @param kind where
     * @return this builder
     */
    Builder deviceMemoryKind(String deviceName, MemoryKind kind);

    /**
     * Lets the host look at memory that kernels of {@linkplain MemoryKind#COHERENT coherent} devices are still writing: touches, and host
     * leases that {@linkplain Access#READ read}, don't wait for such kernels any more, and launching one doesn't take pages away from those
     * who touch them. Without this call they wait, as for any other device.
     *
     * <p>What is lost by it: until the fence of a launch has been waited for, the host may see bytes from before the launch, the kernel's,
     * or some of each, in any order; what the host stores then may be lost, or may be seen by the kernel; and who touches what a failed
     * kernel was to write reads whatever it has left there rather than being told: the fence and the next lease or launch tell. All else
     * stays: launches and leases that write still wait for each other, and other devices see what was written.
     *
     * @param isRelaxed whether the host doesn't wait
     * @return this builder
     */
    Builder relaxedHost(boolean isRelaxed);

    /**
     * Sets how long leases and launches wait for conflicting leases when they are not given a timeout. The default is 60 seconds.
     *
     * @param timeout the bound, not negative
     * @return this builder
     * @throws IllegalArgumentException if {@code timeout} is negative
     */
    Builder leaseTimeout(Duration timeout);

    /**
     * Switches the checking of launches on or off. Without this call the system property {@code samepage.launch.check} says it:
     * {@code true}, or {@code false}, which is the default.
     *
     * <p>Checked launches find kernels that don't do what was declared or inferred of their arguments:
     * <ul>
     * <li>Slices that are to be overwritten ({@code out}) are filled with a pattern before the kernel runs; the bytes
     * {@code A5 A5 F5 FF} again and again, which is a NaN to a kernel or host that reads them as floating-point numbers. Where some are
     * found afterwards, the launch is put back and done again over another pattern. Bytes that are as they were both times were not
     * overwritten, or with what was there before: the launch throws {@link BrokenPromiseException}, and they keep the pattern.
     * <li>Slices that were declared {@code in} although the kernel may write them are compared with what they were.
     * </ul>
     *
     * <p>A checked launch is complete when the call returns. It copies its arguments to the host and back, which the statistics count, and
     * may run its kernel twice: this is for tests. On a device that uses {@linkplain MemoryKind#COHERENT the host's pages} who touches
     * these arguments in an arena before the call has returned may see the pattern.
     *
     * @param isChecked whether launches are checked
     * @return this builder
     */
    Builder checkLaunches(boolean isChecked);

    /**
     * Opens the memory.
     *
     * @return the memory, to be closed
     * @throws NoSuchDeviceException if a device that was named doesn't exist; the message says what there is, and why not
     * @throws MemoryKindException if a device can't keep pages where it is asked to; the message says why, and what it offers
     * @throws DeviceException if a driver fails to open a device
     * @throws OutOfHostMemoryException if the system has no address space to give
     */
    UnifiedMemory open();
  }
}

package io.samepage.opencl;

import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.node.MemoryProvider;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.lwjgl.opencl.CL10;

/**
 * Samepage beside a program's own OpenCL code: the same context, buffers that both use, and leases that end with an event. Objects are
 * given as raw handles, as LWJGL and most bindings have them; for JOCL there is {@code samepage-opencl-jocl}.
 *
 * <pre>{@code
 * try (UnifiedMemory memory = OpenClInterop.builder(context, queue).open()) {
 *   UnifiedRange range = memory.allocate(4 * n);
 *   DeviceLease lease = memory.devices().getFirst().acquire(range.all(), Access.READ_WRITE);
 *   clSetKernelArg1p(kernel, 0, OpenClInterop.buffer(lease));           // the program's own kernel, in its own queue
 *   clEnqueueNDRangeKernel(queue, kernel, 1, null, items, null, null, event);
 *   OpenClInterop.closeWhen(lease, event.get(0));                       // no waiting: who uses the range next does
 * }
 * }</pre>
 *
 * <p>Handles are pointers: one that was released, or is none, may end the process. All methods may be called by any thread.
 */
public final class OpenClInterop {
  private OpenClInterop() {}

  /**
   * Loads the system's OpenCL library and its drivers as Samepage does, for the program too. A program that makes OpenCL calls before it
   * opens a memory calls this first: then LWJGL finds the library under the names that it has without development packages, and drivers
   * leave the JVM the signals that it lives by. PoCL would take the one for divisions by zero with the first call, and the compiler in it
   * most others with the first program that is built.
   *
   * @throws DeviceException if there is no library, or it can't be used; the message says why and what to do
   */
  public static void loadLibrary() {
    found();
  }

  private static List<FoundDevice> found() {
    OpenClLibrary library = OpenClLibrary.load();
    library.failure().ifPresent(failure -> {
      throw new DeviceException(failure.explanation() + ". " + failure.remedy());
    });
    return DeviceScan.of(library).devices();
  }

  /**
   * A builder of memories on a context that the program has made, with those of its devices that Samepage finds, under the names that it
   * gives them.
   *
   * <p>Each memory that is opened retains the context and releases it when it is closed; the program's own reference stays the program's.
   * All commands of Samepage go into queues of its own.
   *
   * @param context a {@code cl_context}, there at least until the memory is open
   * @return a builder whose devices are those of the context; others may be asked for by name
   * @throws IllegalArgumentException if the context is 0, or none of its devices is one that Samepage finds, such as a part of one
   * @throws DeviceException if OpenCL can't be used, or the driver fails
   */
  public static UnifiedMemory.Builder builder(long context) {
    List<FoundDevice> found = found();
    checkGiven("context", context);
    long[] devices = ClInfo.ofContext("context=" + hex(context), context).sizes(CL10.CL_CONTEXT_DEVICES);
    return builder(context, devices, found);
  }

  /**
   * A builder of memories on a context and a queue that the program has made. As {@link #builder(long)}, but with the device of the queue
   * alone. The queue is asked for its device and not used any more: Samepage's commands wait for none of the program's, which may wait for
   * what a Java thread does.
   *
   * @param context a {@code cl_context}, there at least until the memory is open
   * @param queue a {@code cl_command_queue} of that context
   * @return a builder whose device is the queue's; others may be asked for by name
   * @throws IllegalArgumentException if one of them is 0, the queue belongs to another context, or its device is none that Samepage finds,
   *     such as a part of one
   * @throws DeviceException if OpenCL can't be used, or the driver fails
   */
  public static UnifiedMemory.Builder builder(long context, long queue) {
    List<FoundDevice> found = found();
    checkGiven("context", context);
    checkGiven("queue", queue);
    ClInfo info = ClInfo.ofQueue("queue=" + hex(queue), queue);
    long itsContext = info.sizes(CL10.CL_QUEUE_CONTEXT)[0];
    if (itsContext != context) {
      throw new IllegalArgumentException("The queue belongs to another context: queue=" + hex(queue) + ", itsContext=" + hex(itsContext)
          + ", context=" + hex(context));
    }
    return builder(context, info.sizes(CL10.CL_QUEUE_DEVICE), found);
  }

  private static UnifiedMemory.Builder builder(long context, long[] wanted, List<FoundDevice> found) {
    List<FoundDevice> devices = found.stream().filter(device -> Arrays.stream(wanted).anyMatch(id -> id == device.id())).toList();
    if (devices.isEmpty()) {
      throw new IllegalArgumentException("None of the devices is one that Samepage finds, as none that is a part of one is: context="
          + hex(context) + ", devices=" + Arrays.stream(wanted).mapToObj(OpenClInterop::hex).toList()
          + ", found=" + found.stream().map(device -> device.info().name() + "=" + hex(device.id())).toList());
    }
    return MemoryProvider.builder(new ContextBackend(context, devices))
        .devices(devices.stream().map(device -> device.info().name()).toArray(String[]::new));
  }

  /**
   * The buffer that holds a lease's slice: the program's own commands may use it until the lease is closed, of it only the slice's bytes,
   * and only as was declared. The slice begins {@link DeviceLease#handleOffsetBytes()} behind its start. It stays Samepage's: it is not to
   * be released, nor used by commands of another context than the memory's.
   *
   * @param lease a lease on an OpenCL device
   * @return the {@code cl_mem}
   * @throws IllegalArgumentException if the lease's device is no OpenCL device
   * @throws IllegalStateException if the lease is closed
   */
  public static long buffer(DeviceLease lease) {
    checkOpenCl(lease.device());
    return lease.handle();
  }

  /**
   * Leaves the closing of a lease to the memory: it is closed once an event is complete. A thread of the memory's looks at the event again
   * and again; no command waits for it, and the driver calls nobody back. So it may be an event that a Java thread completes: touching
   * memory of an arena meanwhile never waits for it. The event's queue is flushed, and the event retained until it is seen to be complete.
   *
   * <p>Until then the slice is under lease. Where the event ends with an error, the pages of which the lease was to write any byte are
   * poisoned. For all else see {@link DeviceLease#closeWhen}.
   *
   * @param lease a lease on an OpenCL device, not in a try-with-resources statement
   * @param event a {@code cl_event} behind all commands that use the lease's buffer
   * @return a future that is complete when the lease is closed; exceptionally with {@link io.samepage.KernelFailedException} if the event
   *     ended with an error, or with what closing has thrown
   * @throws IllegalArgumentException if the lease's device is no OpenCL device, or the event is 0; then nothing has changed
   * @throws IllegalStateException if the lease is closed, or its closing was left to the memory already
   * @throws DeviceException if the driver fails; then nothing has changed
   */
  public static CompletableFuture<Void> closeWhen(DeviceLease lease, long event) {
    checkOpenCl(lease.device());
    checkGiven("event", event);
    EventFence fence = EventFence.of(event);
    try {
      return lease.closeWhen(fence);
    } catch (RuntimeException e) {
      fence.forget();
      throw e;
    }
  }

  /**
   * Makes a buffer of the program's the device's copy of a slice: {@link Device#adopt(Slice, long)}, with its conditions and exceptions.
   *
   * <p>The buffer belongs to the memory's context, so that one must be open on the program's ({@link #builder(long)}). It is a whole
   * {@code CL_MEM_READ_WRITE} buffer that the host may read and write, at least as large as the slice in whole pages. Samepage retains it
   * as long as it uses it; the program may release its own reference at any time.
   *
   * @param device an OpenCL device
   * @param slice what the buffer holds
   * @param buffer the {@code cl_mem}; commands that write it are complete
   * @throws IllegalArgumentException if the device is no OpenCL device, or for the reasons that {@link Device#adopt(Slice, long)} has
   * @throws IllegalStateException if the device has memory for some of the slice already, or the range or the memory is closed
   */
  public static void adopt(Device device, Slice slice, long buffer) {
    checkOpenCl(device);
    device.adopt(slice, buffer);
  }

  private static void checkOpenCl(Device device) {
    if (!device.info().backend().equals(OpenClBackend.NAME)) {
      throw new IllegalArgumentException("No OpenCL device: device=" + device.name());
    }
  }

  private static void checkGiven(String what, long handle) {
    if (handle == 0) {
      throw new IllegalArgumentException("No " + what + " is given: " + what + "=0");
    }
  }

  private static String hex(long handle) {
    return "0x" + Long.toHexString(handle);
  }
}

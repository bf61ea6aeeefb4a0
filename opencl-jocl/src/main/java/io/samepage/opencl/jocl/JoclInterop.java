package io.samepage.opencl.jocl;

import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.opencl.OpenClInterop;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/**
 * Samepage on a JOCL program's context: {@link OpenClInterop} with JOCL's objects in the place of handles. Its contracts hold here.
 *
 * <pre>{@code
 * try (JoclInterop jocl = new JoclInterop(context, queue); UnifiedMemory memory = jocl.builder().open()) {
 *   UnifiedRange range = memory.allocate(4 * n);
 *   DeviceLease lease = memory.devices().getFirst().acquire(range.all(), Access.READ_WRITE);
 *   clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(jocl.buffer(lease)));
 *   clEnqueueNDRangeKernel(queue, kernel, 1, null, items, null, 0, null, event);
 *   jocl.closeWhen(lease, event);
 * }
 * }</pre>
 *
 * <p>JOCL has no way from a handle to a {@code cl_mem} but to read one from device memory. For that there is a queue with a buffer of eight
 * bytes, made when it is first needed and given back by {@link #close()}. All methods may be called by any thread.
 *
 * <p>A program that makes JOCL calls before it opens a memory calls {@link OpenClInterop#loadLibrary()} first.
 */
public final class JoclInterop implements AutoCloseable {
  private final cl_context context;
  private final cl_command_queue queue;
  /** Null until it is needed. Guarded by this, as all below. */
  private HandleReader reader;
  /** Leases of one range mostly have the same buffer. */
  private cl_mem last;
  private boolean isClosed;

  /**
   * Stands for a context and a queue that the program has made, and goes on to own.
   *
   * @param context a context, there until this is closed
   * @param queue a queue of it; Samepage enqueues nothing there
   * @throws NullPointerException if one of them is null
   */
  public JoclInterop(cl_context context, cl_command_queue queue) {
    this.context = Objects.requireNonNull(context, "context");
    this.queue = Objects.requireNonNull(queue, "queue");
  }

  /**
   * {@return a builder of memories on the context, with the device of the queue} See {@link OpenClInterop#builder(long, long)}.
   *
   * @throws IllegalArgumentException if the queue belongs to another context, or its device is none that Samepage finds
   * @throws DeviceException if OpenCL can't be used, or the driver fails
   */
  public UnifiedMemory.Builder builder() {
    return OpenClInterop.builder(context.getNativePointer(), queue.getNativePointer());
  }

  /**
   * The buffer that holds a lease's slice; see {@link OpenClInterop#buffer(DeviceLease)}. The slice begins
   * {@link DeviceLease#handleOffsetBytes()} behind its start.
   *
   * @param lease a lease on an OpenCL device of this context
   * @return the buffer, to be used until the lease is closed, and not to be released; the same object for the same buffer now and then
   * @throws IllegalArgumentException if the lease's device is no OpenCL device
   * @throws IllegalStateException if the lease or this is closed
   * @throws DeviceException if the driver fails
   */
  public cl_mem buffer(DeviceLease lease) {
    long handle = OpenClInterop.buffer(lease);
    synchronized (this) {
      checkOpen();
      if (last == null || last.getNativePointer() != handle) {
        reader = reader == null ? new HandleReader(context, queue) : reader;
        last = reader.read(handle);
      }
      return last;
    }
  }

  /**
   * Leaves the closing of a lease to the memory, which closes it once an event is complete; see
   * {@link OpenClInterop#closeWhen(DeviceLease, long)}.
   *
   * @param lease a lease on an OpenCL device, not in a try-with-resources statement
   * @param event the event behind all commands that use the lease's buffer; it may be released right after
   * @return a future that is complete when the lease is closed; exceptionally with {@link io.samepage.KernelFailedException} if the event
   *     ended with an error, or with what closing has thrown
   * @throws IllegalArgumentException if the lease's device is no OpenCL device, or the event is no command's; then nothing has changed
   * @throws IllegalStateException if the lease is closed, or its closing was left to the memory already
   * @throws DeviceException if the driver fails; then nothing has changed
   */
  public CompletableFuture<Void> closeWhen(DeviceLease lease, cl_event event) {
    return OpenClInterop.closeWhen(lease, event.getNativePointer());
  }

  /**
   * Makes a buffer of the program's the device's copy of a slice; see {@link OpenClInterop#adopt(Device, Slice, long)}.
   *
   * @param device an OpenCL device of this context
   * @param slice what the buffer holds
   * @param buffer the buffer, which the program may release at any time; commands that write it are complete
   * @throws IllegalArgumentException if the device is no OpenCL device, or the buffer can't be that
   * @throws IllegalStateException if the device has memory for some of the slice already, or the range or the memory is closed
   */
  public void adopt(Device device, Slice slice, cl_mem buffer) {
    OpenClInterop.adopt(device, slice, buffer.getNativePointer());
  }

  private void checkOpen() {
    if (isClosed) {
      throw new IllegalStateException("Closed: context=" + context);
    }
  }

  /**
   * Gives back what was made for reading handles. Memories and leases stay as they are. Closing it again does nothing.
   *
   * @throws DeviceException if the driver fails
   */
  @Override
  public synchronized void close() {
    isClosed = true;
    last = null;
    if (reader != null) {
      HandleReader its = reader;
      reader = null;
      its.close();
    }
  }
}

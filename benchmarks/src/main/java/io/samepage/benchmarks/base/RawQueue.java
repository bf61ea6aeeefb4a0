package io.samepage.benchmarks.base;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memAddress;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;
import static org.lwjgl.system.MemoryUtil.memGetLong;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL20;
import org.lwjgl.system.MemoryStack;

/**
 * The baseline: what one writes by hand with LWJGL. A queue and buffers of its own on the device that a memory uses, in the same
 * context. Its host memory is of the same kind as Samepage's: that of a range which no device has anything to do with, leased once for
 * good, and touched before anything is measured.
 */
public class RawQueue implements AutoCloseable {
  private final UnifiedMemory memory;
  private final HostLease lease;
  private final long context;
  private final long queue;
  private final List<Long> buffers = new ArrayList<>();

  /**
   * Makes queue and host memory.
   *
   * @param hostBytes how much host memory
   * @param measures whether the queue measures its commands
   */
  public RawQueue(long hostBytes, boolean measures) {
    memory = BenchmarkMemory.open();
    lease = memory.allocate(hostBytes).host(Access.WRITE);
    lease.segment().fill((byte) 1);
    context = contextOf(memory);
    queue = createQueue(context, measures ? CL10.CL_QUEUE_PROFILING_ENABLE : 0);
  }

  /** {@return how large a buffer the device makes at most} */
  public static long largestBufferBytes() {
    try (UnifiedMemory memory = BenchmarkMemory.open(); MemoryStack stack = MemoryStack.stackPush()) {
      long bytes = stack.nlong(0);
      check("clGetDeviceInfo",
          CL10.nclGetDeviceInfo(deviceOf(contextOf(memory)), CL10.CL_DEVICE_MAX_MEM_ALLOC_SIZE, Long.BYTES, bytes, NULL));
      return memGetLong(bytes);
    }
  }

  /** {@return the host memory} */
  public MemorySegment host() {
    return lease.segment();
  }

  /** {@return the context} */
  public long context() {
    return context;
  }

  /** {@return the device's handle} */
  public long device() {
    return deviceOf(context);
  }

  long queue() {
    return queue;
  }

  /** Has the driver begin with all that is in the queue. */
  public void flush() {
    check("clFlush", CL10.clFlush(queue));
  }

  /** Waits for all that is in the queue. */
  public void finish() {
    check("clFinish", CL10.clFinish(queue));
  }

  /**
   * Makes a buffer, and touches all of it.
   *
   * @param sizeBytes how large it is
   * @return the buffer, which is released with the queue
   */
  public long createBuffer(long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long buffer = CL10.nclCreateBuffer(context, CL10.CL_MEM_READ_WRITE, sizeBytes, NULL, error);
      check("clCreateBuffer", memGetInt(error));
      buffers.add(buffer);
      MemorySegment some = host().asSlice(0, Math.min(sizeBytes, host().byteSize()));
      for (long offset = 0; offset < sizeBytes; offset += some.byteSize()) {
        write(buffer, offset, some.asSlice(0, Math.min(some.byteSize(), sizeBytes - offset)), true);
      }
      return buffer;
    }
  }

  /**
   * Makes a buffer of host memory, where it is.
   *
   * @param host the memory
   * @return the buffer, which is released with the queue
   */
  public long createHostBuffer(MemorySegment host) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long flags = CL10.CL_MEM_READ_WRITE | CL10.CL_MEM_USE_HOST_PTR;
      long buffer = CL10.nclCreateBuffer(context, flags, host.byteSize(), host.address(), error);
      check("clCreateBuffer", memGetInt(error));
      buffers.add(buffer);
      return buffer;
    }
  }

  /**
   * Takes shared virtual memory.
   *
   * @param sizeBytes how much
   * @return the memory, which the caller frees by {@link #freeSvm}
   */
  public MemorySegment allocateSvm(long sizeBytes) {
    long address = CL20.nclSVMAlloc(context, CL10.CL_MEM_READ_WRITE | CL20.CL_MEM_SVM_FINE_GRAIN_BUFFER, sizeBytes, 0);
    check("clSVMAlloc", address == NULL ? CL10.CL_MEM_OBJECT_ALLOCATION_FAILURE : CL10.CL_SUCCESS);
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes).fill((byte) 1);
  }

  /**
   * Gives shared virtual memory back.
   *
   * @param memory the memory
   */
  public void freeSvm(MemorySegment memory) {
    CL20.nclSVMFree(context, memory.address());
  }

  /**
   * Copies host memory to a buffer.
   *
   * @param buffer the buffer
   * @param offsetBytes where in it
   * @param from the memory
   * @param waits whether to wait for it
   */
  public void write(long buffer, long offsetBytes, MemorySegment from, boolean waits) {
    check("clEnqueueWriteBuffer", CL10.nclEnqueueWriteBuffer(queue, buffer, waits ? CL10.CL_TRUE : CL10.CL_FALSE, offsetBytes,
        from.byteSize(), from.address(), 0, NULL, NULL));
  }

  /**
   * Copies the beginning of a buffer to host memory and waits.
   *
   * @param buffer the buffer
   * @param into the memory
   */
  public void read(long buffer, MemorySegment into) {
    read(buffer, 0, into);
  }

  /**
   * Copies a part of a buffer to host memory and waits.
   *
   * @param buffer the buffer
   * @param offsetBytes where in it
   * @param into the memory
   */
  public void read(long buffer, long offsetBytes, MemorySegment into) {
    check("clEnqueueReadBuffer",
        CL10.nclEnqueueReadBuffer(queue, buffer, CL10.CL_TRUE, offsetBytes, into.byteSize(), into.address(), 0, NULL, NULL));
  }

  /**
   * Copies the diagonal of a matrix of floats to host memory, and nothing beside it, and waits.
   *
   * @param buffer the matrix
   * @param rows how many rows and columns it has
   * @param into the memory
   */
  public void readDiagonal(long buffer, int rows, MemorySegment into) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long origin = memAddress(stack.callocPointer(3));
      long region = memAddress(stack.pointers(Float.BYTES, rows, 1));
      long strideBytes = Float.BYTES * (rows + 1L);
      check("clEnqueueReadBufferRect", CL11.nclEnqueueReadBufferRect(queue, buffer, CL10.CL_TRUE, origin, origin, region, strideBytes, 0,
          Float.BYTES, 0, into.address(), 0, NULL, NULL));
    }
  }

  @Override
  public void close() {
    buffers.forEach(buffer -> check("clReleaseMemObject", CL10.clReleaseMemObject(buffer)));
    check("clReleaseCommandQueue", CL10.clReleaseCommandQueue(queue));
    lease.close();
    memory.close();
  }

  /** The context of the memory's device, asked of a buffer of its. */
  private static long contextOf(UnifiedMemory memory) {
    try (UnifiedRange range = memory.allocate(1);
        DeviceLease lease = BenchmarkMemory.device(memory).acquire(range.all(), Access.WRITE);
        MemoryStack stack = MemoryStack.stackPush()) {
      long context = stack.npointer(0);
      check("clGetMemObjectInfo", CL10.nclGetMemObjectInfo(lease.handle(), CL10.CL_MEM_CONTEXT, Long.BYTES, context, NULL));
      return memGetAddress(context);
    }
  }

  private static long createQueue(long context, long properties) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long queue = CL10.nclCreateCommandQueue(context, deviceOf(context), properties, error);
      check("clCreateCommandQueue", memGetInt(error));
      return queue;
    }
  }

  private static long deviceOf(long context) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long device = stack.npointer(0);
      check("clGetContextInfo", CL10.nclGetContextInfo(context, CL10.CL_CONTEXT_DEVICES, Long.BYTES, device, NULL));
      return memGetAddress(device);
    }
  }

  static void check(String call, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new IllegalStateException(call + " failed: error=" + code);
    }
  }
}

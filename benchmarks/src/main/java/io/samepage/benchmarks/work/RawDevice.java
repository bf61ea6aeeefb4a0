package io.samepage.benchmarks.work;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.HostLease;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/**
 * The baseline: what one writes by hand with LWJGL. A queue and a buffer of its own on the device that a memory uses, in the same
 * context, and blocking copies. Its host memory is of the same kind as Samepage's: that of a range which no device has anything to do
 * with, leased once for good. Host memory and buffer are touched before anything is measured.
 */
final class RawDevice implements AutoCloseable {
  private final UnifiedMemory memory;
  private final HostLease lease;
  private final MemorySegment host;
  private final long context;
  private final long queue;
  private final long buffer;

  RawDevice(long sizeBytes) {
    memory = BenchmarkMemory.open();
    lease = memory.allocate(sizeBytes).host(Access.WRITE);
    host = lease.segment();
    context = contextOf(memory);
    queue = createQueue(context);
    buffer = createBuffer(context, sizeBytes);
    host.fill((byte) 1);
    write();
    read();
  }

  MemorySegment host() {
    return host;
  }

  long context() {
    return context;
  }

  long queue() {
    return queue;
  }

  long buffer() {
    return buffer;
  }

  void flush() {
    check("clFlush", CL10.clFlush(queue));
  }

  /** Waits for all that is in the queue. */
  void finish() {
    check("clFinish", CL10.clFinish(queue));
  }

  /** Copies all of the host memory to the buffer and waits. */
  void write() {
    check("clEnqueueWriteBuffer",
        CL10.nclEnqueueWriteBuffer(queue, buffer, CL10.CL_TRUE, 0, host.byteSize(), host.address(), 0, NULL, NULL));
  }

  /** Copies the buffer to the host memory and waits. */
  void read() {
    check("clEnqueueReadBuffer",
        CL10.nclEnqueueReadBuffer(queue, buffer, CL10.CL_TRUE, 0, host.byteSize(), host.address(), 0, NULL, NULL));
  }

  @Override
  public void close() {
    check("clReleaseMemObject", CL10.clReleaseMemObject(buffer));
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

  private static long createQueue(long context) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long device = stack.npointer(0);
      check("clGetContextInfo", CL10.nclGetContextInfo(context, CL10.CL_CONTEXT_DEVICES, Long.BYTES, device, NULL));
      long error = stack.nint(0);
      long queue = CL10.nclCreateCommandQueue(context, memGetAddress(device), 0, error);
      check("clCreateCommandQueue", memGetInt(error));
      return queue;
    }
  }

  private static long createBuffer(long context, long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long buffer = CL10.nclCreateBuffer(context, CL10.CL_MEM_READ_WRITE, sizeBytes, NULL, error);
      check("clCreateBuffer", memGetInt(error));
      return buffer;
    }
  }

  static void check(String call, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw new IllegalStateException(call + " failed: error=" + code);
    }
  }
}

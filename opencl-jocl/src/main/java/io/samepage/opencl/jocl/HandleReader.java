package io.samepage.opencl.jocl;

import io.samepage.DeviceException;
import java.util.concurrent.atomic.AtomicReference;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_mem;

/**
 * Makes JOCL objects of handles: JOCL sets the pointer in an object when it reads one from a buffer. In a queue of its own, as the
 * program's may have commands in it that wait for who calls. Used by one thread at a time.
 */
final class HandleReader implements AutoCloseable {
  private final cl_command_queue queue;
  private final cl_mem cell;

  HandleReader(cl_context context, cl_command_queue programs) {
    cl_device_id device = new cl_device_id();
    check("clGetCommandQueueInfo",
        () -> CL.clGetCommandQueueInfo(programs, CL.CL_QUEUE_DEVICE, Sizeof.cl_device_id, Pointer.to(device), null));
    queue = queue(context, device);
    try {
      cell = made("clCreateBuffer", error -> CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, Sizeof.cl_mem, null, error));
    } catch (DeviceException e) {
      CL.clReleaseCommandQueue(queue);
      throw e;
    }
  }

  /** By the call that every version of OpenCL has. */
  @SuppressWarnings("deprecation")
  private static cl_command_queue queue(cl_context context, cl_device_id device) {
    return made("clCreateCommandQueue", error -> CL.clCreateCommandQueue(context, device, 0, error));
  }

  cl_mem read(long handle) {
    cl_mem memory = new cl_mem();
    check("clEnqueueWriteBuffer",
        () -> CL.clEnqueueWriteBuffer(queue, cell, true, 0, Sizeof.cl_mem, Pointer.to(new long[] {handle}), 0, null, null));
    check("clEnqueueReadBuffer", () -> CL.clEnqueueReadBuffer(queue, cell, true, 0, Sizeof.cl_mem, Pointer.to(memory), 0, null, null));
    if (memory.getNativePointer() != handle) {
      throw new DeviceException("JOCL has not read a handle: handle=0x" + Long.toHexString(handle) + ", read=" + memory);
    }
    return memory;
  }

  /** A call that answers an error code, or throws where the program has asked JOCL for exceptions. */
  @FunctionalInterface
  private interface Call {
    int run();
  }

  @FunctionalInterface
  private interface Maker<T> {
    T make(int[] error);
  }

  private static <T> T made(String name, Maker<T> maker) {
    int[] error = {CL.CL_SUCCESS};
    AtomicReference<T> made = new AtomicReference<>();
    check(name, () -> {
      made.set(maker.make(error));
      return error[0];
    });
    return made.get();
  }

  private static void check(String name, Call call) {
    int code;
    try {
      code = call.run();
    } catch (CLException e) {
      throw new DeviceException(name + " failed: error=" + e.getMessage(), e);
    }
    if (code != CL.CL_SUCCESS) {
      throw new DeviceException(name + " failed: error=" + CL.stringFor_errorCode(code));
    }
  }

  @Override
  public void close() {
    check("clReleaseMemObject", () -> CL.clReleaseMemObject(cell));
    check("clReleaseCommandQueue", () -> CL.clReleaseCommandQueue(queue));
  }
}

package io.samepage.benchmarks.work;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;

import java.nio.IntBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/** A kernel on the baseline's queue, as one calls it by hand. */
final class RawKernel implements AutoCloseable {
  private final long queue;
  private final long program;
  private final long kernel;

  RawKernel(RawDevice device, String source, String name) {
    queue = device.queue();
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      program = CL10.clCreateProgramWithSource(device.context(), source, error);
      RawDevice.check("clCreateProgramWithSource", error.get(0));
      RawDevice.check("clBuildProgram", CL10.clBuildProgram(program, (PointerBuffer) null, "", null, NULL));
      kernel = CL10.clCreateKernel(program, name, error);
      RawDevice.check("clCreateKernel", error.get(0));
    }
  }

  void setBuffer(int index, long buffer) {
    RawDevice.check("clSetKernelArg", CL10.clSetKernelArg1p(kernel, index, buffer));
  }

  void setValue(int index, long value) {
    RawDevice.check("clSetKernelArg", CL10.clSetKernelArg1l(kernel, index, value));
  }

  /** Answers the kernel's event, which the caller must release. */
  long enqueue(long items) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      RawDevice.check("clEnqueueNDRangeKernel",
          CL10.nclEnqueueNDRangeKernel(queue, kernel, 1, NULL, stack.npointer(items), NULL, 0, NULL, event));
      return memGetAddress(event);
    }
  }

  static void release(long event) {
    RawDevice.check("clReleaseEvent", CL10.clReleaseEvent(event));
  }

  static boolean isDone(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long status = stack.nint(0);
      RawDevice.check("clGetEventInfo",
          CL10.nclGetEventInfo(event, CL10.CL_EVENT_COMMAND_EXECUTION_STATUS, Integer.BYTES, status, NULL));
      return memGetInt(status) <= CL10.CL_COMPLETE;
    }
  }

  @Override
  public void close() {
    RawDevice.check("clReleaseKernel", CL10.clReleaseKernel(kernel));
    RawDevice.check("clReleaseProgram", CL10.clReleaseProgram(program));
  }
}

package io.samepage.benchmarks.base;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memAddress;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;
import static org.lwjgl.system.MemoryUtil.memGetLong;

import java.nio.IntBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL20;
import org.lwjgl.system.MemoryStack;

/** A kernel on the baseline's queue, as one calls it by hand. */
public final class RawKernel implements AutoCloseable {
  private final long queue;
  private final long program;
  private final long kernel;

  /**
   * Compiles the kernel.
   *
   * @param baseline where it will run
   * @param source a program in OpenCL C
   * @param name the kernel's name
   */
  public RawKernel(RawQueue baseline, String source, String name) {
    queue = baseline.queue();
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      program = CL10.clCreateProgramWithSource(baseline.context(), source, error);
      RawQueue.check("clCreateProgramWithSource", error.get(0));
      RawQueue.check("clBuildProgram", CL10.clBuildProgram(program, (PointerBuffer) null, "", null, NULL));
      kernel = CL10.clCreateKernel(program, name, error);
      RawQueue.check("clCreateKernel", error.get(0));
    }
  }

  /**
   * Sets a buffer as an argument.
   *
   * @param index which argument
   * @param buffer the buffer
   */
  public void setBuffer(int index, long buffer) {
    RawQueue.check("clSetKernelArg", CL10.clSetKernelArg1p(kernel, index, buffer));
  }

  /**
   * Sets an address in shared virtual memory as an argument.
   *
   * @param index which argument
   * @param address the address
   */
  public void setPointer(int index, long address) {
    RawQueue.check("clSetKernelArgSVMPointer", CL20.nclSetKernelArgSVMPointer(kernel, index, address));
  }

  /**
   * Sets a value.
   *
   * @param index which argument
   * @param value its value
   */
  public void setValue(int index, long value) {
    RawQueue.check("clSetKernelArg", CL10.clSetKernelArg1l(kernel, index, value));
  }

  /**
   * Sets a value as an argument.
   *
   * @param index which argument
   * @param value the value
   */
  public void setValue(int index, int value) {
    RawQueue.check("clSetKernelArg", CL10.clSetKernelArg1i(kernel, index, value));
  }

  /**
   * Starts it in one dimension.
   *
   * @param items how many work items
   * @return its event, to be released
   */
  public long enqueue(long items) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      return enqueue(stack, 1, stack.npointer(items), NULL);
    }
  }

  /**
   * Enqueues the kernel over as many square tiles as columns and rows take.
   *
   * @param columns columns
   * @param rows rows
   * @param tile how large a tile is
   * @return the kernel's event, which the caller must release
   */
  public long enqueueTiles(long columns, long rows, int tile) {
    return enqueueGroups(columns, rows, tile, tile);
  }

  /**
   * Enqueues the kernel over as many groups as columns and rows take.
   *
   * @param columns columns
   * @param rows rows
   * @param width how wide a group is
   * @param height how high it is
   * @return the kernel's event, which the caller must release
   */
  public long enqueueGroups(long columns, long rows, int width, int height) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer global = stack.pointers(Math.ceilDiv(columns, width) * width, Math.ceilDiv(rows, height) * height);
      return enqueue(stack, 2, memAddress(global), memAddress(stack.pointers(width, height)));
    }
  }

  private long enqueue(MemoryStack stack, int dimensions, long global, long local) {
    long event = stack.npointer(0);
    RawQueue.check("clEnqueueNDRangeKernel",
        CL10.nclEnqueueNDRangeKernel(queue, kernel, dimensions, NULL, global, local, 0, NULL, event));
    return memGetAddress(event);
  }

  /**
   * Releases the event of a kernel that is complete.
   *
   * @param event the event
   * @return how long the kernel ran, by its device's clock
   */
  public static long releaseNanos(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long nanos = time(stack, event, CL10.CL_PROFILING_COMMAND_END) - time(stack, event, CL10.CL_PROFILING_COMMAND_START);
      release(event);
      return nanos;
    }
  }

  private static long time(MemoryStack stack, long event, int what) {
    long time = stack.nlong(0);
    RawQueue.check("clGetEventProfilingInfo", CL10.nclGetEventProfilingInfo(event, what, Long.BYTES, time, NULL));
    return memGetLong(time);
  }

  /**
   * Releases an event.
   *
   * @param event the event
   */
  public static void release(long event) {
    RawQueue.check("clReleaseEvent", CL10.clReleaseEvent(event));
  }

  /**
   * Whether a command has ended.
   *
   * @param event its event
   * @return whether it has
   */
  public static boolean isDone(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long status = stack.nint(0);
      RawQueue.check("clGetEventInfo",
          CL10.nclGetEventInfo(event, CL10.CL_EVENT_COMMAND_EXECUTION_STATUS, Integer.BYTES, status, NULL));
      return memGetInt(status) <= CL10.CL_COMPLETE;
    }
  }

  @Override
  public void close() {
    RawQueue.check("clReleaseKernel", CL10.clReleaseKernel(kernel));
    RawQueue.check("clReleaseProgram", CL10.clReleaseProgram(program));
  }
}

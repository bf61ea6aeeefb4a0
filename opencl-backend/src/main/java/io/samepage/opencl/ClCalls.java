package io.samepage.opencl;

import static org.lwjgl.system.MemoryUtil.NULL;
import static org.lwjgl.system.MemoryUtil.memGetAddress;
import static org.lwjgl.system.MemoryUtil.memGetInt;
import static org.lwjgl.system.MemoryUtil.memGetLong;
import static org.lwjgl.system.MemoryUtil.memPutAddress;
import static org.lwjgl.system.MemoryUtil.memSet;

import io.samepage.DeviceException;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL12;
import org.lwjgl.opencl.CL20;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.Pointer;

/**
 * The calls that make contexts, queues and buffers and enqueue commands, for one device. Each throws a {@link DeviceException} that
 * names the device, the call and the error. Commands don't block; each returns the event that the caller must release.
 *
 * @param subject the device, for messages
 */
record ClCalls(String subject) {
  private static final int LONGEST_PATTERN_BYTES = 16;

  long createContext(long platform, long[] devices) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long properties = pointers(stack, CL10.CL_CONTEXT_PLATFORM, platform, 0);
      long error = stack.nint(0);
      long context = CL10.nclCreateContext(properties, devices.length, pointers(stack, devices), NULL, NULL, error);
      check("clCreateContext", memGetInt(error));
      return context;
    }
  }

  void retainContext(long context) {
    check("clRetainContext", CL10.clRetainContext(context));
  }

  void releaseContext(long context) {
    check("clReleaseContext", CL10.clReleaseContext(context));
  }

  /** {@return a queue that runs its commands in order and measures them} */
  long createQueue(long context, long device) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long queue = CL10.nclCreateCommandQueue(context, device, CL10.CL_QUEUE_PROFILING_ENABLE, error);
      check("clCreateCommandQueue", memGetInt(error));
      return queue;
    }
  }

  void flush(long queue) {
    check("clFlush", CL10.clFlush(queue));
  }

  void finish(long queue) {
    check("clFinish", CL10.clFinish(queue));
  }

  void releaseQueue(long queue) {
    check("clReleaseCommandQueue", CL10.clReleaseCommandQueue(queue));
  }

  /** {@return a buffer that is not host memory} */
  long createBuffer(long context, long sizeBytes) {
    return createBuffer(context, CL10.CL_MEM_READ_WRITE, NULL, sizeBytes);
  }

  /** {@return a buffer that the device keeps in that host memory} */
  long createHostBuffer(long context, long hostAddress, long sizeBytes) {
    return createBuffer(context, CL10.CL_MEM_READ_WRITE | CL10.CL_MEM_USE_HOST_PTR, hostAddress, sizeBytes);
  }

  /** {@return a buffer that is not host memory, with a copy of some in it} */
  long createFilledBuffer(long context, long hostAddress, long sizeBytes) {
    return createBuffer(context, CL10.CL_MEM_READ_ONLY | CL10.CL_MEM_COPY_HOST_PTR, hostAddress, sizeBytes);
  }

  private long createBuffer(long context, long flags, long hostAddress, long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long buffer = CL10.nclCreateBuffer(context, flags, sizeBytes, hostAddress, error);
      check("clCreateBuffer", memGetInt(error), sizeBytes);
      return buffer;
    }
  }

  /** {@return a part of a buffer as a buffer} */
  long createSubBuffer(long buffer, long offsetBytes, long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long error = stack.nint(0);
      long part = CL11.nclCreateSubBuffer(buffer, 0, CL11.CL_BUFFER_CREATE_TYPE_REGION, pointers(stack, offsetBytes, sizeBytes), error);
      check("clCreateSubBuffer", memGetInt(error), offsetBytes, sizeBytes);
      return part;
    }
  }

  /** {@return shared virtual memory that the host uses at any time} */
  long allocateSvm(long context, long sizeBytes) {
    long address = CL20.nclSVMAlloc(context, CL10.CL_MEM_READ_WRITE | CL20.CL_MEM_SVM_FINE_GRAIN_BUFFER, sizeBytes, 0);
    check("clSVMAlloc", address == NULL ? CL10.CL_MEM_OBJECT_ALLOCATION_FAILURE : CL10.CL_SUCCESS, sizeBytes);
    return address;
  }

  void freeSvm(long context, long address) {
    CL20.nclSVMFree(context, address);
  }

  void retainMemory(long buffer) {
    check("clRetainMemObject", CL10.clRetainMemObject(buffer));
  }

  void releaseMemory(long buffer) {
    check("clReleaseMemObject", CL10.clReleaseMemObject(buffer));
  }

  long enqueueWrite(long queue, long buffer, long offsetBytes, long sizeBytes, long hostAddress) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      int code = CL10.nclEnqueueWriteBuffer(queue, buffer, CL10.CL_FALSE, offsetBytes, sizeBytes, hostAddress, 0, NULL, event);
      check("clEnqueueWriteBuffer", code, offsetBytes, sizeBytes);
      return memGetAddress(event);
    }
  }

  long enqueueRead(long queue, long buffer, long offsetBytes, long sizeBytes, long hostAddress) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      int code = CL10.nclEnqueueReadBuffer(queue, buffer, CL10.CL_FALSE, offsetBytes, sizeBytes, hostAddress, 0, NULL, event);
      check("clEnqueueReadBuffer", code, offsetBytes, sizeBytes);
      return memGetAddress(event);
    }
  }

  /** Copies rows that lie at the same distances in a buffer as on the host. */
  long enqueueRectangle(long queue, boolean isWrite, long buffer, long offsetBytes, long rowBytes, long rows, long strideBytes,
      long hostAddress) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      long origin = pointers(stack, offsetBytes % strideBytes, offsetBytes / strideBytes, 0);
      long hostOrigin = pointers(stack, 0, 0, 0);
      long region = pointers(stack, rowBytes, rows, 1);
      int code = isWrite
          ? CL11.nclEnqueueWriteBufferRect(queue, buffer, CL10.CL_FALSE, origin, hostOrigin, region, strideBytes, 0, strideBytes, 0,
              hostAddress, 0, NULL, event)
          : CL11.nclEnqueueReadBufferRect(queue, buffer, CL10.CL_FALSE, origin, hostOrigin, region, strideBytes, 0, strideBytes, 0,
              hostAddress, 0, NULL, event);
      check(isWrite ? "clEnqueueWriteBufferRect" : "clEnqueueReadBufferRect", code, offsetBytes, rowBytes);
      return memGetAddress(event);
    }
  }

  long enqueueCopy(long queue, long source, long sourceOffsetBytes, long target, long targetOffsetBytes, long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      int code = CL10.nclEnqueueCopyBuffer(queue, source, target, sourceOffsetBytes, targetOffsetBytes, sizeBytes, 0, NULL, event);
      check("clEnqueueCopyBuffer", code, targetOffsetBytes, sizeBytes);
      return memGetAddress(event);
    }
  }

  /** Sets bytes, by as long a pattern as their place and number allow: drivers write one pattern after the other. */
  long enqueueFill(long queue, long buffer, long offsetBytes, long sizeBytes, byte value) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      int patternBytes = (int) Long.lowestOneBit(offsetBytes | sizeBytes | LONGEST_PATTERN_BYTES);
      long pattern = stack.nmalloc(LONGEST_PATTERN_BYTES, patternBytes);
      memSet(pattern, value, patternBytes);
      int code = CL12.nclEnqueueFillBuffer(queue, buffer, pattern, patternBytes, offsetBytes, sizeBytes, 0, NULL, event);
      check("clEnqueueFillBuffer", code, offsetBytes, sizeBytes);
      return memGetAddress(event);
    }
  }

  /** {@return a command that is complete when all before it in the queue is} */
  long enqueueMarker(long queue) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      check("clEnqueueMarkerWithWaitList", CL12.nclEnqueueMarkerWithWaitList(queue, 0, NULL, event));
      return memGetAddress(event);
    }
  }

  /** {@return a command that is complete when another one is, of any queue of the context} */
  long enqueueWait(long queue, long awaited) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long event = stack.npointer(0);
      check("clEnqueueBarrierWithWaitList", CL12.nclEnqueueBarrierWithWaitList(queue, 1, pointers(stack, awaited), event));
      return memGetAddress(event);
    }
  }

  /** {@return {@code CL_COMPLETE}, a positive number before that, or the negative status of a command that failed} */
  int executionStatus(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long status = stack.nint(0);
      check("clGetEventInfo", CL10.nclGetEventInfo(event, CL10.CL_EVENT_COMMAND_EXECUTION_STATUS, Integer.BYTES, status, NULL));
      return memGetInt(status);
    }
  }

  /** {@return how long a complete command ran, 0 if the driver doesn't know} */
  long runNanos(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      long start = stack.nlong(0);
      long end = stack.nlong(0);
      int startCode = CL10.nclGetEventProfilingInfo(event, CL10.CL_PROFILING_COMMAND_START, Long.BYTES, start, NULL);
      int endCode = CL10.nclGetEventProfilingInfo(event, CL10.CL_PROFILING_COMMAND_END, Long.BYTES, end, NULL);
      return startCode == CL10.CL_SUCCESS && endCode == CL10.CL_SUCCESS ? memGetLong(end) - memGetLong(start) : 0;
    }
  }

  void retainEvent(long event) {
    check("clRetainEvent", CL10.clRetainEvent(event));
  }

  /** {@return whether the command is complete now; it has failed, or can't be waited for, if not} */
  boolean awaitEvent(long event) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      return CL10.nclWaitForEvents(1, pointers(stack, event)) == CL10.CL_SUCCESS;
    }
  }

  /** Has a function called with a command's event, its status and a value, once it has ended, on any thread. */
  void callBack(long event, long function, long value) {
    check("clSetEventCallback", CL11.nclSetEventCallback(event, CL10.CL_COMPLETE, function, value));
  }

  void releaseEvent(long event) {
    check("clReleaseEvent", CL10.clReleaseEvent(event));
  }

  private void check(String call, int code) {
    if (code != CL10.CL_SUCCESS) {
      throw failure(call, code, "");
    }
  }

  private void check(String call, int code, long sizeBytes) {
    if (code != CL10.CL_SUCCESS) {
      throw failure(call, code, ", sizeBytes=" + sizeBytes);
    }
  }

  private void check(String call, int code, long offsetBytes, long sizeBytes) {
    if (code != CL10.CL_SUCCESS) {
      throw failure(call, code, ", offsetBytes=" + offsetBytes + ", sizeBytes=" + sizeBytes);
    }
  }

  DeviceException failure(String call, int code, String details) {
    return new DeviceException(call + " failed: " + subject + ", error=" + ErrorNames.ofCall(code) + details);
  }

  private static long pointers(MemoryStack stack, long... values) {
    long list = stack.nmalloc(Pointer.POINTER_SIZE, values.length * Pointer.POINTER_SIZE);
    for (int i = 0; i < values.length; i++) {
      memPutAddress(list + (long) i * Pointer.POINTER_SIZE, values[i]);
    }
    return list;
  }
}

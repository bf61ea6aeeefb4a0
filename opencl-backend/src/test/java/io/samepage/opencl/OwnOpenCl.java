package io.samepage.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL10;
import org.lwjgl.system.MemoryStack;

/** OpenCL objects that a test makes by itself, as a program that uses LWJGL does, and gives back at its end. */
final class OwnOpenCl implements AutoCloseable {
  private static final String PROGRAM =
      "__kernel void increment(__global int* a, int by, int first) { a[first + get_global_id(0)] += by; }";

  private final long device;
  private final long context;
  private final long queue;
  private final long program;
  private final long increment;
  private final List<Long> buffers = new ArrayList<>();
  private final List<UserEvent> gates = new ArrayList<>();

  /** With the first device. */
  OwnOpenCl() {
    this(1);
  }

  /** With the first devices, and a queue of the first of them. */
  OwnOpenCl(int devices) {
    OpenClInterop.loadLibrary();
    FoundDevice found = Devices.found();
    device = found.id();
    long[] ids = DeviceScan.of(OpenClLibrary.load()).devices().stream().limit(devices).mapToLong(FoundDevice::id).toArray();
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      PointerBuffer properties = stack.pointers(CL10.CL_CONTEXT_PLATFORM, found.platform(), 0);
      context = CL10.clCreateContext(properties, stack.pointers(ids), null, 0, error);
      assertThat(error.get(0)).isZero();
      queue = CL10.clCreateCommandQueue(context, device, 0, error);
      assertThat(error.get(0)).isZero();
      program = CL10.clCreateProgramWithSource(context, PROGRAM, error);
      assertThat(CL10.clBuildProgram(program, device, "", null, 0)).isZero();
      increment = CL10.clCreateKernel(program, "increment", error);
      assertThat(error.get(0)).isZero();
    }
  }

  long device() {
    return device;
  }

  long context() {
    return context;
  }

  long queue() {
    return queue;
  }

  int contextReferences() {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer count = stack.mallocInt(1);
      assertThat(CL10.clGetContextInfo(context, CL10.CL_CONTEXT_REFERENCE_COUNT, count, null)).isZero();
      return count.get(0);
    }
  }

  /** A buffer that is given back with all else. */
  long buffer(long flags, long sizeBytes) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      long buffer = CL10.clCreateBuffer(context, flags, sizeBytes, error);
      assertThat(error.get(0)).isZero();
      buffers.add(buffer);
      return buffer;
    }
  }

  long buffer(int[] content) {
    long buffer = buffer(CL10.CL_MEM_READ_WRITE, 4L * content.length);
    assertThat(CL10.clEnqueueWriteBuffer(queue, buffer, true, 0, content, null, null)).isZero();
    return buffer;
  }

  long part(long buffer, long sizeBytes) {
    long part = new ClCalls("a test").createSubBuffer(buffer, 0, sizeBytes);
    buffers.add(part);
    return part;
  }

  int[] ints(long buffer, int count) {
    int[] content = new int[count];
    assertThat(CL10.clEnqueueReadBuffer(queue, buffer, true, 0, content, null, null)).isZero();
    return content;
  }

  void free(long buffer) {
    buffers.remove(buffer);
    CL10.clReleaseMemObject(buffer);
  }

  static int references(long buffer) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      IntBuffer count = stack.mallocInt(1);
      assertThat(CL10.clGetMemObjectInfo(buffer, CL10.CL_MEM_REFERENCE_COUNT, count, null)).isZero();
      return count.get(0);
    }
  }

  static long contextOf(long buffer) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer context = stack.mallocPointer(1);
      assertThat(CL10.clGetMemObjectInfo(buffer, CL10.CL_MEM_CONTEXT, context, null)).isZero();
      return context.get(0);
    }
  }

  /** An event that the test completes, at the latest with {@link #endGates}. */
  UserEvent gate() {
    UserEvent gate = new UserEvent(context);
    gates.add(gate);
    return gate;
  }

  void endGates() {
    gates.forEach(UserEvent::endIfPending);
  }

  /** Enqueues the program's kernel, not flushed, behind an event unless that is 0, and answers its event. */
  long increment(long buffer, int count, int by, long after) {
    return increment(buffer, 0, count, by, after);
  }

  /** The same from the int on that is said. */
  long increment(long buffer, int first, int count, int by, long after) {
    try (MemoryStack stack = MemoryStack.stackPush()) {
      PointerBuffer event = stack.mallocPointer(1);
      CL10.clSetKernelArg1p(increment, 0, buffer);
      CL10.clSetKernelArg1i(increment, 1, by);
      CL10.clSetKernelArg1i(increment, 2, first);
      PointerBuffer waits = after == 0 ? null : stack.pointers(after);
      assertThat(CL10.clEnqueueNDRangeKernel(queue, increment, 1, null, stack.pointers(count), null, waits, event)).isZero();
      return event.get(0);
    }
  }

  @Override
  public void close() {
    endGates();
    CL10.clFinish(queue);
    buffers.forEach(CL10::clReleaseMemObject);
    CL10.clReleaseKernel(increment);
    CL10.clReleaseProgram(program);
    CL10.clReleaseCommandQueue(queue);
    CL10.clReleaseContext(context);
  }
}

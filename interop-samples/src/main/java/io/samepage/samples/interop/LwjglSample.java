package io.samepage.samples.interop;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static org.lwjgl.opencl.CL10.*;
import static org.lwjgl.system.MemoryStack.stackPush;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.opencl.OpenClInterop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.IntBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;

/** Plain LWJGL code and Samepage on one context: the program's own kernel squares, Samepage's adds one, the host reads. */
public final class LwjglSample {
  private static final String SQUARE = "__kernel void square(__global float* a) { size_t i = get_global_id(0); a[i] *= a[i]; }";
  private static final KernelSource PLUS_ONE = KernelSource.builder().openClC(
      "__kernel void plusOne(__global const float* a, __global float* b) { size_t i = get_global_id(0); b[i] = a[i] + 1; }").build();

  private LwjglSample() {}

  /** {@return i·i + 1 for i from 0 to n - 1} */
  public static float[] run(int n) {
    OpenClInterop.loadLibrary();
    try (MemoryStack stack = stackPush()) {
      IntBuffer error = stack.mallocInt(1);
      PointerBuffer platform = stack.mallocPointer(1);
      clGetPlatformIDs(platform, (int[]) null);
      PointerBuffer device = stack.mallocPointer(1);
      clGetDeviceIDs(platform.get(0), CL_DEVICE_TYPE_ALL, device, (int[]) null);
      long context = clCreateContext(stack.pointers(CL_CONTEXT_PLATFORM, platform.get(0), 0), device, null, 0, error);
      long queue = clCreateCommandQueue(context, device.get(0), 0, error);
      long program = clCreateProgramWithSource(context, SQUARE, error);
      clBuildProgram(program, device.get(0), "", null, 0);
      long kernel = clCreateKernel(program, "square", error);
      try (UnifiedMemory memory = OpenClInterop.builder(context, queue).open()) {
        return share(memory, queue, kernel, n);
      } finally {
        clReleaseKernel(kernel);
        clReleaseProgram(program);
        clReleaseCommandQueue(queue);
        clReleaseContext(context);
      }
    }
  }

  private static float[] share(UnifiedMemory memory, long queue, long kernel, int n) {
    Device device = memory.devices().getFirst();
    try (UnifiedArena arena = memory.confinedArena(); MemoryStack stack = stackPush()) {
      MemorySegment a = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      MemorySegment b = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      for (int i = 0; i < n; i++) {
        a.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      DeviceLease lease = device.acquire(memory.slice(a), Access.READ_WRITE);
      clSetKernelArg1p(kernel, 0, OpenClInterop.buffer(lease));              // a has a buffer of its own: its offset is 0
      PointerBuffer event = stack.mallocPointer(1);
      clEnqueueNDRangeKernel(queue, kernel, 1, null, stack.pointers(n), null, null, event);
      OpenClInterop.closeWhen(lease, event.get(0));                          // nobody waits here
      clReleaseEvent(event.get(0));
      device.kernel(PLUS_ONE, "plusOne").launch(Grid.of(n), in(a), out(b));  // waits for the program's kernel
      return b.toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}

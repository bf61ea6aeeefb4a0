package io.samepage.samples.interop;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static org.jocl.CL.*;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceLease;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.opencl.OpenClInterop;
import io.samepage.opencl.jocl.JoclInterop;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jocl.cl_queue_properties;

/** Plain JOCL code and Samepage on one context: the program's own kernel squares, Samepage's adds one, the host reads. */
public final class JoclSample {
  private static final String SQUARE = "__kernel void square(__global float* a) { size_t i = get_global_id(0); a[i] *= a[i]; }";
  private static final KernelSource PLUS_ONE = KernelSource.builder().openClC(
      "__kernel void plusOne(__global const float* a, __global float* b) { size_t i = get_global_id(0); b[i] = a[i] + 1; }").build();

  private JoclSample() {}

  /** {@return i·i + 1 for i from 0 to n - 1} */
  public static float[] run(int n) {
    OpenClInterop.loadLibrary();
    cl_platform_id[] platform = new cl_platform_id[1];
    clGetPlatformIDs(1, platform, null);
    cl_device_id[] device = new cl_device_id[1];
    clGetDeviceIDs(platform[0], CL_DEVICE_TYPE_ALL, 1, device, null);
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, platform[0]);
    cl_context context = clCreateContext(properties, 1, device, null, null, null);
    cl_command_queue queue = clCreateCommandQueueWithProperties(context, device[0], new cl_queue_properties(), null);
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {SQUARE}, null, null);
    clBuildProgram(program, 0, null, null, null, null);
    cl_kernel kernel = clCreateKernel(program, "square", null);
    try (JoclInterop jocl = new JoclInterop(context, queue); UnifiedMemory memory = jocl.builder().open()) {
      return share(jocl, memory, queue, kernel, n);
    } finally {
      clReleaseKernel(kernel);
      clReleaseProgram(program);
      clReleaseCommandQueue(queue);
      clReleaseContext(context);
    }
  }

  private static float[] share(JoclInterop jocl, UnifiedMemory memory, cl_command_queue queue, cl_kernel kernel, int n) {
    Device device = memory.devices().getFirst();
    try (UnifiedArena arena = memory.confinedArena()) {
      MemorySegment a = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      MemorySegment b = arena.allocate(ValueLayout.JAVA_FLOAT, n);
      for (int i = 0; i < n; i++) {
        a.setAtIndex(ValueLayout.JAVA_FLOAT, i, i);
      }
      DeviceLease lease = device.acquire(memory.slice(a), Access.READ_WRITE);
      clSetKernelArg(kernel, 0, Sizeof.cl_mem, Pointer.to(jocl.buffer(lease)));  // a has a buffer of its own: its offset is 0
      cl_event event = new cl_event();
      clEnqueueNDRangeKernel(queue, kernel, 1, null, new long[] {n}, null, 0, null, event);
      jocl.closeWhen(lease, event);                                             // nobody waits here
      clReleaseEvent(event);
      device.kernel(PLUS_ONE, "plusOne").launch(Grid.of(n), in(a), out(b));      // waits for the program's kernel
      return b.toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}

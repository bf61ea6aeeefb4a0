package io.samepage.benchmarks.pipeline;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.CL_QUEUE_PROFILING_ENABLE;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueReadBufferRect;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;

import io.samepage.benchmarks.base.RawQueue;
import io.samepage.samples.pipeline.Diagonal;
import io.samepage.samples.pipeline.PipelineShape;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.jocl.CL;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_program;

/** {@link LwjglCalls} with JOCL: the same calls on the same device, from host memory of the same kind. */
final class JoclCalls implements PipelineCalls {
  private static final long[] TILE = {OpenClText.TILE, OpenClText.TILE};

  private final PipelineShape shape;
  /** Whose host memory and device are used. */
  private final RawQueue memory;
  private final HostMatrices host;
  private final Map<Matrix, Pointer> pointers = new EnumMap<>(Matrix.class);
  private final Map<Matrix, cl_mem> buffers = new EnumMap<>(Matrix.class);
  private final Pointer diagonal;
  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_program program;
  private final cl_kernel multiply;
  private final cl_kernel gram;
  private cl_event event;
  private long kernelNanos;
  private long movedBytes;

  @SuppressWarnings("deprecation") // clCreateCommandQueue is what every version of OpenCL has.
  JoclCalls(PipelineShape shape) {
    this.shape = shape;
    memory = new RawQueue(HostMatrices.sizeBytes(shape), false);
    host = new HostMatrices(shape, memory.host());
    diagonal = Pointer.to(host.diagonal().asByteBuffer());
    CL.setExceptionsEnabled(true);
    JoclDevice device = JoclDevice.of(memory);
    context = device.createContext();
    queue = clCreateCommandQueue(context, device.id(), CL_QUEUE_PROFILING_ENABLE, null);
    for (Matrix matrix : Matrix.values()) {
      pointers.put(matrix, Pointer.to(host.of(matrix).asByteBuffer()));
      buffers.put(matrix, CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, matrix.sizeBytes(shape), null, null));
    }
    program = CL.clCreateProgramWithSource(context, 1, new String[] {OpenClText.read()}, null, null);
    CL.clBuildProgram(program, 0, null, null, null, null);
    multiply = kernel(OpenClText.MULTIPLY, new Matrix[] {Matrix.A, Matrix.B, Matrix.C}, shape.rows(), shape.inner(), shape.columns());
    gram = kernel(OpenClText.GRAM, new Matrix[] {Matrix.C, Matrix.D}, 0, shape.rows(), shape.columns(), shape.rows());
  }

  private cl_kernel kernel(String name, Matrix[] matrices, int... values) {
    cl_kernel kernel = CL.clCreateKernel(program, name, null);
    int index = 0;
    for (Matrix matrix : matrices) {
      CL.clSetKernelArg(kernel, index++, Sizeof.cl_mem, Pointer.to(buffers.get(matrix)));
    }
    for (int value : values) {
      CL.clSetKernelArg(kernel, index++, Sizeof.cl_int, Pointer.to(new int[] {value}));
    }
    return kernel;
  }

  @Override
  public MemorySegment host(Matrix matrix) {
    return host.of(matrix);
  }

  @Override
  public void write(Matrix matrix, long offsetBytes, long sizeBytes) {
    Pointer from = pointers.get(matrix).withByteOffset(offsetBytes);
    clEnqueueWriteBuffer(queue, buffers.get(matrix), false, offsetBytes, sizeBytes, from, 0, null, null);
    movedBytes += sizeBytes;
  }

  @Override
  public void read(Matrix matrix) {
    long sizeBytes = matrix.sizeBytes(shape);
    clEnqueueReadBuffer(queue, buffers.get(matrix), true, 0, sizeBytes, pointers.get(matrix), 0, null, null);
    done();
    movedBytes += sizeBytes;
  }

  @Override
  public Diagonal readDiagonal() {
    long[] origin = new long[3];
    long[] region = {Float.BYTES, shape.rows(), 1};
    clEnqueueReadBufferRect(queue, buffers.get(Matrix.D), true, origin, origin, region, Float.BYTES * (shape.rows() + 1L), 0, Float.BYTES,
        0, diagonal, 0, null, null);
    done();
    movedBytes += host.diagonal().byteSize();
    return PipelineCalls.diagonal(host.diagonal(), shape.rows(), 1);
  }

  @Override
  public void multiply() {
    start(multiply, shape.columns());
  }

  @Override
  public void gram() {
    start(gram, shape.rows());
  }

  private void start(cl_kernel kernel, int columns) {
    event = new cl_event();
    long[] items = {OpenClText.items(columns), OpenClText.items(shape.rows())};
    clEnqueueNDRangeKernel(queue, kernel, 2, null, items, TILE, 0, null, event);
  }

  /** The kernel that was started last is done: how long it ran is added. */
  private void done() {
    if (event != null) {
      kernelNanos += time(CL_PROFILING_COMMAND_END) - time(CL_PROFILING_COMMAND_START);
      clReleaseEvent(event);
      event = null;
    }
  }

  private long time(int what) {
    long[] time = new long[1];
    clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(time), null);
    return time[0];
  }

  @Override
  public long kernelNanos() {
    return kernelNanos;
  }

  @Override
  public long movedBytes() {
    return movedBytes;
  }

  @Override
  public void close() {
    clFinish(queue);
    CL.clReleaseKernel(multiply);
    CL.clReleaseKernel(gram);
    CL.clReleaseProgram(program);
    buffers.values().forEach(CL::clReleaseMemObject);
    CL.clReleaseCommandQueue(queue);
    CL.clReleaseContext(context);
    memory.close();
  }
}

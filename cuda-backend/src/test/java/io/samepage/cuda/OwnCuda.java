package io.samepage.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.KernelSource;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.Sizeof;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** CUDA objects that a test makes by itself, as a program that uses JCuda does, and gives back at its end. */
final class OwnCuda implements AutoCloseable {
  /** A stream that tells its handle, to be held. */
  private static final class Held extends CUstream {
    long value() {
      return getNativePointer();
    }
  }

  private final CUcontext context = new CUcontext();
  private final Held stream = new Held();
  private final Arena host = Arena.ofShared();
  private final List<CUevent> events = new ArrayList<>();

  /** A context and a stream of it on a device. */
  OwnCuda(int ordinal) {
    succeed(JCudaDriver.cuInit(0));
    CUdevice device = new CUdevice();
    succeed(JCudaDriver.cuDeviceGet(device, ordinal));
    succeed(JCudaDriver.cuCtxCreate(context, 0, device));
    succeed(JCudaDriver.cuStreamCreate(stream, 0));
    succeed(JCudaDriver.cuCtxPopCurrent(new CUcontext()));
  }

  static void succeed(int code) {
    assertThat(CUresult.stringFor(code)).isEqualTo("CUDA_SUCCESS");
  }

  CUcontext context() {
    return context;
  }

  CUstream stream() {
    return stream;
  }

  /** The program's stream begins no further command, as if it waited for another program. */
  void hold(boolean held) {
    DoubleNative.hold(stream.value(), held);
  }

  private void within(Runnable action) {
    succeed(JCudaDriver.cuCtxPushCurrent(context));
    try {
      action.run();
    } finally {
      succeed(JCudaDriver.cuCtxPopCurrent(new CUcontext()));
    }
  }

  CUdeviceptr allocate(long sizeBytes) {
    CUdeviceptr pointer = new CUdeviceptr();
    within(() -> succeed(JCudaDriver.cuMemAlloc(pointer, sizeBytes)));
    return pointer;
  }

  CUdeviceptr allocate(int[] content) {
    CUdeviceptr pointer = allocate((long) Sizeof.INT * content.length);
    within(() -> {
      succeed(JCudaDriver.cuMemcpyHtoDAsync(pointer, Pointer.to(content), (long) Sizeof.INT * content.length, stream));
      succeed(JCudaDriver.cuStreamSynchronize(stream));
    });
    return pointer;
  }

  void free(CUdeviceptr pointer) {
    within(() -> succeed(JCudaDriver.cuMemFree(pointer)));
  }

  int[] ints(CUdeviceptr pointer, int count) {
    int[] content = new int[count];
    within(() -> succeed(JCudaDriver.cuMemcpyDtoHAsync(Pointer.to(content), pointer, (long) Sizeof.INT * count, stream)));
    return content;
  }

  /** Host memory that the program has registered, to be given back by {@link #unregister}. */
  long register(long sizeBytes) {
    long address = host.allocate(sizeBytes, 4096).address();
    within(() -> succeed(JCudaDriver.cuMemHostRegister(new HostPointer(address), sizeBytes, 0)));
    return address;
  }

  void unregister(long address) {
    within(() -> succeed(JCudaDriver.cuMemHostUnregister(new HostPointer(address))));
  }

  /** Enqueues the increment of the test kernels in the program's stream. */
  void increment(CUdeviceptr pointer, int count, int by) {
    launch(TestKernels.SOURCE, "increment", count, Pointer.to(pointer), Pointer.to(new int[] {by}));
  }

  /** Enqueues a kernel that ends the context. */
  void trap(CUdeviceptr pointer) {
    KernelSource source = KernelSource.builder().ptxResource(OwnCuda.class, "FailingKernels.ptx").build();
    launch(source, "trap", 1, Pointer.to(pointer));
  }

  private void launch(KernelSource source, String name, int threads, Pointer... arguments) {
    within(() -> {
      CUmodule module = new CUmodule();
      succeed(JCudaDriver.cuModuleLoadDataEx(module, source.ptx().orElseThrow(), 0, new int[0], Pointer.to(new long[1])));
      CUfunction function = new CUfunction();
      succeed(JCudaDriver.cuModuleGetFunction(function, module, name));
      succeed(JCudaDriver.cuLaunchKernel(function, threads / Math.min(threads, 256), 1, 1, Math.min(threads, 256), 1, 1, 0, stream,
          Pointer.to(arguments), null));
    });
  }

  /** An event behind all that is in the program's stream. */
  CUevent event() {
    CUevent event = new CUevent();
    within(() -> {
      succeed(JCudaDriver.cuEventCreate(event, 0));
      succeed(JCudaDriver.cuEventRecord(event, stream));
    });
    events.add(event);
    return event;
  }

  /** Whether the context can be used. */
  boolean works() {
    JCudaDriver.cuCtxPushCurrent(context);
    int code = JCudaDriver.cuStreamSynchronize(stream);
    JCudaDriver.cuCtxPopCurrent(new CUcontext());
    return code == CUresult.CUDA_SUCCESS;
  }

  /** The memories on the context are closed. What it has goes with it. */
  @Override
  public void close() {
    hold(false);
    events.forEach(JCudaDriver::cuEventDestroy);
    JCudaDriver.cuStreamDestroy(stream);
    JCudaDriver.cuCtxDestroy(context);
    host.close();
  }
}

package io.samepage.benchmarks.cuda;

import io.samepage.benchmarks.base.BenchmarkMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import jcuda.Pointer;
import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemAttach_flags;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/**
 * The baseline: what one writes by hand with JCuda's driver API. A stream and memory of its own in the primary context of the device that
 * Samepage uses; its host memory is pinned by the driver. For the one thread that made it; all that it gave out goes when it is closed.
 */
final class RawCuda implements AutoCloseable {
  /** How this back end's devices are named. */
  static final String BACKEND = "cuda";

  /** An address of host memory, for JCuda. */
  private static final class HostAddress extends Pointer {
    HostAddress() {}

    HostAddress(long address) {
      super(address);
    }

    long value() {
      return getNativePointer();
    }
  }

  /** An address of device memory that tells its number. */
  private static final class DeviceAddress extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final Deque<Runnable> releases = new ArrayDeque<>();

  /** On the device of {@link BenchmarkMemory}'s property. */
  RawCuda() {
    JCudaDriver.setExceptionsEnabled(false);
    check("cuInit", JCudaDriver.cuInit(0));
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal()));
    check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
    check("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
    check("cuStreamCreate", JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
  }

  private static int ordinal() {
    String name = System.getProperty(BenchmarkMemory.DEVICE_PROPERTY, "");
    if (!name.matches(BACKEND + "(:\\d+)?")) {
      throw new IllegalStateException("This is measured on CUDA alone: device=" + name + ". Choose one by --device cuda");
    }
    return name.equals(BACKEND) ? 0 : Integer.parseInt(name.substring(BACKEND.length() + 1));
  }

  static CUdeviceptr at(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  static Pointer at(MemorySegment host) {
    return new HostAddress(host.address());
  }

  CUdevice device() {
    return device;
  }

  CUstream stream() {
    return stream;
  }

  /** Asks for a number of {@link jcuda.driver.CUdevice_attribute}; 0 if the driver doesn't know it. */
  int attribute(int attribute) {
    int[] value = new int[1];
    return JCudaDriver.cuDeviceGetAttribute(value, attribute, device) == CUresult.CUDA_SUCCESS ? value[0] : 0;
  }

  long freeBytes() {
    long[] free = new long[1];
    check("cuMemGetInfo", JCudaDriver.cuMemGetInfo(free, new long[1]));
    return free[0];
  }

  /** Something to be done when this is closed, before what was asked for earlier. */
  void onClose(Runnable release) {
    releases.push(release);
  }

  /** Takes device memory. */
  long allocate(long sizeBytes) {
    DeviceAddress address = new DeviceAddress();
    check("cuMemAlloc", JCudaDriver.cuMemAlloc(address, sizeBytes));
    onClose(() -> check("cuMemFree", JCudaDriver.cuMemFree(address)));
    return address.value();
  }

  /** Takes managed memory; for {@link ManagedMemory}, which keeps to the rules. */
  long allocateManaged(long sizeBytes) {
    DeviceAddress address = new DeviceAddress();
    check("cuMemAllocManaged", JCudaDriver.cuMemAllocManaged(address, sizeBytes, CUmemAttach_flags.CU_MEM_ATTACH_GLOBAL));
    onClose(() -> check("cuMemFree", JCudaDriver.cuMemFree(address)));
    return address.value();
  }

  /** Takes pinned host memory, and touches all of it. */
  MemorySegment allocatePinned(long sizeBytes) {
    HostAddress address = new HostAddress();
    check("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(address, sizeBytes, 0));
    onClose(() -> check("cuMemFreeHost", JCudaDriver.cuMemFreeHost(address)));
    return MemorySegment.ofAddress(address.value()).reinterpret(sizeBytes).fill((byte) 1);
  }

  /** Loads a program from PTX that lies beside a class. */
  CUmodule load(Class<?> beside, String resource) {
    CUmodule module = new CUmodule();
    try (InputStream text = beside.getResourceAsStream(resource)) {
      String ptx = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      check("cuModuleLoadDataEx", JCudaDriver.cuModuleLoadDataEx(module, ptx, 0, new int[0], new Pointer()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    onClose(() -> check("cuModuleUnload", JCudaDriver.cuModuleUnload(module)));
    return module;
  }

  /** Copies to the device, in the stream. */
  void upload(CUdeviceptr to, Pointer from, long sizeBytes) {
    check("cuMemcpyHtoDAsync", JCudaDriver.cuMemcpyHtoDAsync(to, from, sizeBytes, stream));
  }

  /** Copies to the device, in the stream. */
  void upload(long to, MemorySegment from) {
    upload(at(to), at(from), from.byteSize());
  }

  /** Copies to the host, in the stream. */
  void download(long from, MemorySegment into) {
    check("cuMemcpyDtoHAsync", JCudaDriver.cuMemcpyDtoHAsync(at(into), at(from), into.byteSize(), stream));
  }

  /** Copies to the host, in the stream, one element of each row, so that they lie side by side. */
  void downloadColumn(long from, long strideBytes, int rows, long elementBytes, MemorySegment into) {
    CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
    copy.srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE;
    copy.srcDevice = at(from);
    copy.srcPitch = strideBytes;
    copy.dstMemoryType = CUmemorytype.CU_MEMORYTYPE_HOST;
    copy.dstHost = at(into);
    copy.dstPitch = elementBytes;
    copy.WidthInBytes = elementBytes;
    copy.Height = rows;
    check("cuMemcpy2DAsync", JCudaDriver.cuMemcpy2DAsync(copy, stream));
  }

  /** Copies to the host and waits for that, beside the stream. */
  void downloadNow(long from, MemorySegment into) {
    check("cuMemcpyDtoH", JCudaDriver.cuMemcpyDtoH(at(into), at(from), into.byteSize()));
  }

  /** Waits for all that is in the stream. */
  void finish() {
    check("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
  }

  @Override
  public void close() {
    finish();
    releases.forEach(Runnable::run);
    check("cuStreamDestroy", JCudaDriver.cuStreamDestroy(stream));
    check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(device));
  }

  static void check(String call, int code) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw new IllegalStateException(call + " failed: error=" + CUresult.stringFor(code));
    }
  }
}

package io.samepage.cuda;

import jcuda.driver.CUDA_MEMCPY2D;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUmemorytype;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The calls that get, copy and fill memory. Each is made while the context is current; copies and fills go into a stream.
 *
 * @param context where failures are said
 */
record MemoryCalls(CudaContext context) {
  /** A device address that tells its number. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  private static CUdeviceptr at(long address) {
    return new CUdeviceptr().withByteOffset(address);
  }

  long allocate(long sizeBytes) {
    Address address = new Address();
    int code = JCudaDriver.cuMemAlloc(address, sizeBytes);
    context.check("cuMemAlloc", code, ", sizeBytes=" + sizeBytes);
    return address.value();
  }

  void free(long address) {
    context.check("cuMemFree", JCudaDriver.cuMemFree(at(address)), "");
  }

  /**
   * Pins host memory, for the contexts of all devices.
   *
   * @param address where it begins
   * @param sizeBytes how long it is
   * @return {@code CUDA_SUCCESS}, or why it can't be pinned
   */
  int register(long address, long sizeBytes) {
    return JCudaDriver.cuMemHostRegister(new HostPointer(address), sizeBytes, JCudaDriver.CU_MEMHOSTREGISTER_PORTABLE);
  }

  void unregister(long address) {
    context.check("cuMemHostUnregister", JCudaDriver.cuMemHostUnregister(new HostPointer(address)), "");
  }

  void upload(CUstream stream, long hostAddress, long target, long sizeBytes) {
    int code = JCudaDriver.cuMemcpyHtoDAsync(at(target), new HostPointer(hostAddress), sizeBytes, stream);
    check("cuMemcpyHtoDAsync", code, sizeBytes);
  }

  void download(CUstream stream, long source, long hostAddress, long sizeBytes) {
    int code = JCudaDriver.cuMemcpyDtoHAsync(new HostPointer(hostAddress), at(source), sizeBytes, stream);
    check("cuMemcpyDtoHAsync", code, sizeBytes);
  }

  /** Copies rows of one size at even distances, {@code strideBytes} from the beginning of one to that of the next on both sides. */
  void copyRows(CUstream stream, boolean isUpload, long hostAddress, long deviceAddress, long sizeBytes, long strideBytes, long count) {
    CUDA_MEMCPY2D copy = new CUDA_MEMCPY2D();
    copy.srcMemoryType = isUpload ? CUmemorytype.CU_MEMORYTYPE_HOST : CUmemorytype.CU_MEMORYTYPE_DEVICE;
    copy.dstMemoryType = isUpload ? CUmemorytype.CU_MEMORYTYPE_DEVICE : CUmemorytype.CU_MEMORYTYPE_HOST;
    if (isUpload) {
      copy.srcHost = new HostPointer(hostAddress);
      copy.dstDevice = at(deviceAddress);
    } else {
      copy.srcDevice = at(deviceAddress);
      copy.dstHost = new HostPointer(hostAddress);
    }
    copy.srcPitch = strideBytes;
    copy.dstPitch = strideBytes;
    copy.WidthInBytes = sizeBytes;
    copy.Height = count;
    check("cuMemcpy2DAsync", JCudaDriver.cuMemcpy2DAsync(copy, stream), sizeBytes * count);
  }

  void copy(CUstream stream, long source, long target, long sizeBytes) {
    check("cuMemcpyDtoDAsync", JCudaDriver.cuMemcpyDtoDAsync(at(target), at(source), sizeBytes, stream), sizeBytes);
  }

  void copyFromPeer(CUstream stream, CudaContext peer, long source, long target, long sizeBytes) {
    int code = JCudaDriver.cuMemcpyPeerAsync(at(target), context.handle(), at(source), peer.handle(), sizeBytes, stream);
    check("cuMemcpyPeerAsync", code, sizeBytes);
  }

  /** Sets bytes, four at a time where their place and number allow. */
  void fill(CUstream stream, long target, long sizeBytes, byte value) {
    if (((target | sizeBytes) & (Integer.BYTES - 1)) == 0) {
      int pattern = Byte.toUnsignedInt(value) * 0x01010101;
      check("cuMemsetD32Async", JCudaDriver.cuMemsetD32Async(at(target), pattern, sizeBytes / Integer.BYTES, stream), sizeBytes);
    } else {
      check("cuMemsetD8Async", JCudaDriver.cuMemsetD8Async(at(target), value, sizeBytes, stream), sizeBytes);
    }
  }

  // Most calls succeed: no message is made for them.
  private void check(String call, int code, long sizeBytes) {
    if (code != 0) {
      throw context.failure(call, code, ", sizeBytes=" + sizeBytes);
    }
  }
}

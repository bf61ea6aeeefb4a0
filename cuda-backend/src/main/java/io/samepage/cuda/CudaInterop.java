package io.samepage.cuda;

import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;

/**
 * JCuda's objects for what Samepage holds, so that a program's own kernels and libraries on JCuda can work on it: take a lease on a
 * device, make the device's context current, enqueue work on its pointer in a stream of the program's own, wait for it, close the lease.
 * All methods may be called by any thread.
 */
public final class CudaInterop {
  private CudaInterop() {}

  /**
   * The pointer to a lease's slice.
   *
   * @param lease a lease on a CUDA device
   * @return the address of the slice's first byte; good until the lease is closed
   * @throws IllegalArgumentException if the device is not a CUDA device
   * @throws IllegalStateException if the lease is closed
   */
  public static CUdeviceptr pointer(DeviceLease lease) {
    check(lease.device());
    return new CUdeviceptr().withByteOffset(lease.handle() + lease.handleOffsetBytes());
  }

  /**
   * The context of a device: its primary context, which the CUDA runtime uses too. It is good as long as the device's memory is open;
   * the caller releases nothing.
   *
   * @param device a CUDA device
   * @return the context
   * @throws IllegalArgumentException if it is not a CUDA device
   * @throws DeviceException if the driver refuses
   */
  public static CUcontext context(Device device) {
    check(device);
    ContextCalls calls = new ContextCalls("device=" + device.name());
    CUdevice handle = calls.device(Integer.parseInt(device.name().substring(CudaBackend.NAME.length() + 1)));
    CUcontext context = new CUcontext();
    calls.retain(handle, context);
    calls.release(handle);
    return context;
  }

  private static void check(Device device) {
    if (!device.info().backend().equals(CudaBackend.NAME)) {
      throw new IllegalArgumentException("Not a CUDA device: device=" + device.name());
    }
  }
}

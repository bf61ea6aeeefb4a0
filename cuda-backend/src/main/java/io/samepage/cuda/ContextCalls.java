package io.samepage.cuda;

import io.samepage.DeviceException;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * The calls that get contexts and make them current, for one device.
 *
 * @param subject the device, for messages
 */
record ContextCalls(String subject) {

  CUdevice device(int ordinal) {
    CUdevice device = new CUdevice();
    check("cuDeviceGet", JCudaDriver.cuDeviceGet(device, ordinal));
    return device;
  }

  /** Fills in a device's primary context. */
  void retain(CUdevice device, CUcontext context) {
    check("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
  }

  void release(CUdevice device) {
    check("cuDevicePrimaryCtxRelease", JCudaDriver.cuDevicePrimaryCtxRelease(device));
  }

  void push(CUcontext context) {
    check("cuCtxPushCurrent", JCudaDriver.cuCtxPushCurrent(context));
  }

  void pop() {
    check("cuCtxPopCurrent", JCudaDriver.cuCtxPopCurrent(new CUcontext()));
  }

  /** Fills in another object for a context. */
  void copy(CUcontext from, CUcontext to) {
    push(from);
    try {
      check("cuCtxGetCurrent", JCudaDriver.cuCtxGetCurrent(to));
    } finally {
      pop();
    }
  }

  /** {@return the device of a context} */
  CUdevice deviceOf(CUcontext context) {
    push(context);
    try {
      CUdevice device = new CUdevice();
      check("cuCtxGetDevice", JCudaDriver.cuCtxGetDevice(device));
      return device;
    } finally {
      pop();
    }
  }

  /** Fills in the context of a stream, which is another one's or of the one that is current. */
  void contextOf(CUstream stream, CUcontext context) {
    check("cuStreamGetCtx", JCudaDriver.cuStreamGetCtx(stream, context));
  }

  boolean canAccess(CUdevice device, CUdevice peer) {
    int[] can = new int[1];
    check("cuDeviceCanAccessPeer", JCudaDriver.cuDeviceCanAccessPeer(can, device, peer));
    return can[0] != 0;
  }

  /** Lets the current context use the memory of another one. */
  void enableAccess(CUcontext peer) {
    int code = JCudaDriver.cuCtxEnablePeerAccess(peer, 0);
    if (code != CUresult.CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED) {
      check("cuCtxEnablePeerAccess", code);
    }
  }

  private void check(String call, int code) {
    if (code != CUresult.CUDA_SUCCESS) {
      throw new DeviceException(call + " failed: " + subject + ", error=" + ErrorNames.of(code));
    }
  }
}

package io.samepage.cuda;

import java.nio.charset.StandardCharsets;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUresult;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

/** The calls that look for devices. They answer error codes, as a probe never throws. */
final class DeviceCalls {
  private static final int NAME_BYTES = 256;

  private DeviceCalls() {}

  static int init() {
    return JCudaDriver.cuInit(0);
  }

  /** {@return the newest CUDA that the driver knows: 12060 for 12.6; 0 if it doesn't say} */
  static int version() {
    int[] version = new int[1];
    return JCudaDriver.cuDriverGetVersion(version) == CUresult.CUDA_SUCCESS ? version[0] : 0;
  }

  /** {@return how many devices there are} */
  static int count() {
    int[] count = new int[1];
    return JCudaDriver.cuDeviceGetCount(count) == CUresult.CUDA_SUCCESS ? count[0] : 0;
  }

  /** {@return a device, or null if the driver refuses} */
  static CUdevice device(int ordinal) {
    CUdevice device = new CUdevice();
    return JCudaDriver.cuDeviceGet(device, ordinal) == CUresult.CUDA_SUCCESS ? device : null;
  }

  static String name(CUdevice device) {
    byte[] name = new byte[NAME_BYTES];
    JCudaDriver.cuDeviceGetName(name, name.length, device);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    return new String(name, 0, length, StandardCharsets.UTF_8);
  }

  static long memoryBytes(CUdevice device) {
    long[] bytes = new long[1];
    JCudaDriver.cuDeviceTotalMem(bytes, device);
    return bytes[0];
  }

  /**
   * Asks for an attribute.
   *
   * @param device of which device
   * @param attribute a number of {@link jcuda.driver.CUdevice_attribute}
   * @return its value, 0 if the driver doesn't know it
   */
  static int attribute(CUdevice device, int attribute) {
    int[] value = new int[1];
    return JCudaDriver.cuDeviceGetAttribute(value, attribute, device) == CUresult.CUDA_SUCCESS ? value[0] : 0;
  }

  /** {@return the bytes of what tells the device from all others; none if the driver doesn't tell} */
  static byte[] uuid(CUdevice device) {
    CUuuid uuid = new CUuuid();
    return JCudaDriver.cuDeviceGetUuid(uuid, device) == CUresult.CUDA_SUCCESS ? uuid.bytes : new byte[0];
  }

  /** {@return why a context can't be had, {@code CUDA_SUCCESS} if one could be} */
  static int tryContext(CUdevice device) {
    int code = JCudaDriver.cuDevicePrimaryCtxRetain(new CUcontext(), device);
    return code == CUresult.CUDA_SUCCESS ? JCudaDriver.cuDevicePrimaryCtxRelease(device) : code;
  }
}

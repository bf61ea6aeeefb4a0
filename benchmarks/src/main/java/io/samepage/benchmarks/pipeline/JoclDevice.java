package io.samepage.benchmarks.pipeline;

import static org.jocl.CL.CL_DEVICE_TYPE_ALL;

import io.samepage.benchmarks.base.RawQueue;
import org.jocl.CL;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device as JOCL knows it.
 *
 * @param platform its platform
 * @param id the device
 */
record JoclDevice(cl_platform_id platform, cl_device_id id) {
  /** The device of a queue that LWJGL has made: the one with the same handle. */
  static JoclDevice of(RawQueue queue) {
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    for (cl_platform_id platform : platforms) {
      CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      CL.clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      for (cl_device_id device : devices) {
        if (device.getNativePointer() == queue.device()) {
          return new JoclDevice(platform, device);
        }
      }
    }
    throw new IllegalStateException("JOCL doesn't find the device: handle=0x" + Long.toHexString(queue.device()));
  }

  cl_context createContext() {
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, platform);
    return CL.clCreateContext(properties, 1, new cl_device_id[] {id}, null, null, null);
  }
}

package io.samepage.cuda;

import io.samepage.MemoryKind;
import java.util.EnumSet;
import java.util.Set;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;

/** Which of the host's memory kernels of a device can use by the host's own pointers. */
enum HostPages {
  /** None, or none without copying it over a bus with every access. */
  NONE,
  /** What was registered, where device and host have one memory: integrated GPUs. */
  REGISTERED,
  /** All: by the system's page tables, or by a driver that follows them. */
  ALL;

  static HostPages of(CUdevice device) {
    if (has(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS)) {
      return ALL;
    }
    return has(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_INTEGRATED)
        && has(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED)
        && has(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM) ? REGISTERED : NONE;
  }

  private static boolean has(CUdevice device, int attribute) {
    return DeviceCalls.attribute(device, attribute) != 0;
  }

  /** {@return where a device can keep pages. What it says of itself is tried out when it is opened: {@link HostPagesTrial}} */
  Set<MemoryKind> memoryKinds() {
    return this == NONE ? EnumSet.of(MemoryKind.DISCRETE) : EnumSet.of(MemoryKind.DISCRETE, MemoryKind.COHERENT);
  }
}

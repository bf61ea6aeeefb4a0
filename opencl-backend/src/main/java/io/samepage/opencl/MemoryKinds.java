package io.samepage.opencl;

import io.samepage.MemoryKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;
import org.lwjgl.opencl.CL20;

/** Where a device can keep pages, as far as the driver says it. */
final class MemoryKinds {
  private MemoryKinds() {}

  /** Not every device that calls its memory the host's lets the host see it without further ado: {@link HostPagesTrial} finds out. */
  static Set<MemoryKind> of(ClInfo device) {
    Set<MemoryKind> kinds = EnumSet.of(MemoryKind.DISCRETE);
    if (device.status(CL11.CL_DEVICE_HOST_UNIFIED_MEMORY) == CL10.CL_SUCCESS
        && device.intValue(CL11.CL_DEVICE_HOST_UNIFIED_MEMORY) == CL10.CL_TRUE) {
      kinds.add(MemoryKind.COHERENT);
    }
    if (svmOf(device).contains(Svm.FINE_GRAIN_BUFFER)) {
      kinds.add(MemoryKind.SVM);
    }
    return kinds;
  }

  /** The sorts of shared virtual memory that OpenCL knows, in the order of their bits. */
  enum Svm { COARSE_GRAIN_BUFFER, FINE_GRAIN_BUFFER, FINE_GRAIN_SYSTEM, ATOMICS }

  /** What a device has of it; nothing before OpenCL 2.0. */
  static Set<Svm> svmOf(ClInfo device) {
    Set<Svm> found = EnumSet.noneOf(Svm.class);
    if (device.status(CL20.CL_DEVICE_SVM_CAPABILITIES) == CL10.CL_SUCCESS) {
      long bits = device.longValue(CL20.CL_DEVICE_SVM_CAPABILITIES);
      Arrays.stream(Svm.values()).filter(svm -> (bits >> svm.ordinal() & 1) != 0).forEach(found::add);
    }
    return found;
  }
}

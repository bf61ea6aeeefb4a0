package io.samepage.opencl;

import io.samepage.MemoryKind;
import java.util.EnumSet;
import java.util.Set;
import org.lwjgl.opencl.CL10;
import org.lwjgl.opencl.CL11;

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
    return kinds;
  }
}

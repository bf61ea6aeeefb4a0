package io.samepage.samples;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The machine's memory. Ranges can be reserved far beyond it, but what the samples allocate they fill. */
final class HostMemory {
  private HostMemory() {}

  /** The memory of the machine, or of the container it runs in. */
  static long totalBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}

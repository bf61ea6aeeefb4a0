package io.samepage.benchmarks.base;

import io.samepage.Device;
import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;

/** The memory that a benchmark opens: over one device, the same for both sides. */
public final class BenchmarkMemory {
  /** The property that names the device. */
  public static final String DEVICE_PROPERTY = "samepage.bench.device";
  /** The device where the property is not set: the first of OpenCL. */
  public static final String DEFAULT_DEVICE = "opencl";

  private static final String EMBEDDED = "embedded";
  private static final long EMBEDDED_BUDGET_BYTES = 3L << 29;

  private BenchmarkMemory() {}

  /**
   * Opens a memory over the device of the property.
   *
   * @return the memory, to be closed
   * @throws io.samepage.NoSuchDeviceException if there is no such device; the message says why
   */
  public static UnifiedMemory open() {
    return open(MemoryKind.DISCRETE);
  }

  /**
   * Opens a memory over the device of the property, which keeps pages in a way of its own.
   *
   * @param kind where it keeps pages
   * @return the memory, to be closed
   * @throws io.samepage.NoSuchDeviceException if there is no such device; the message says why
   * @throws io.samepage.MemoryKindException if it can't keep pages there
   */
  public static UnifiedMemory open(MemoryKind kind) {
    return UnifiedMemory.builder().devices(deviceName()).memoryKind(kind).open();
  }

  /** {@return the device that the property names} */
  public static String deviceName() {
    return System.getProperty(DEVICE_PROPERTY, DEFAULT_DEVICE);
  }

  /**
   * Opens a memory over the embedded device, whatever the property says: what is measured there costs the same on every machine's
   * device, or is the cost of the fault handler alone.
   *
   * @return the memory, to be closed
   */
  public static UnifiedMemory openEmbedded() {
    return UnifiedMemory.builder().devices(EMBEDDED).deviceBudget(EMBEDDED, EMBEDDED_BUDGET_BYTES).open();
  }

  /**
   * The one device of a memory that was opened here.
   *
   * @param memory the memory
   * @return its device
   */
  public static Device device(UnifiedMemory memory) {
    return memory.devices().getFirst();
  }
}

package io.samepage;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a back end says of a device it found.
 *
 * @param name the name to ask for it: back end and number, {@code opencl:0}
 * @param backend the back end's name
 * @param description the hardware's name as the driver gives it
 * @param driver the driver's name and version
 * @param kind what sort of device it is
 * @param memoryBytes the device memory that the driver reports
 * @param budgetBytes how many bytes of it Samepage uses when no budget is set
 * @param memoryKinds where it can keep pages, in the order of {@link MemoryKind}; {@link Device#memoryKind()} says which is in use
 */
public record DeviceInfo(String name, String backend, String description, String driver, Kind kind, long memoryBytes, long budgetBytes,
    Set<MemoryKind> memoryKinds) {

  /** Keeps a copy of the set, in order. */
  public DeviceInfo {
    memoryKinds = Collections.unmodifiableSet(EnumSet.copyOf(memoryKinds));
  }

  /** The sorts of devices. */
  public enum Kind {
    /** A graphics processor. */
    GPU,
    /** The host's own processor, through a driver. */
    CPU,
    /** Another accelerator. */
    ACCELERATOR,
    /** A tool that imitates a device to find mistakes in kernels. Never chosen automatically. */
    SIMULATOR,
    /** Samepage's own device, with kernels written in Java. */
    EMBEDDED
  }
}

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
 * @param hardwareIds what tells its hardware from all other on this machine, in words that all drivers share, such as the place on the
 *     bus ({@code pci:0000:3b:00}); empty where the driver doesn't tell
 */
public record DeviceInfo(String name, String backend, String description, String driver, Kind kind, long memoryBytes, long budgetBytes,
    Set<MemoryKind> memoryKinds, Set<String> hardwareIds) {

  /** Keeps copies of the sets, the kinds in order. */
  public DeviceInfo {
    memoryKinds = Collections.unmodifiableSet(EnumSet.copyOf(memoryKinds));
    hardwareIds = Set.copyOf(hardwareIds);
  }

  /**
   * Describes a device of which nobody knows what hardware it is.
   *
   * @param name the name to ask for it
   * @param backend the back end's name
   * @param description the hardware's name
   * @param driver the driver's name and version
   * @param kind what sort of device it is
   * @param memoryBytes the device memory
   * @param budgetBytes how many bytes of it are used when no budget is set
   * @param memoryKinds where it can keep pages
   */
  public DeviceInfo(String name, String backend, String description, String driver, Kind kind, long memoryBytes, long budgetBytes,
      Set<MemoryKind> memoryKinds) {
    this(name, backend, description, driver, kind, memoryBytes, budgetBytes, memoryKinds, Set.of());
  }

  /**
   * Tells whether two back ends have found the same hardware. Such a device is used through one of them, unless it is asked for by name.
   *
   * @param other a device
   * @return whether the devices belong to different back ends and have one of the {@link #hardwareIds()} in common
   */
  public boolean isSameHardwareAs(DeviceInfo other) {
    return !backend.equals(other.backend) && !Collections.disjoint(hardwareIds, other.hardwareIds);
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

package io.samepage;

import java.util.List;

/**
 * What {@link UnifiedMemory#refreshDevices} has found.
 *
 * @param attached devices that were attached, which are the last of {@link UnifiedMemory#devices()} now
 * @param lost devices of {@link UnifiedMemory#devices()} that their back ends don't find any more
 */
public record DeviceChanges(List<Device> attached, List<Device> lost) {
  /** Copies the lists. */
  public DeviceChanges {
    attached = List.copyOf(attached);
    lost = List.copyOf(lost);
  }
}

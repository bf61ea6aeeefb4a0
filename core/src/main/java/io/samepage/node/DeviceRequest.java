package io.samepage.node;

import io.samepage.DeviceInfo;
import io.samepage.MemoryKind;

/**
 * A device to be opened.
 *
 * @param device which one
 * @param budgetBytes how much of its memory may be used
 * @param memoryKind where it keeps pages; {@link MemoryKind#SVM} is for ranges, and like {@link MemoryKind#DISCRETE} otherwise
 */
public record DeviceRequest(DeviceInfo device, long budgetBytes, MemoryKind memoryKind) {
  /**
   * Asks for a device with memory of its own.
   *
   * @param device which one
   * @param budgetBytes how much of its memory may be used
   */
  public DeviceRequest(DeviceInfo device, long budgetBytes) {
    this(device, budgetBytes, MemoryKind.DISCRETE);
  }
}

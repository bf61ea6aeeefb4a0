package io.samepage.benchmarks.cuda;

import java.util.Optional;
import jcuda.driver.CUdevice_attribute;

/**
 * What may be measured in managed memory on a device: little of it, as more can hang a GPU.
 *
 * @param freeBytes how much of the device's memory is free
 * @param isManaged whether the device has managed memory
 * @param isConcurrent whether it can be told where managed memory is to be
 */
public record ManagedRules(long freeBytes, boolean isManaged, boolean isConcurrent) {
  /** So many times as much must be free as is allocated. */
  private static final int LEAST_FREE_RATIO = 4;

  /**
   * Asks the driver.
   *
   * @return the rules of the device that is measured
   * @throws IllegalStateException if it is not CUDA's, or the driver refuses
   */
  public static ManagedRules ofDevice() {
    try (RawCuda cuda = new RawCuda()) {
      return of(cuda);
    }
  }

  static ManagedRules of(RawCuda cuda) {
    return new ManagedRules(cuda.freeBytes(), cuda.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY) != 0,
        cuda.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CONCURRENT_MANAGED_ACCESS) != 0);
  }

  /**
   * Looks whether something may be measured.
   *
   * @param sizeBytes how much managed memory it takes in all
   * @param isHinted whether it says where that is to be
   * @return why it may not, if so
   */
  public Optional<String> refusal(long sizeBytes, boolean isHinted) {
    if (!isManaged) {
      return Optional.of("the device has no managed memory");
    }
    if (isHinted && !isConcurrent) {
      return Optional.of("the device takes no prefetches of managed memory");
    }
    return sizeBytes > freeBytes / LEAST_FREE_RATIO
        ? Optional.of("managed memory is to be a quarter of what is free at most: sizeMib=" + (sizeBytes >> 20) + ", freeMib="
            + (freeBytes >> 20))
        : Optional.empty();
  }
}

package io.samepage.samples.hostview;

import io.samepage.HostAccess.Mode;
import io.samepage.MemoryKind;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.List;

/** Where a run allocates. It says how the host gets at what was allocated; kernels get at it the same way in both modes. For one thread. */
public sealed interface HostSpace extends AutoCloseable permits LeasedSpace, PlainSpace {
  /**
   * Opens a space.
   *
   * @param memory where to allocate
   * @param mode how the host gets at it
   * @return the space, to be closed before the memory
   * @throws UnsupportedOperationException if the mode is not to be had here; the message says why
   */
  static HostSpace open(UnifiedMemory memory, Mode mode) {
    return switch (mode) {
      case EXPLICIT -> new LeasedSpace(memory);
      case TRANSPARENT -> new PlainSpace(memory.confinedArena());
    };
  }

  /** {@return where this space allocates} */
  UnifiedMemory memory();

  /** {@return how the host gets at what was allocated} */
  Mode mode();

  /** {@return the size of a page} */
  default long pageSizeBytes() {
    try (UnifiedRange range = memory().allocate(1)) {
      return range.all().residency().pageSizeBytes();
    }
  }

  /** {@return whether pages are copied to devices and back, rather than used where they are} */
  default boolean copies() {
    return memory().devices().stream().anyMatch(device -> device.memoryKind() == MemoryKind.DISCRETE);
  }

  /**
   * How many bytes come to the host at least for each of some elements that a device has, where they lie at even distances, far from each
   * other, and are read in one view.
   *
   * @param count how many elements
   * @param elementBytes the size of one
   * @return the bytes for each
   */
  long hostUnitBytes(int count, long elementBytes);

  /**
   * Allocates memory, all zero.
   *
   * @param sizeBytes how much, at least 1
   * @return the memory; closing the space gives it back
   */
  Region allocate(long sizeBytes);

  /**
   * Regions that the host will view at once.
   *
   * @param regions at least one region of this space
   * @return the group
   */
  RegionGroup group(List<Region> regions);

  /** Gives everything back. */
  @Override
  void close();
}

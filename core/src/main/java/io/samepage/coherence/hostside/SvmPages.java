package io.samepage.coherence.hostside;

import io.samepage.Device;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.OutOfHostMemoryException;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.host.HostExtent;

/**
 * The pages of a range in a device's shared virtual memory: what the host uses are the same bytes.
 *
 * @param device the device that has allocated them
 * @param address where they begin
 */
public record SvmPages(CoherentDevice device, long address) implements HostExtent {
  /**
   * Allocates pages.
   *
   * @param device by which device
   * @param sizeBytes how many bytes
   * @return the pages
   * @throws OutOfHostMemoryException if the device has no memory of that size
   */
  public static SvmPages allocate(CoherentDevice device, long sizeBytes) {
    long largestBytes = device.deviceNode().maxSvmBytes();
    if (sizeBytes > largestBytes) {
      throw new OutOfHostMemoryException("No shared virtual memory of that size: sizeBytes=" + sizeBytes + ", largest=" + largestBytes
          + ", device=" + device.name());
    }
    long page = device.owner().pageSizeBytes();
    return new SvmPages(device, device.whileOpen(() -> device.deviceNode().allocateSvm(Math.ceilDiv(sizeBytes, page) * page)));
  }

  /**
   * Checks that a device is one of a memory's.
   *
   * @param memory the memory
   * @param device a device
   * @return the device
   * @throws IllegalArgumentException if it is another memory's
   */
  public static CoherentDevice own(MemoryContext memory, Device device) {
    return memory.coherentDevices().stream().filter(own -> own == device).findFirst().orElseThrow(() -> new IllegalArgumentException(
        "The device belongs to another memory: device=" + device + ", thisMemory=" + memory));
  }

  /** Refuses a device that can't use what a request is for. */
  static void checkReached(CoherentDevice device, LeaseRequest request) {
    for (CoherentRange range : request.ranges()) {
      if (!range.isReachedBy(device)) {
        throw new MemoryKindException(device.name(), MemoryKind.SVM, device.info().memoryKinds(),
            "the range is in shared virtual memory of another context: range=" + range + ", asked=" + request);
      }
    }
  }

  @Override
  public void free() {
    device.deviceNode().freeSvm(address);
  }
}

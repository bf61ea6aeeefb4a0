package io.samepage.coherence;

import io.samepage.Device;
import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import io.samepage.OutOfHostMemoryException;
import io.samepage.host.HostExtent;

/** The pages of a range in a device's shared virtual memory: what the host uses are the same bytes. */
record SvmPages(CoherentDevice device, long address) implements HostExtent {
  static SvmPages allocate(CoherentDevice device, long sizeBytes) {
    if (sizeBytes > device.maxWindowBytes()) {
      throw new OutOfHostMemoryException("No shared virtual memory of that size: sizeBytes=" + sizeBytes + ", largest="
          + device.maxWindowBytes() + ", device=" + device.name());
    }
    long page = device.owner().pageSizeBytes();
    return new SvmPages(device, device.whileOpen(() -> device.deviceNode().allocateSvm(Math.ceilDiv(sizeBytes, page) * page)));
  }

  /** The device, if it is one of a memory's. */
  static CoherentDevice own(CoherentMemory memory, Device device) {
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
  public void discard(long offsetBytes, long sizeBytes) {
    zero(offsetBytes, sizeBytes);
  }

  @Override
  public void free() {
    device.deviceNode().freeSvm(address);
  }
}

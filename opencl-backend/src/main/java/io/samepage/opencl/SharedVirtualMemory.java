package io.samepage.opencl;

import io.samepage.MemoryKind;
import io.samepage.MemoryKindException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The shared virtual memory of a context: fine-grained buffers, which the host and all devices use at any time. */
final class SharedVirtualMemory {
  /** A multiple of every page size in use. Drivers align by the largest vector at most, so that as much is asked for in addition. */
  private static final long ALIGNMENT_BYTES = 64 * 1024;

  /** What the driver has given, and how much of it is used from the aligned address on. */
  private record Block(long given, long sizeBytes) {}

  private final ClCalls calls;
  private final long context;
  private final long maxBytes;
  /** By the aligned address. */
  private final ConcurrentSkipListMap<Long, Block> blocks = new ConcurrentSkipListMap<>();

  /**
   * None yet.
   *
   * @param context the context
   * @param devices those of its devices that are known: what is larger than one of them allocates, the driver may refuse
   */
  SharedVirtualMemory(ClCalls calls, long context, List<FoundDevice> devices) {
    this.calls = calls;
    this.context = context;
    long smallest = devices.stream().mapToLong(device -> device.limits().maxAllocationBytes()).min().orElseThrow();
    maxBytes = smallest / ALIGNMENT_BYTES * ALIGNMENT_BYTES - ALIGNMENT_BYTES;
  }

  long maxBytes() {
    return maxBytes;
  }

  long allocate(FoundDevice device, long sizeBytes) {
    if (!device.info().memoryKinds().contains(MemoryKind.SVM)) {
      throw new MemoryKindException(device.info().name(), MemoryKind.SVM, device.info().memoryKinds(),
          "fine-grained buffers are needed, and the driver has " + MemoryKinds.svmOf(ClInfo.ofDevice(device.subject(), device.id())));
    }
    long given = calls.allocateSvm(context, sizeBytes + ALIGNMENT_BYTES);
    long address = Math.ceilDiv(given, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    MemorySegment.ofAddress(address).reinterpret(sizeBytes).fill((byte) 0);
    blocks.put(address, new Block(given, sizeBytes));
    return address;
  }

  /** Whether an address lies in it. */
  boolean contains(long address) {
    Map.Entry<Long, Block> entry = blocks.floorEntry(address);
    return entry != null && address - entry.getKey() < entry.getValue().sizeBytes();
  }

  void free(long address) {
    calls.freeSvm(context, blocks.remove(address).given());
  }

  /** Frees what is left. */
  void close() {
    blocks.keySet().forEach(this::free);
  }
}

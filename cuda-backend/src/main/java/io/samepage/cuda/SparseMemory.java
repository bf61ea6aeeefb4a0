package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Address space that is reserved, and the memory that is mapped there, piece by piece. The driver keeps a piece as long as it is mapped, so
 * no handle of it is kept here. Safe for use by any thread, while the context is current.
 */
final class SparseMemory {
  /** {@code false} has all windows allocated as a whole. */
  static final String PROPERTY = "samepage.cuda.sparse";
  private static final Logger LOG = LoggerFactory.getLogger(SparseMemory.class);

  private final CudaContext context;
  private final int ordinal;
  private final VirtualMemoryNative calls;
  private volatile long unitBytes;
  /** This device, and those that copy from it directly: what is mapped is open to nobody else. */
  private final List<Integer> users;

  SparseMemory(CudaContext context, int ordinal) {
    this.context = context;
    this.ordinal = ordinal;
    users = new CopyOnWriteArrayList<>(List.of(ordinal));
    calls = isOffered(ordinal) ? VirtualMemoryNative.find().orElse(null) : null;
    unitBytes = calls == null ? 0 : askUnitBytes();
  }

  /** A device whose units can't be told is used without them. */
  private long askUnitBytes() {
    try {
      long bytes = get("cuMemGetAllocationGranularity", "", found -> calls.granularity(found, ordinal));
      if (Long.bitCount(bytes) == 1) {
        return bytes;
      }
      LOG.warn("Memory can't be mapped in units that are no power of two, so windows are allocated: {}, unitBytes={}", context.subject(),
          bytes);
    } catch (DeviceException e) {
      LOG.warn("The units in which memory is mapped can't be told, so windows are allocated: {}", e.getMessage());
    }
    return 0;
  }

  private static boolean isOffered(int ordinal) {
    CUdevice device = DeviceCalls.device(ordinal);
    return device != null && Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))
        && DeviceCalls.attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED) != 0;
  }

  /** {@return in what units memory is mapped, 0 where none can be} */
  long unitBytes() {
    return unitBytes;
  }

  /** From now on there are no units: a driver that offers them gives no memory there. */
  void renounce(DeviceException refusal) {
    LOG.warn("The driver offers address space but gives it no memory, so windows are allocated: {}", refusal.getMessage());
    unitBytes = 0;
  }

  /** Another device copies from this one: it may from now on use what is mapped. */
  void addUser(int otherOrdinal) {
    users.add(otherOrdinal);
  }

  private long get(String call, String details, ToIntFunction<MemorySegment> action) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment found = arena.allocate(ValueLayout.JAVA_LONG);
      context.check(call, action.applyAsInt(found), details);
      return found.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  private static String size(long sizeBytes) {
    return ", sizeBytes=" + sizeBytes;
  }

  Window reserve(long sizeBytes) {
    long address = get("cuMemAddressReserve", size(sizeBytes), found -> calls.reserve(found, sizeBytes, unitBytes));
    return new SparseWindow(address, sizeBytes, unitBytes);
  }

  void free(Window window) {
    context.check("cuMemAddressFree", calls.free(window.handle(), window.sizeBytes()), size(window.sizeBytes()));
  }

  void back(Window window, long offsetBytes, long sizeBytes) {
    long address = window.handle() + offsetBytes;
    map(address, sizeBytes);
    int code = calls.setAccess(address, sizeBytes, users);
    if (code != CUresult.CUDA_SUCCESS) {
      calls.unmap(address, sizeBytes);
      throw context.failure("cuMemSetAccess", code, size(sizeBytes) + ", devices=" + users);
    }
  }

  private void map(long address, long sizeBytes) {
    long handle = get("cuMemCreate", size(sizeBytes), found -> calls.create(found, sizeBytes, ordinal));
    int mapped = calls.map(address, sizeBytes, handle);
    int released = calls.release(handle);
    context.check("cuMemMap", mapped, size(sizeBytes));
    if (released != CUresult.CUDA_SUCCESS) {
      calls.unmap(address, sizeBytes);
      throw context.failure("cuMemRelease", released, size(sizeBytes));
    }
  }

  void unback(Window window, long offsetBytes, long sizeBytes) {
    context.check("cuMemUnmap", calls.unmap(window.handle() + offsetBytes, sizeBytes), size(sizeBytes));
  }
}

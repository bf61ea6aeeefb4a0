package io.samepage.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The driver's virtual memory management, called through the linker: JCuda hands garbage to cuMemSetAccess, and asks cuMemCreate for
 * memory of another usage. What calls return is the driver's error code; what they find is put at an address, in a segment of 8 bytes.
 * Safe for use by any thread.
 */
final class VirtualMemoryNative {
  private static final List<String> FUNCTIONS = List.of("cuMemGetAllocationGranularity", "cuMemAddressReserve", "cuMemAddressFree",
      "cuMemCreate", "cuMemRelease", "cuMemMap", "cuMemUnmap", "cuMemSetAccess");
  private static final int PINNED_ALLOCATION = 1;
  private static final int DEVICE_LOCATION = 1;
  private static final int READ_WRITE = 3;
  private static final int LEAST_GRANULARITY = 0;
  /** A CUmemAllocationProp: the kind, kinds of handles, the kind of place, which; the rest is 0 for memory of a device. */
  private static final long PROPERTIES_BYTES = 32;
  /** The numbers of a CUmemAccessDesc: the kind of place, which, and what it may. */
  private static final int ACCESS_INTS = 3;

  private final MethodHandle granularity = bind("cuMemGetAllocationGranularity", ADDRESS, ADDRESS, JAVA_INT);
  private final MethodHandle reserve = bind("cuMemAddressReserve", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private final MethodHandle free = bind("cuMemAddressFree", JAVA_LONG, JAVA_LONG);
  private final MethodHandle create = bind("cuMemCreate", ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG);
  private final MethodHandle release = bind("cuMemRelease", JAVA_LONG);
  private final MethodHandle map = bind("cuMemMap", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private final MethodHandle unmap = bind("cuMemUnmap", JAVA_LONG, JAVA_LONG);
  private final MethodHandle setAccess = bind("cuMemSetAccess", JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

  private VirtualMemoryNative() {}

  /** {@return the calls, where the driver has all of them} */
  static Optional<VirtualMemoryNative> find() {
    return FUNCTIONS.stream().allMatch(function -> DriverNative.address(function) != 0) ? Optional.of(new VirtualMemoryNative())
        : Optional.empty();
  }

  private static MethodHandle bind(String function, MemoryLayout... parameters) {
    return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(DriverNative.address(function)),
        FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private static MemorySegment properties(Arena arena, int device) {
    MemorySegment properties = arena.allocate(PROPERTIES_BYTES, Long.BYTES);
    properties.setAtIndex(JAVA_INT, 0, PINNED_ALLOCATION);
    properties.setAtIndex(JAVA_INT, 2, DEVICE_LOCATION);
    properties.setAtIndex(JAVA_INT, 3, device);
    return properties;
  }

  int granularity(MemorySegment found, int device) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) granularity.invokeExact(found, properties(arena, device), LEAST_GRANULARITY);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Finds an address. */
  int reserve(MemorySegment found, long sizeBytes, long alignmentBytes) {
    try {
      return (int) reserve.invokeExact(found, sizeBytes, alignmentBytes, 0L, 0L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int free(long address, long sizeBytes) {
    try {
      return (int) free.invokeExact(address, sizeBytes);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Finds a handle of memory of a device. */
  int create(MemorySegment found, long sizeBytes, int device) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) create.invokeExact(found, sizeBytes, properties(arena, device), 0L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int release(long handle) {
    try {
      return (int) release.invokeExact(handle);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int map(long address, long sizeBytes, long handle) {
    try {
      return (int) map.invokeExact(address, sizeBytes, 0L, handle, 0L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  int unmap(long address, long sizeBytes) {
    try {
      return (int) unmap.invokeExact(address, sizeBytes);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Lets devices read and write what is mapped. */
  int setAccess(long address, long sizeBytes, List<Integer> devices) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment accesses = arena.allocate(JAVA_INT, (long) ACCESS_INTS * devices.size());
      for (int i = 0; i < devices.size(); i++) {
        accesses.setAtIndex(JAVA_INT, (long) ACCESS_INTS * i, DEVICE_LOCATION);
        accesses.setAtIndex(JAVA_INT, (long) ACCESS_INTS * i + 1, devices.get(i));
        accesses.setAtIndex(JAVA_INT, (long) ACCESS_INTS * i + 2, READ_WRITE);
      }
      return (int) setAccess.invokeExact(address, sizeBytes, accesses, (long) devices.size());
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static AssertionError broken(Throwable cause) {
    return new AssertionError("A call of the driver has another form than cuda.h says", cause);
  }
}

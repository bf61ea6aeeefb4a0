package io.samepage.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import jcuda.driver.CUdevice_attribute;

/** What tests tell the test double of the driver and ask of it: its functions beside the driver's. */
final class DoubleNative {
  static final int COMPUTE_EXCLUSIVE_PROCESS = 3;
  static final int COMPUTE_PROHIBITED = 2;

  private static final SymbolLookup DOUBLE = SymbolLookup.libraryLookup("libcuda.so.1", Arena.global());
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private DoubleNative() {}

  private static MethodHandle function(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(DOUBLE.find("samepage_double_" + name).orElseThrow(), type);
  }

  private static Object call(String name, FunctionDescriptor type, Object... arguments) {
    try {
      return function(name, type).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new AssertionError("The double throws nothing: " + name, e);
    }
  }

  private static void set(String name, int... values) {
    Object[] arguments = new Object[values.length];
    ValueLayout[] types = new ValueLayout[values.length];
    for (int i = 0; i < values.length; i++) {
      arguments[i] = values[i];
      types[i] = INT;
    }
    call(name, FunctionDescriptor.ofVoid(types), arguments);
  }

  /** As it was when it was loaded: two good devices. Calls are counted from now on. */
  static void reset() {
    set("reset");
  }

  static void devices(int count) {
    set("devices", count);
  }

  static void driverVersion(int version) {
    set("driver_version", version);
  }

  static void initResult(int code) {
    set("init_result", code);
  }

  static void computeMode(int device, int mode) {
    set("compute_mode", device, mode);
  }

  /** What a device answers for one of its attributes, and goes by. */
  static void attribute(int device, int attribute, int value) {
    set("attribute", device, attribute, value);
  }

  /** A device whose kernels can use all of the host's memory. */
  static void usesAllHostMemory(int device) {
    attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS, 1);
  }

  /** A device that has one memory with the host, of which its kernels can use what is registered. */
  static void isIntegrated(int device) {
    attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_INTEGRATED, 1);
    attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM, 1);
  }

  static void peersAllowed(boolean allowed) {
    set("peers_allowed", allowed ? 1 : 0);
  }

  static void memoryBytes(int device, long bytes) {
    call("memory_bytes", FunctionDescriptor.ofVoid(INT, LONG), device, bytes);
  }

  static void mostRegisteredBytes(long bytes) {
    call("most_registered_bytes", FunctionDescriptor.ofVoid(LONG), bytes);
  }

  /** In what units memory is mapped; 0: devices say that they have no virtual memory management. Asked when a device is opened. */
  static void granularity(long bytes) {
    call("granularity", FunctionDescriptor.ofVoid(LONG), bytes);
  }

  static void mostPitch(long bytes) {
    call("most_pitch", FunctionDescriptor.ofVoid(LONG), bytes);
  }

  /** Reservations, physical memory and mappings that nobody has given back. */
  static long liveVirtual() {
    return (long) call("live_virtual", FunctionDescriptor.of(LONG));
  }

  static long mappings() {
    return (long) call("mappings", FunctionDescriptor.of(LONG));
  }

  /** The nth call of a function from now on answers an error, and does nothing; or all from there on. */
  static void fail(String function, long nth, int code, boolean forGood) {
    try (Arena arena = Arena.ofConfined()) {
      call("fail", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, LONG, INT, INT), arena.allocateFrom(function), nth, code,
          forGood ? 1 : 0);
    }
  }

  /** How often a function was called. */
  static long calls(String function) {
    try (Arena arena = Arena.ofConfined()) {
      return (long) call("calls", FunctionDescriptor.of(LONG, ValueLayout.ADDRESS), arena.allocateFrom(function));
    }
  }

  /** No stream begins a further command until they are let go. */
  static void hold(boolean held) {
    set("hold", held ? 1 : 0);
  }

  /** One stream begins no further command. */
  static void hold(long stream, boolean held) {
    call("hold_stream", FunctionDescriptor.ofVoid(LONG, INT), stream, held ? 1 : 0);
  }

  static long liveStreams() {
    return (long) call("live_streams", FunctionDescriptor.of(LONG));
  }

  static long liveEvents() {
    return (long) call("live_events", FunctionDescriptor.of(LONG));
  }

  static long registeredBytes() {
    return (long) call("registered_bytes", FunctionDescriptor.of(LONG));
  }

  static long usedBytes(int device) {
    return (long) call("used_bytes", FunctionDescriptor.of(LONG, INT), device);
  }

  /** What went wrong inside. */
  static String notes() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(4096);
      call("notes", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, LONG), text, text.byteSize());
      return text.getString(0);
    }
  }
}

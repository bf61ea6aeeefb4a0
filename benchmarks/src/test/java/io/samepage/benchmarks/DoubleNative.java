package io.samepage.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What tests tell the double of NVIDIA's driver, which the dynamic loader finds in the driver's stead. */
final class DoubleNative {
  private static final MethodHandle MEMORY_BYTES = Linker.nativeLinker().downcallHandle(
      SymbolLookup.libraryLookup("libcuda.so.1", Arena.global()).find("samepage_double_memory_bytes").orElseThrow(),
      FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

  private DoubleNative() {}

  /** A device has so much memory from now on. */
  static void memoryBytes(int device, long bytes) throws Throwable {
    MEMORY_BYTES.invokeExact(device, bytes);
  }
}

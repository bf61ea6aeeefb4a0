package io.samepage.embedded;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Native memory from the C library. Not from an arena: that one zeroes, which touches every page of a window before it is used,
 * and charges the JVM's limit for direct memory.
 */
final class EmbeddedNative {
  private static final MethodHandle MALLOC = find("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
  private static final MethodHandle FREE = find("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

  private EmbeddedNative() {}

  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /** The block's address, {@link MemorySegment#NULL} if there is no memory. Content undefined. */
  static MemorySegment allocate(long sizeBytes) {
    try {
      return (MemorySegment) MALLOC.invokeExact(sizeBytes);
    } catch (Throwable e) {
      throw new AssertionError("malloc can't throw", e);
    }
  }

  static void free(MemorySegment block) {
    try {
      FREE.invokeExact(block);
    } catch (Throwable e) {
      throw new AssertionError("free can't throw", e);
    }
  }
}

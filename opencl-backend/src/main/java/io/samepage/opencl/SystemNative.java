package io.samepage.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The calls into the C library and the dynamic loader. The only class here that uses the linker. */
final class SystemNative {
  private SystemNative() {}

  /**
   * Sets a variable in the environment of this process, for native libraries, unless it is set already. Java's own view of the
   * environment stays as it was. Does nothing where the C library has no {@code setenv} (Windows).
   *
   * @param name the variable
   * @param value what to set it to
   */
  static void setEnvironmentIfUnset(String name, String value) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    MethodHandle handle = linker.downcallHandle(setenv.get(),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int result = (int) handle.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
      if (result != 0) {
        throw new IllegalStateException("setenv failed: name=" + name + ", value=" + value);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("setenv throws nothing", e);
    }
  }

  /**
   * Tells whether the dynamic loader finds and loads a library. It stays loaded.
   *
   * @param library its file name or path
   * @return whether it is loaded now
   */
  static boolean canLoad(String library) {
    try {
      SymbolLookup.libraryLookup(library, Arena.global());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}

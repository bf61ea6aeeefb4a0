package io.samepage.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/** The calls into the C library, the dynamic loader and libsamepage. The only class here that uses the linker. */
final class SystemNative {
  /** As much as the structure takes on any system, and more. */
  private static final int SIGACTION_BYTES = 256;
  private static final int STACK_BYTES = 256 * 1024;
  private static final int STACK_ALIGNMENT_BYTES = 16;
  // CLONE_VM: the same memory. CLONE_VFORK: the caller waits. Not CLONE_SIGHAND: handlers of its own.
  private static final int CLONE_VM_VFORK = 0x100 | 0x4000;
  // __WALL: also for those that end without a signal to the parent.
  private static final int WAIT_FOR_CLONES = 0x40000000;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Optional<MethodHandle> SIGACTION = LINKER.defaultLookup().find("sigaction").map(address ->
      LINKER.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
          ValueLayout.ADDRESS)));

  private static final MethodHandle LAUNCH =
      LINKER.downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

  private SystemNative() {}

  /**
   * Calls libsamepage's {@code sp_launch}.
   *
   * @param function where it is
   * @param launch the address of a {@code struct sp_launch}
   * @return what it answers
   */
  static int launch(MemorySegment function, long launch) {
    try {
      return (int) LAUNCH.invokeExact(function, launch);
    } catch (Throwable e) {
      throw new AssertionError("sp_launch throws nothing", e);
    }
  }

  /**
   * Sets a variable in the environment of this process, for native libraries, unless it is set already. Java's own view of the
   * environment stays as it was. Does nothing where the C library has no {@code setenv} (Windows).
   *
   * @param name the variable
   * @param value what to set it to
   */
  static void setEnvironmentIfUnset(String name, String value) {
    Optional<MemorySegment> setenv = LINKER.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    MethodHandle handle = LINKER.downcallHandle(setenv.get(),
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
   * What happens when a signal arrives.
   *
   * @param signal its number
   * @param arena where the answer goes
   * @return a {@code struct sigaction}; zeros for a signal that can't be handled, or where there is no {@code sigaction} (Windows)
   */
  static MemorySegment signalAction(int signal, Arena arena) {
    MemorySegment action = arena.allocate(SIGACTION_BYTES);
    callSigaction(signal, MemorySegment.NULL, action);
    return action;
  }

  /**
   * Says what is to happen when a signal arrives.
   *
   * @param signal its number
   * @param action a {@code struct sigaction}
   */
  static void setSignalAction(int signal, MemorySegment action) {
    callSigaction(signal, action, MemorySegment.NULL);
  }

  private static void callSigaction(int signal, MemorySegment next, MemorySegment before) {
    if (SIGACTION.isEmpty()) {
      return;
    }
    try {
      // Fails for those signals that nobody may handle: then there is nothing to know.
      int ignored = (int) SIGACTION.get().invokeExact(signal, next, before);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("sigaction throws nothing", e);
    }
  }

  /**
   * Calls a function that takes and returns nothing, in a process of its own that shares the memory of this one but has signal handlers of
   * its own. The calling thread stands still meanwhile, as when it starts a program. Linux only.
   *
   * @param library the path of the library that has the function
   * @param function its name
   * @return whether it was called
   */
  static boolean callBesideSignals(String library, String function) {
    Optional<MemorySegment> address = SymbolLookup.libraryLookup(Path.of(library), Arena.global()).find(function);
    Optional<MemorySegment> clone = LINKER.defaultLookup().find("clone");
    Optional<MemorySegment> waitpid = LINKER.defaultLookup().find("waitpid");
    if (address.isEmpty() || clone.isEmpty() || waitpid.isEmpty()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stack = arena.allocate(STACK_BYTES, STACK_ALIGNMENT_BYTES);
      int process = (int) LINKER.downcallHandle(clone.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
          ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS))
          .invokeExact(address.get(), stack.asSlice(STACK_BYTES), CLONE_VM_VFORK, MemorySegment.NULL);
      if (process < 0) {
        return false;
      }
      int ended = (int) LINKER.downcallHandle(waitpid.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS, ValueLayout.JAVA_INT)).invokeExact(process, MemorySegment.NULL, WAIT_FOR_CLONES);
      return ended == process;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("clone and waitpid throw nothing", e);
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

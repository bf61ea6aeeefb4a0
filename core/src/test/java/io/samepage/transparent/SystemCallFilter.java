package io.samepage.transparent;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Has the system refuse calls of this process from now on, as it does in a container. It can't be undone. */
final class SystemCallFilter {
  private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");
  static final int USERFAULTFD = IS_ARM ? 282 : 323;
  static final int IOCTL = IS_ARM ? 29 : 16;
  private static final int SECCOMP = IS_ARM ? 277 : 317;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SET_MODE_FILTER = 1;
  private static final int OF_ALL_THREADS = 1;
  private static final int RETURN_ERROR = 0x00050000;
  private static final int RETURN_ALLOW = 0x7fff0000;
  // struct seccomp_data
  private static final int NUMBER = 0;
  private static final int SECOND_ARGUMENT = 24;

  private SystemCallFilter() {}

  /** Refuses a call, whatever its arguments. */
  static void refuse(int number, int error) throws Throwable {
    install(load(NUMBER), jumpUnlessEqual(number, 1), answer(RETURN_ERROR | error), answer(RETURN_ALLOW));
  }

  /** Refuses an ioctl with one command. */
  static void refuseIoctl(int command, int error) throws Throwable {
    install(load(NUMBER), jumpUnlessEqual(IOCTL, 3), load(SECOND_ARGUMENT), jumpUnlessEqual(command, 1), answer(RETURN_ERROR | error),
        answer(RETURN_ALLOW));
  }

  private static long load(int offset) {
    return instruction(0x20, 0, offset);
  }

  private static long jumpUnlessEqual(int value, int skipped) {
    return instruction(0x15, skipped, value);
  }

  private static long answer(int value) {
    return instruction(0x06, 0, value);
  }

  /** struct sock_filter: two bytes of code, how many to skip if true, and if false, four bytes of operand. */
  private static long instruction(int code, int skipIfFalse, int operand) {
    return code | (long) skipIfFalse << 24 | (long) operand << 32;
  }

  private static void install(long... instructions) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("prctl"),
        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    MethodHandle syscall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment program = arena.allocate(16, 8);
      program.set(JAVA_INT, 0, instructions.length);
      program.set(ADDRESS, 8, arena.allocateFrom(JAVA_LONG, instructions));
      check((int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L));
      check((long) syscall.invokeExact((long) SECCOMP, (long) SET_MODE_FILTER, (long) OF_ALL_THREADS, program));
    }
  }

  private static void check(long result) {
    if (result != 0) {
      throw new IllegalStateException("The filter can't be installed: result=" + result);
    }
  }
}

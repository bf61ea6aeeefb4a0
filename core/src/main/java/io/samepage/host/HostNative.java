package io.samepage.host;

import io.samepage.OutOfHostMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The C library's calls for mapping memory, on Linux. */
final class HostNative {
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED = 1;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTDUMP = 16;
  private static final int MFD_CLOEXEC = 1;
  private static final int FALLOC_KEEP_SIZE_PUNCH_HOLE = 3;
  private static final long MAP_FAILED = -1;

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();

  private static final MethodHandle MEMFD_CREATE =
      handle("memfd_create", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
  private static final MethodHandle FTRUNCATE =
      handle("ftruncate", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
  private static final MethodHandle MMAP = handle("mmap", FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
  private static final MethodHandle MUNMAP =
      handle("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle MADVISE = handle("madvise", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
  private static final MethodHandle FALLOCATE = handle("fallocate", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
      ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle GETPAGESIZE = handle("getpagesize", FunctionDescriptor.of(ValueLayout.JAVA_INT));

  private HostNative() {}

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.captureCallState("errno"));
  }

  static int pageSizeBytes() {
    return Math.toIntExact(call("getpagesize", GETPAGESIZE));
  }

  /** An anonymous file of the given size, whose pages exist once they are touched. */
  static int createFrames(String name, long sizeBytes) {
    int file;
    try (Arena arena = Arena.ofConfined()) {
      file = Math.toIntExact(call("memfd_create", MEMFD_CREATE, arena.allocateFrom(name), MFD_CLOEXEC));
    }
    try {
      call("ftruncate", FTRUNCATE, file, sizeBytes);
    } catch (OutOfHostMemoryException e) {
      closeFile(file);
      throw e;
    }
    return file;
  }

  /** Maps an anonymous file. A core dump leaves it out: to write one, the system would touch every page of it. */
  static long map(int file, long sizeBytes) {
    long address = call("mmap", MMAP, 0L, sizeBytes, PROT_READ_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0L);
    try {
      call("madvise", MADVISE, address, sizeBytes, MADV_DONTDUMP);
    } catch (OutOfHostMemoryException e) {
      unmap(address, sizeBytes);
      throw e;
    }
    return address;
  }

  static void unmap(long address, long sizeBytes) {
    call("munmap", MUNMAP, address, sizeBytes);
  }

  /** Drops the frames; the pages read as zero afterwards. */
  static void punchHole(int file, long offset, long sizeBytes) {
    call("fallocate", FALLOCATE, file, FALLOC_KEEP_SIZE_PUNCH_HOLE, offset, sizeBytes);
  }

  static void closeFile(int file) {
    call("close", CLOSE, file);
  }

  private static long call(String name, MethodHandle handle, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      Object[] all = new Object[arguments.length + 1];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      long result = ((Number) handle.invokeWithArguments(all)).longValue();
      if (result == MAP_FAILED) {
        throw new OutOfHostMemoryException("The system refused: call=" + name + ", errno=" + (int) ERRNO.get(state, 0L) + ", arguments="
            + java.util.Arrays.toString(arguments));
      }
      return result;
    } catch (OutOfHostMemoryException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Can't call " + name, e);
    }
  }
}

package io.samepage.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The calls of libsamepage, as samepage.h has them: handles and addresses are numbers, negative answers negative errno. Initialised only
 * where {@link FaultLibraryNative} has loaded it.
 */
final class FaultNative {
  private static final MemoryLayout NUMBER = JAVA_LONG;
  private static final MethodHandle OPEN = find("sp_open", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, NUMBER));
  private static final MethodHandle CLOSE = find("sp_close", FunctionDescriptor.of(JAVA_INT, NUMBER));
  private static final MethodHandle RESERVE = find("sp_reserve", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, ADDRESS, ADDRESS));
  private static final MethodHandle UNRESERVE = find("sp_unreserve", FunctionDescriptor.of(JAVA_INT, NUMBER));
  private static final MethodHandle OPEN_PAGES = find("sp_open_pages", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle CLOSE_PAGES = find("sp_close_pages", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle DISCARD_PAGES = find("sp_discard_pages", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle ZERO_PAGES =
      find("sp_zero_pages", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER, JAVA_INT));
  private static final MethodHandle PENDING_READS = find("sp_pending_reads", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle SET_WINDOWS =
      find("sp_set_windows", FunctionDescriptor.of(JAVA_INT, NUMBER, JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle SET_PRODUCER = find("sp_set_producer",
      FunctionDescriptor.of(NUMBER, NUMBER, JAVA_INT, NUMBER, NUMBER));
  private static final MethodHandle FORGET_WINDOW = find("sp_forget_window", FunctionDescriptor.ofVoid(NUMBER));
  private static final MethodHandle ADAPT_CUDA = find("sp_adapt_cuda", FunctionDescriptor.ofVoid(NUMBER, ADDRESS));
  private static final MethodHandle BRING_HOME =
      find("sp_bring_home", FunctionDescriptor.of(NUMBER, NUMBER, ADDRESS, NUMBER, JAVA_INT));
  private static final MethodHandle WITHDRAW = find("sp_withdraw", FunctionDescriptor.of(NUMBER, NUMBER, JAVA_INT, ADDRESS, NUMBER));
  private static final MethodHandle SCAN = find("sp_scan", FunctionDescriptor.of(NUMBER, NUMBER, NUMBER, NUMBER, ADDRESS));
  private static final MethodHandle UNMAP = find("sp_unmap", FunctionDescriptor.of(NUMBER, NUMBER, NUMBER, NUMBER, ADDRESS));
  private static final MethodHandle CLEAR_FLAGS = find("sp_clear_flags", FunctionDescriptor.of(NUMBER, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle MARK = find("sp_mark", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER, JAVA_INT));
  private static final MethodHandle COUNT_RANGE = find("sp_count_range", FunctionDescriptor.of(JAVA_INT, NUMBER, NUMBER, NUMBER));
  private static final MethodHandle STATISTICS = find("sp_statistics", FunctionDescriptor.ofVoid(NUMBER, ADDRESS));
  private static final MethodHandle LAST_ERROR = find("sp_last_error", FunctionDescriptor.of(JAVA_INT, NUMBER, ADDRESS, NUMBER));

  private FaultNative() {}

  private static MethodHandle find(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(FaultLibraryNative.symbols().findOrThrow(name), type);
  }

  static int open(MemorySegment config, MemorySegment context, MemorySegment reason) {
    try {
      return (int) OPEN.invokeExact(config, context, reason, reason.byteSize());
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int close(long context) {
    try {
      return (int) CLOSE.invokeExact(context);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int reserve(long context, long sizeBytes, MemorySegment reservation, MemorySegment views) {
    try {
      return (int) RESERVE.invokeExact(context, sizeBytes, reservation, views);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int unreserve(long reservation) {
    try {
      return (int) UNRESERVE.invokeExact(reservation);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int openPages(long reservation, long firstPage, long pageCount) {
    try {
      return (int) OPEN_PAGES.invokeExact(reservation, firstPage, pageCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int closePages(long reservation, long firstPage, long pageCount) {
    try {
      return (int) CLOSE_PAGES.invokeExact(reservation, firstPage, pageCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int discardPages(long reservation, long firstPage, long pageCount) {
    try {
      return (int) DISCARD_PAGES.invokeExact(reservation, firstPage, pageCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int zeroPages(long reservation, long firstPage, long pageCount, boolean keepsFrames) {
    try {
      return (int) ZERO_PAGES.invokeExact(reservation, firstPage, pageCount, keepsFrames ? 1 : 0);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int pendingReads(long reservation, long firstPage, long pageCount) {
    try {
      return (int) PENDING_READS.invokeExact(reservation, firstPage, pageCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int setWindows(long reservation, int device, long firstUnit, long unitCount, long window) {
    try {
      return (int) SET_WINDOWS.invokeExact(reservation, device, firstUnit, unitCount, window);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long setProducer(long window, int queue, long event, long launches) {
    try {
      return (long) SET_PRODUCER.invokeExact(window, queue, event, launches);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void forgetWindow(long window) {
    try {
      FORGET_WINDOW.invokeExact(window);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void adaptCuda(long cuda, MemorySegment adapted) {
    try {
      ADAPT_CUDA.invokeExact(cuda, adapted);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long bringHome(long reservation, MemorySegment runs, long runCount, boolean map) {
    try {
      return (long) BRING_HOME.invokeExact(reservation, runs, runCount, map ? 1 : 0);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long withdraw(long reservation, int device, MemorySegment slices, long sliceCount) {
    try {
      return (long) WITHDRAW.invokeExact(reservation, device, slices, sliceCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long scan(long reservation, long firstPage, long pageCount, MemorySegment written) {
    try {
      return (long) SCAN.invokeExact(reservation, firstPage, pageCount, written);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long unmap(long reservation, long firstPage, long pageCount, MemorySegment written) {
    try {
      return (long) UNMAP.invokeExact(reservation, firstPage, pageCount, written);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long clearFlags(long reservation, long firstBlock, long blockCount) {
    try {
      return (long) CLEAR_FLAGS.invokeExact(reservation, firstBlock, blockCount);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int mark(long reservation, long firstPage, long pageCount, int state) {
    try {
      return (int) MARK.invokeExact(reservation, firstPage, pageCount, state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int countRange(long reservation, long firstPage, long counts) {
    try {
      return (int) COUNT_RANGE.invokeExact(reservation, firstPage, counts);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void statistics(long context, MemorySegment statistics) {
    try {
      STATISTICS.invokeExact(context, statistics);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int lastError(long context, MemorySegment text) {
    try {
      return (int) LAST_ERROR.invokeExact(context, text, text.byteSize());
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static AssertionError broken(Throwable cause) {
    return new AssertionError("A call of the native library can't throw", cause);
  }
}

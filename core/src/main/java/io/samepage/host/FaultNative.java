package io.samepage.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.samepage.OutOfHostMemoryException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * The calls of {@code libsamepage}, the native half of transparent host access; {@code samepage.h} is their contract. Contexts,
 * reservations and windows are addresses. Any thread may call. Calls may block for as long as a device does, and don't keep the JVM from
 * a safepoint meanwhile.
 */
final class FaultNative {
  private static final int EBUSY = 16;
  private static final int REASON_BYTES = 512;

  /** What a reservation is known by, and where its parts lie. */
  record Reservation(long handle, long user, long manager, long words, long flags) {}

  private final SymbolLookup library;
  private final Linker linker = Linker.nativeLinker();
  private final MethodHandle open;
  private final MethodHandle close;
  private final MethodHandle reserve;
  private final MethodHandle unreserve;
  private final MethodHandle openPages;
  private final MethodHandle closePages;
  private final MethodHandle discardPages;
  private final MethodHandle pendingReads;
  private final MethodHandle setWindows;
  private final MethodHandle setProducer;
  private final MethodHandle forgetWindow;
  private final MethodHandle bringHome;
  private final MethodHandle withdraw;
  private final MethodHandle scan;
  private final MethodHandle unmap;
  private final MethodHandle clearFlags;
  private final MethodHandle mark;
  private final MethodHandle statistics;
  private final MethodHandle lastError;

  private FaultNative(SymbolLookup library) {
    this.library = library;
    FunctionDescriptor pages = of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    FunctionDescriptor pagesToBitmap = of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
    open = handle("sp_open", of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    close = handle("sp_close", of(JAVA_INT, JAVA_LONG));
    reserve = handle("sp_reserve", of(JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));
    unreserve = handle("sp_unreserve", of(JAVA_INT, JAVA_LONG));
    openPages = handle("sp_open_pages", pages);
    closePages = handle("sp_close_pages", pages);
    discardPages = handle("sp_discard_pages", pages);
    pendingReads = handle("sp_pending_reads", pages);
    setWindows = handle("sp_set_windows", of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    setProducer = handle("sp_set_producer", of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    forgetWindow = handle("sp_forget_window", of(JAVA_LONG, JAVA_LONG));
    bringHome = handle("sp_bring_home", of(JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT));
    withdraw = handle("sp_withdraw", of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    scan = handle("sp_scan", pagesToBitmap);
    unmap = handle("sp_unmap", pagesToBitmap);
    clearFlags = handle("sp_clear_flags", of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    mark = handle("sp_mark", of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    statistics = handle("sp_statistics", FunctionDescriptor.ofVoid(JAVA_LONG, ADDRESS));
    lastError = handle("sp_last_error", of(JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG));
  }

  private static FunctionDescriptor of(MemoryLayout result, MemoryLayout... arguments) {
    return FunctionDescriptor.of(result, arguments);
  }

  private MethodHandle handle(String name, FunctionDescriptor type) {
    return linker.downcallHandle(library.findOrThrow(name), type);
  }

  /**
   * Loads the library that was built into the jar. It stays loaded: its threads run its code.
   *
   * @throws UnsupportedOperationException if there is none for this system, or it can't be loaded; the message says why
   */
  static FaultNative load() {
    String resource = "native/" + platform() + "/libsamepage.so";
    try (InputStream bytes = FaultNative.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new UnsupportedOperationException("This build has no fault handler for this system: platform=" + platform()
            + "; it is built on Linux where there is a C compiler");
      }
      return new FaultNative(load(bytes));
    } catch (IOException | IllegalArgumentException e) {
      throw new UnsupportedOperationException("The fault handler can't be loaded: resource=" + resource + ", folder="
          + System.getProperty("java.io.tmpdir") + "; set java.io.tmpdir to a folder that can be written to and run from", e);
    }
  }

  private static String platform() {
    String arch = System.getProperty("os.arch");
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return system + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /** A loaded library needs its file no more. */
  private static SymbolLookup load(InputStream bytes) throws IOException {
    Path file = Files.createTempFile("libsamepage", ".so");
    try {
      Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
      return SymbolLookup.libraryLookup(file, Arena.global());
    } finally {
      Files.delete(file);
    }
  }

  /**
   * Starts the handler.
   *
   * @return the context
   * @throws UnsupportedOperationException if the system can't do it; the message says why
   */
  long open(FaultConfig config) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment context = arena.allocate(JAVA_LONG);
      MemorySegment reason = arena.allocate(REASON_BYTES);
      int error = (int) open.invokeExact(config.toNative(arena), context, reason, (long) REASON_BYTES);
      if (error < 0) {
        throw new UnsupportedOperationException("No transparent host access here: " + reason.getString(0, StandardCharsets.UTF_8));
      }
      return context.get(JAVA_LONG, 0);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many timed out reads may still come; the memory that they write to stays mapped} */
  int close(long context) {
    try {
      return (int) checked("sp_close", (int) close.invokeExact(context));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /**
   * Takes address space.
   *
   * @throws OutOfHostMemoryException if the system refuses
   */
  Reservation reserve(long context, long sizeBytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      MemorySegment views = arena.allocate(FaultLayout.VIEWS);
      int error = (int) reserve.invokeExact(context, sizeBytes, handle, views);
      if (error < 0) {
        throw new OutOfHostMemoryException("The system refused: call=sp_reserve, errno=" + -error + ", sizeBytes=" + sizeBytes);
      }
      return new Reservation(handle.get(JAVA_LONG, 0), view(views, "user"), view(views, "manager"), view(views, "words"),
          view(views, "flags"));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static long view(MemorySegment views, String name) {
    return views.get(JAVA_LONG, FaultLayout.offset(FaultLayout.VIEWS, name));
  }

  int unreserve(long reservation) {
    try {
      return (int) checked("sp_unreserve", (int) unreserve.invokeExact(reservation));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return whether the pages are open; false while a timed out read may still write to them} */
  boolean openPages(long reservation, long firstPage, long pageCount) {
    try {
      return unlessBusy("sp_open_pages", (int) openPages.invokeExact(reservation, firstPage, pageCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many timed out reads may still write to the pages} */
  int closePages(long reservation, long firstPage, long pageCount) {
    try {
      return (int) checked("sp_close_pages", (int) closePages.invokeExact(reservation, firstPage, pageCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  void discardPages(long reservation, long firstPage, long pageCount) {
    try {
      checked("sp_discard_pages", (int) discardPages.invokeExact(reservation, firstPage, pageCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  int pendingReads(long reservation, long firstPage, long pageCount) {
    try {
      return (int) checked("sp_pending_reads", (int) pendingReads.invokeExact(reservation, firstPage, pageCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  void setWindows(long reservation, int device, long firstUnit, long unitCount, long window) {
    try {
      checked("sp_set_windows", (int) setWindows.invokeExact(reservation, device, firstUnit, unitCount, window));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return the event before, which the library does not use any more} */
  long setProducer(long window, long event) {
    try {
      return (long) setProducer.invokeExact(window, event);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return the producer, which the library does not use any more} */
  long forgetWindow(long window) {
    try {
      return (long) forgetWindow.invokeExact(window);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many of the pages are poisoned} */
  long bringHome(long reservation, MemorySegment runs, long runCount, boolean map) {
    try {
      return checked("sp_bring_home", (long) bringHome.invokeExact(reservation, runs, runCount, map ? 1 : 0));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many of the pages stay poisoned} */
  long withdraw(long reservation, int device, MemorySegment slices, long sliceCount) {
    try {
      return checked("sp_withdraw", (long) withdraw.invokeExact(reservation, device, slices, sliceCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many of the pages were written} */
  long scan(long reservation, long firstPage, long pageCount, MemorySegment written) {
    try {
      return checked("sp_scan", (long) scan.invokeExact(reservation, firstPage, pageCount, written));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many of the pages were written} */
  long unmap(long reservation, long firstPage, long pageCount, MemorySegment written) {
    try {
      return checked("sp_unmap", (long) unmap.invokeExact(reservation, firstPage, pageCount, written));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return how many flags stay set} */
  long clearFlags(long reservation, long firstBlock, long blockCount) {
    try {
      return checked("sp_clear_flags", (long) clearFlags.invokeExact(reservation, firstBlock, blockCount));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return whether it was done; false while a timed out read may still write to the pages} */
  boolean mark(long reservation, long firstPage, long pageCount, int state) {
    try {
      return unlessBusy("sp_mark", (int) mark.invokeExact(reservation, firstPage, pageCount, state));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  FaultStatistics statistics(long context) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment values = arena.allocate(FaultLayout.STATISTICS);
      statistics.invokeExact(context, values);
      return FaultStatistics.of(values);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** {@return the last answer of the system or a driver that should not have been, empty if there was none} */
  String lastError(long context) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(REASON_BYTES);
      int length = (int) lastError.invokeExact(context, text, (long) REASON_BYTES);
      return length == 0 ? "" : text.getString(0, StandardCharsets.UTF_8);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private static boolean unlessBusy(String call, int result) {
    return result != -EBUSY && checked(call, result) >= 0;
  }

  private static long checked(String call, long result) {
    if (result < 0) {
      throw new IllegalStateException("The fault handler refused: call=" + call + ", errno=" + -result);
    }
    return result;
  }

  private static RuntimeException unchecked(Throwable e) {
    return switch (e) {
      case RuntimeException exception -> exception;
      case Error error -> throw error;
      default -> new IllegalStateException("A native call can't throw", e);
    };
  }
}

package io.samepage.opencl;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves the JVM the signals that it lives by: by them it finds nulls, stops threads and ends. Drivers take them over:
 *
 * <ul>
 * <li>PoCL takes SIGFPE, see {@link PoclSettings};
 * <li>LLVM, which compiles kernels for PoCL on threads of its own, takes over all signals that can end a process, for one time: the
 *     first null that compiled Java code meets gives them back, but a second thread that meets one in the same moment finds no handler
 *     at all and ends the JVM. It believes that its handlers stay registered until they are called. So it is made to register them
 *     ahead, where that has no effect on this process: see LLVM's lib/Support/Unix/Signals.inc, RegisterHandlers.
 * </ul>
 *
 * <p>For other drivers the handlers that a probe or a build has changed are put back after it.
 */
final class SignalHandlers {
  private static final Logger LOG = LoggerFactory.getLogger(SignalHandlers.class);
  private static final Path LOADED = Path.of("/proc/self/maps");
  /** Makes LLVM register its handlers, if it hasn't yet. Part of LLVM's stable interface. */
  private static final String LLVM_REGISTRATION = "LLVMEnablePrettyStackTrace";
  private static final int SIGNALS = 31;

  private SignalHandlers() {}

  /** Does something, and puts back the handlers that it has changed, in this process. Only where there is {@code sigaction}. */
  static void keepThrough(Runnable action) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] before = new MemorySegment[SIGNALS + 1];
      for (int signal = 1; signal <= SIGNALS; signal++) {
        before[signal] = SystemNative.signalAction(signal, arena);
      }
      try {
        action.run();
      } finally {
        for (int signal = 1; signal <= SIGNALS; signal++) {
          putBack(signal, before[signal], arena);
        }
      }
    }
  }

  private static void putBack(int signal, MemorySegment before, Arena arena) {
    MemorySegment now = SystemNative.signalAction(signal, arena);
    if (handler(before) != handler(now)) {
      LOG.debug("A driver took over a signal: signal={}", signal);
      SystemNative.setSignalAction(signal, before);
    }
  }

  /** The address of what handles a signal: the first part of the structure everywhere. The rest holds bytes that nobody sets. */
  static long handler(MemorySegment action) {
    return action.get(ValueLayout.JAVA_LONG, 0);
  }

  /** Lets every LLVM that drivers have loaded believe that it has the signals. */
  static void disarmLlvm() {
    for (String library : loadedLlvms()) {
      if (!SystemNative.callBesideSignals(library, LLVM_REGISTRATION)) {
        LOG.warn("A driver's LLVM may take over the JVM's signals while it compiles: library={}", library);
      }
    }
  }

  private static List<String> loadedLlvms() {
    try {
      return Files.isReadable(LOADED) ? Files.readAllLines(LOADED).stream().filter(line -> line.contains("/libLLVM"))
          .map(line -> line.substring(line.indexOf('/'))).distinct().toList() : List.of();
    } catch (IOException e) {
      LOG.warn("Can't see whether a driver brought LLVM, which may take over the JVM's signals", e);
      return List.of();
    }
  }
}

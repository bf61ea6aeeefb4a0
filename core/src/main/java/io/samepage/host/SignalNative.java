package io.samepage.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The signals of libsamepage, as samepage.h has them. Initialised only where {@link FaultLibraryNative} has loaded it. */
final class SignalNative {
  private static final MethodHandle OPEN = find("sp_signal_open", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle AWAIT = find("sp_signal_await", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle DROP = find("sp_signal_drop", FunctionDescriptor.ofVoid(JAVA_LONG));

  private SignalNative() {}

  private static MethodHandle find(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(FaultLibraryNative.symbols().findOrThrow(name), type);
  }

  static long callAddress() {
    return FaultLibraryNative.address("sp_signal_call");
  }

  static long open() {
    try {
      return (long) OPEN.invokeExact();
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static boolean await(long signal, long timeoutNanos) {
    try {
      return (int) AWAIT.invokeExact(signal, timeoutNanos) != 0;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void drop(long signal) {
    try {
      DROP.invokeExact(signal);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static AssertionError broken(Throwable cause) {
    return new AssertionError("A call of libsamepage has another form than samepage.h says", cause);
  }
}

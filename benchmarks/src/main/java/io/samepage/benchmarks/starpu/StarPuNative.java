package io.samepage.benchmarks.starpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.samepage.Access;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** StarPU with one worker, which drives the first OpenCL device. One at a time in a process, and for one thread. */
public final class StarPuNative implements AutoCloseable {
  private final SymbolLookup library;
  private final MethodHandle stop;
  private final MethodHandle register;
  private final MethodHandle unregister;
  private final MethodHandle acquire;
  private final MethodHandle release;
  private final MethodHandle acquireOften;
  private final MethodHandle multiply;
  private final MethodHandle gram;
  private final MethodHandle kernelNanos;
  private final MethodHandle movedBytes;

  /** A call into the library. */
  @FunctionalInterface
  private interface Call<T> {
    T run() throws Throwable;
  }

  /**
   * Starts StarPU.
   *
   * @param source the kernels {@code multiply} and {@code gram} in OpenCL C
   * @throws UncheckedIOException if the library can't be compiled; the message has the compiler's
   * @throws IllegalStateException if StarPU can't be started
   */
  public StarPuNative(String source) {
    try {
      library = SymbolLookup.libraryLookup(StarPuLibrary.compile(), Arena.global());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    stop = function("bench_stop", FunctionDescriptor.ofVoid());
    register = function("bench_register", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    unregister = function("bench_unregister", FunctionDescriptor.ofVoid(ADDRESS));
    acquire = status("bench_acquire", ADDRESS, JAVA_INT);
    release = function("bench_release", FunctionDescriptor.ofVoid(ADDRESS));
    acquireOften = status("bench_acquire_often", ADDRESS, JAVA_INT);
    multiply = status("bench_multiply", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
    gram = status("bench_gram", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    kernelNanos = function("bench_kernel_nanos", FunctionDescriptor.of(JAVA_LONG));
    movedBytes = function("bench_moved_bytes", FunctionDescriptor.of(JAVA_LONG));
    start(source);
  }

  /** A function that answers 0, or an error code. */
  private MethodHandle status(String name, MemoryLayout... parameters) {
    return function(name, FunctionDescriptor.of(JAVA_INT, parameters));
  }

  private MethodHandle function(String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
  }

  private static <T> T answer(Call<T> call) {
    try {
      return call.run();
    } catch (Throwable e) {
      throw new IllegalStateException("A call into StarPU's library failed", e);
    }
  }

  private static void check(String name, Call<Integer> call) {
    int error = answer(call);
    if (error != 0) {
      throw new IllegalStateException("StarPU failed: call=" + name + ", error=" + error);
    }
  }

  private void start(String source) {
    MethodHandle start = status("bench_start", ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocateFrom(source);
      check("starpu_init", () -> (int) start.invokeExact(text));
    }
  }

  /**
   * Hands an array to StarPU.
   *
   * @param floats the array, which stays until it is unregistered
   * @return StarPU's handle
   */
  public MemorySegment register(MemorySegment floats) {
    int count = Math.toIntExact(floats.byteSize() / Float.BYTES);
    return answer(() -> (MemorySegment) register.invokeExact(floats, count));
  }

  /**
   * Takes an array back, which is then as kernels left it.
   *
   * @param data its handle
   */
  public void unregister(MemorySegment data) {
    answer(() -> {
      unregister.invokeExact(data);
      return true;
    });
  }

  /**
   * Waits until the host may use an array.
   *
   * @param data its handle
   * @param access for what
   */
  public void acquire(MemorySegment data, Access access) {
    int mode = switch (access) {
      case READ -> 1;
      case WRITE -> 2;
      case READ_WRITE -> 3;
    };
    check("starpu_data_acquire", () -> (int) acquire.invokeExact(data, mode));
  }

  /**
   * The host is done with an array.
   *
   * @param data its handle
   */
  public void release(MemorySegment data) {
    answer(() -> {
      release.invokeExact(data);
      return true;
    });
  }

  void acquireOften(MemorySegment data, int count) {
    check("starpu_data_acquire", () -> (int) acquireOften.invokeExact(data, count));
  }

  /**
   * Submits C = A·B.
   *
   * @param a the handle of A, of which there are {@code rows} by {@code inner} elements
   * @param b that of B
   * @param c that of C
   * @param rows rows of A
   * @param inner columns of A
   * @param columns columns of B
   */
  public void multiply(MemorySegment a, MemorySegment b, MemorySegment c, int rows, int inner, int columns) {
    check("starpu_task_submit", () -> (int) multiply.invokeExact(a, b, c, rows, inner, columns));
  }

  /**
   * Submits D = C·Cᵀ.
   *
   * @param c the handle of C
   * @param d that of D
   * @param rows rows of C
   * @param columns columns of C
   */
  public void gram(MemorySegment c, MemorySegment d, int rows, int columns) {
    check("starpu_task_submit", () -> (int) gram.invokeExact(c, d, rows, columns));
  }

  /** {@return how long those kernels ran that were waited for, by their device's clock} */
  public long kernelNanos() {
    return answer(() -> (long) kernelNanos.invokeExact());
  }

  /** {@return how many bytes were copied since this was asked last} */
  public long movedBytes() {
    return answer(() -> (long) movedBytes.invokeExact());
  }

  @Override
  public void close() {
    answer(() -> {
      stop.invokeExact();
      return true;
    });
  }
}

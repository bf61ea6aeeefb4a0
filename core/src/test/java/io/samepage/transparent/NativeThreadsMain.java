package io.samepage.transparent;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Grid;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.TestKernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ends the native threads of the library. Argument: {@code exit}, and each of them ends by itself, several times, which memory that is
 * touched survives; or {@code crash}, and one of them crashes while pages are touched.
 */
final class NativeThreadsMain {
  static final String TOUCHED = "touched";
  /** A signal that the library's threads do not block. */
  private static final int SIGILL = 4;
  private static final int SIGSEGV = 11;
  private static final int INTS = 1 << 18;
  private static final int ROUNDS = 3;
  private static final long POLL_NANOS = 1_000_000;

  private NativeThreadsMain() {}

  public static void main(String[] arguments) throws Throwable {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0").open(); UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(4L * INTS);
      touch(memory, segment, 1);
      if (arguments[0].equals("crash")) {
        Thread.ofPlatform().daemon().start(() -> touchForEver(memory, segment));
        send(SIGSEGV, nativeThreads().iterator().next());
        LockSupport.park();
      }
      exitBySignal();
      for (int round = 0; round < ROUNDS; round++) {
        endAll();
        touch(memory, segment, 10 + round);
      }
      System.out.println(TOUCHED);
    }
  }

  private static void touchForEver(UnifiedMemory memory, MemorySegment segment) {
    for (int round = 0; true; round++) {
      touch(memory, segment, round);
    }
  }

  private static void touch(UnifiedMemory memory, MemorySegment segment, int value) {
    memory.devices().getFirst().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(INTS), out(segment), value(value));
    for (int i = 0; i < INTS; i++) {
      int found = segment.getAtIndex(ValueLayout.JAVA_INT, i);
      if (found != value) {
        throw new AssertionError("found=" + found + ", expected=" + value + ", index=" + i);
      }
    }
  }

  /** The numbers of the threads that serve faults or read ahead. */
  private static Set<Integer> nativeThreads() {
    try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
      return threads.filter(NativeThreadsMain::isOurs).map(thread -> Integer.parseInt(thread.getFileName().toString()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(Path thread) {
    try {
      String name = Files.readString(thread.resolve("comm"));
      return name.startsWith("samepage-flt") || name.startsWith("samepage-hlp");
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }

  /** From now on a thread that gets the signal ends, as if it had called {@code pthread_exit}. */
  private static void exitBySignal() throws Throwable {
    Linker linker = Linker.nativeLinker();
    MemorySegment exit = linker.defaultLookup().findOrThrow("pthread_exit");
    linker.downcallHandle(linker.defaultLookup().findOrThrow("signal"),
        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS)).invoke(SIGILL, exit);
  }

  private static void send(int signal, int thread) throws Throwable {
    Linker linker = Linker.nativeLinker();
    int error = (int) linker.downcallHandle(linker.defaultLookup().findOrThrow("tgkill"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)).invoke((int) ProcessHandle.current().pid(), thread, signal);
    if (error != 0) {
      throw new AssertionError("tgkill failed: thread=" + thread + ", signal=" + signal);
    }
  }

  /** Ends all of them, and waits until others have their places. */
  private static void endAll() throws Throwable {
    Set<Integer> before = nativeThreads();
    for (int thread : before) {
      send(SIGILL, thread);
    }
    Set<Integer> now = nativeThreads();
    while (now.size() != before.size() || !Collections.disjoint(now, before)) {
      LockSupport.parkNanos(POLL_NANOS);
      now = nativeThreads();
    }
  }
}

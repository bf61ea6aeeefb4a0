package io.samepage.testkit.process;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;

import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A JVM that ends, or is ended, in the middle of things. Arguments: the device; a {@link State}; an {@link Ending}. Prints
 * {@link #READY} when it is in that state, and {@link #HOOK} from a shutdown hook that tries to close the memory.
 */
public final class EndingMain {
  static final String READY = "ready";
  static final String HOOK = "hook";
  static final int EXIT_CODE = 3;
  private static final int UNIT_BYTES = 64 * 1024;
  private static final int TOUCHERS = 3;
  private static final long POLL_NANOS = 1_000_000;
  /** A fault that waits for the kernel ends after so long, and with it whatever the end waits for. */
  private static final String SHORT_MILLIS = "1000";

  /** What is under way. */
  enum State {
    /** Threads touch pages that a device writes, again and again. */
    TOUCHING,
    /** A kernel runs that will not end by itself for minutes. */
    KERNEL,
    /** Threads wait for pages that such a kernel writes. Not on the embedded device, where a launch returns when it is done. */
    FAULTS
  }

  /** How it ends. */
  enum Ending {
    /** By {@code System.exit}. */
    EXIT,
    /** By {@code Runtime.halt}, without hooks. */
    HALT,
    /** Somebody else ends it. */
    SIGNAL
  }

  private final UnifiedMemory memory;
  private final MemorySegment segment;
  /** Keeps compilers from leaving loads out. */
  private volatile int seen;

  private EndingMain(UnifiedMemory memory, UnifiedArena arena) {
    this.memory = memory;
    segment = arena.allocate(4L * UNIT_BYTES);
  }

  public static void main(String[] arguments) throws InterruptedException {
    State state = State.valueOf(arguments[1]);
    if (state == State.FAULTS) {
      compile(arguments[0]);
      System.setProperty("samepage.fault.timeoutMillis", SHORT_MILLIS);
    }
    UnifiedMemory memory = UnifiedMemory.builder().devices(arguments[0]).open();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> tryToClose(memory)));
    // The arena is never closed: the end comes in between.
    EndingMain main = new EndingMain(memory, memory.sharedArena());
    main.bring(state);
    System.out.println(READY);
    switch (Ending.valueOf(arguments[2])) {
      case EXIT -> System.exit(EXIT_CODE);
      case HALT -> Runtime.getRuntime().halt(EXIT_CODE);
      case SIGNAL -> new CountDownLatch(1).await();
    }
  }

  /** A driver keeps what it has compiled: later no touch waits for that. */
  private static void compile(String device) {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices(device).open(); UnifiedArena arena = memory.sharedArena()) {
      EndingMain main = new EndingMain(memory, arena);
      main.launch(1);
      main.seen = main.segment.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** What programs do at their end. As the arena is open, it closes nothing, and waits for nothing. */
  private static void tryToClose(UnifiedMemory memory) {
    try {
      memory.close();
    } catch (IllegalStateException e) {
      System.out.println(HOOK + ": " + e.getMessage());
    }
  }

  private Device device() {
    return memory.devices().getFirst();
  }

  private void bring(State state) {
    launch(1);
    seen = segment.get(ValueLayout.JAVA_INT, 0);
    switch (state) {
      case TOUCHING -> {
        touchers(true);
        start(this::launchAgainAndAgain);
        awaitFaults(100 * TOUCHERS);
      }
      case KERNEL -> {
        start(() -> launch(Integer.MAX_VALUE));
        while (memory.statistics().launches() < 2) {
          LockSupport.parkNanos(POLL_NANOS);
        }
      }
      case FAULTS -> {
        launch(Integer.MAX_VALUE);
        long before = memory.hostStatistics().faults();
        touchers(false);
        awaitFaults(before + TOUCHERS);
      }
    }
  }

  private void launch(int steps) {
    device().kernel(TestKernels.SOURCE, "churn").launch(Grid.of(segment.byteSize() / 4), inOut(segment), value(steps));
  }

  private void launchAgainAndAgain() {
    while (true) {
      launch(1);
    }
  }

  /** Each touches a unit of its own, so that each has a fault of its own. */
  private void touchers(boolean forEver) {
    IntStream.range(0, TOUCHERS).forEach(i -> start(() -> {
      do {
        seen = segment.get(ValueLayout.JAVA_INT, (long) i * UNIT_BYTES);
      } while (forEver);
    }));
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().start(work);
  }

  private void awaitFaults(long faults) {
    while (memory.hostStatistics().faults() < faults) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}

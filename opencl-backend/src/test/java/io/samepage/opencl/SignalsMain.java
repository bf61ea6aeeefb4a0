package io.samepage.opencl;

import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Compiles and runs kernels that no cache has, while other threads meet nulls in compiled code. Prints which signals have other handlers
 * at the end, and whether there were nulls.
 */
final class SignalsMain {
  private static final int SIGNALS = 31;
  private static final int KERNELS = 6;
  private static final int THREADS = 3;
  private static final int WARM_UP = 200_000;

  private static volatile boolean stop;
  private static final AtomicLong NULLS = new AtomicLong();

  private SignalsMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    for (int i = 0; i < WARM_UP; i++) {
      length(new int[i % 3]);
    }
    try (Arena arena = Arena.ofConfined()) {
      List<Long> before = handlers(arena);
      List<Thread> threads = IntStream.range(0, THREADS).mapToObj(i -> Thread.ofPlatform().start(SignalsMain::meetNulls)).toList();
      runKernels();
      List<Long> after = handlers(arena);
      stop = true;
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println(IntStream.range(0, SIGNALS).filter(i -> !before.get(i).equals(after.get(i))).map(i -> i + 1).boxed().toList());
      System.out.println(NULLS.get() > 0);
    }
  }

  private static List<Long> handlers(Arena arena) {
    return IntStream.rangeClosed(1, SIGNALS).mapToObj(signal -> SignalHandlers.handler(SystemNative.signalAction(signal, arena))).toList();
  }

  private static void runKernels() {
    try (UnifiedMemory memory = UnifiedMemory.builder().devices("opencl:0").open()) {
      UnifiedRange range = memory.allocate(1 << 16);
      Device device = memory.devices().getFirst();
      for (int i = 0; i < KERNELS; i++) {
        String name = "once_" + System.nanoTime();
        String text = "__kernel void " + name + "(__global int* a) { a[get_global_id(0)]++; }";
        KernelSource source = KernelSource.builder().openClC(text).build();
        device.kernel(source, name).launch(Grid.of(64), Argument.inOut(range.all())).await();
      }
    }
  }

  private static void meetNulls() {
    while (!stop) {
      try {
        length(null);
      } catch (NullPointerException e) {
        NULLS.incrementAndGet();
      }
    }
  }

  /** Compiled by the time of the test: compiled code finds a null by the processor's signal alone. */
  private static int length(int[] values) {
    return values.length;
  }
}

package io.samepage.coherence;

import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads with ranges of their own on the same two devices, which are too small for all of them and fail now and then: what one
 * thread's failure does to the others is told, too, and nothing else happens to them. {@code -Dsamepage.seed=n} runs one seed alone.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ThreadedFailuresTest {
  private static final int DEVICES = 2;
  private static final int THREADS = 4;
  private static final int ROUNDS = 8;
  private static final int OPERATIONS = 30;

  private record Worker(FaultyRun run, List<UnifiedRange> ranges, Random random) {
    void work(boolean failing) {
      for (int i = 0; i < OPERATIONS; i++) {
        if (failing && random.nextInt(5) == 0) {
          RandomFaults.inject(run.world(), random, DEVICES);
        }
        run.run(RandomFaults.operation(random, ranges, DEVICES));
      }
      run.settle();
    }
  }

  static LongStream seeds() {
    Long one = Long.getLong("samepage.seed");
    return one != null ? LongStream.of(one) : new Random(20_251_122).longs(Integer.getInteger("samepage.threadedFailureSeeds", 12));
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void eachThreadsOwnPagesAreRightOrToldToBeLost(long seed) {
    Random random = new Random(seed);
    try (FaultyMemory world = new FaultyMemory(30, 30)) {
      List<Worker> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        FaultyRun run = new FaultyRun(world);
        workers.add(new Worker(run, RandomFaults.ranges(random, run), new Random(random.nextLong())));
      }
      for (int round = 0; round < ROUNDS; round++) {
        round(workers, round % 4 != 0);
      }
      for (Worker worker : workers) {
        worker.run.end(DEVICES);
      }
    } catch (RuntimeException | Error e) {
      throw new AssertionError("seed=" + seed, e);
    }
  }

  private static void round(List<Worker> workers, boolean failing) {
    if (failing) {
      workers.forEach(worker -> worker.run.arm());
    }
    List<Beside<Void>> threads = workers.stream().map(worker -> Beside.run(() -> worker.work(failing))).toList();
    threads.forEach(Beside::get);
    workers.forEach(worker -> worker.run.calm(DEVICES));
  }
}

package io.samepage.coherence;

import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on two devices of which random calls fail, with many launches in flight at a time, beside plain arrays.
 * {@code -Dsamepage.seed=n} runs one seed alone, {@code -Dsamepage.failureSeeds=n} more of them.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class RandomFailuresTest {
  private static final int DEVICES = 2;
  private static final int OPERATIONS = 400;
  private static final int OPERATIONS_PER_EPISODE = 25;

  static long[] seeds() {
    Long one = Long.getLong("samepage.seed");
    return one != null ? new long[] {one} : new Random(20_251_121).longs(Integer.getInteger("samepage.failureSeeds", 40)).toArray();
  }

  @ParameterizedTest(name = "seed={0}")
  @MethodSource("seeds")
  void whateverFailsTheRestIsRight(long seed) {
    List<String> history = new ArrayList<>();
    try {
      run(seed, history);
    } catch (RuntimeException | Error e) {
      int shown = Math.min(history.size(), 2 * OPERATIONS_PER_EPISODE);
      throw new AssertionError("seed=" + seed + ", operations=" + history.size() + ", the last of them:\n"
          + String.join("\n", history.subList(history.size() - shown, history.size())), e);
    }
  }

  private static void run(long seed, List<String> history) {
    Random random = new Random(seed);
    try (FaultyRun run = new FaultyRun(new FaultyMemory(10 + random.nextInt(8), 10 + random.nextInt(8)))) {
      List<UnifiedRange> ranges = RandomFaults.ranges(random, run);
      for (int i = 0; i < OPERATIONS; i++) {
        if (i % OPERATIONS_PER_EPISODE == 0) {
          history.add("calm");
          run.calm(DEVICES);
        } else if (i / OPERATIONS_PER_EPISODE % 4 != 0 && random.nextInt(4) == 0) {
          run.arm();
          history.add(RandomFaults.inject(run.world(), random, DEVICES));
        }
        FaultyOperation operation = RandomFaults.operation(random, ranges, DEVICES);
        history.add(operation.toString());
        run.run(operation);
      }
      history.add("end");
      run.end(DEVICES);
    }
  }
}

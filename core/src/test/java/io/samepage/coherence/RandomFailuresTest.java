package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;

import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyOperation.Kind;
import io.samepage.testkit.node.InjectedFailures.Call;
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
      List<UnifiedRange> ranges = new ArrayList<>();
      for (int pages : new int[] {1, 3, 4, 9}) {
        ranges.add(run.range(pages, 4 * random.nextInt(100)));
      }
      ranges.add(run.range(40, 0));
      for (int i = 0; i < OPERATIONS; i++) {
        if (i % OPERATIONS_PER_EPISODE == 0) {
          history.add("calm");
          run.calm(DEVICES);
        } else if (i / OPERATIONS_PER_EPISODE % 4 != 0 && random.nextInt(4) == 0) {
          history.add(inject(run, random));
        }
        FaultyOperation operation = operation(random, ranges);
        history.add(operation.toString());
        run.run(operation);
      }
      history.add("end");
      run.end(DEVICES);
    }
  }

  private static String inject(FaultyRun run, Random random) {
    int device = random.nextInt(DEVICES);
    Call call = Call.values()[random.nextInt(Call.values().length)];
    int n = 1 + random.nextInt(3);
    // Two fences in a row that are refused leave no way to wait for what is under way, so they only fail late.
    boolean late = call == Call.FENCE || (call != Call.ALLOCATE && random.nextBoolean());
    run.arm();
    if (late) {
      run.world().node(device).failNthLate(call, n);
    } else {
      run.world().node(device).failNth(call, n);
    }
    return "inject device=" + device + " call=" + call + " n=" + n + " late=" + late;
  }

  private static FaultyOperation operation(Random random, List<UnifiedRange> ranges) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    // Broken kernels are dear: each loses pages.
    kind = kind == Kind.BREAK && random.nextInt(3) > 0 ? Kind.ADD : kind;
    int device = random.nextInt(DEVICES);
    int value = random.nextInt(1000);
    UnifiedRange range = ranges.get(random.nextInt(ranges.size()));
    Slice slice = slice(random, range, 4 * PAGE);
    return switch (kind) {
      case HOST_FILL, HOST_ADD, HOST_READ -> FaultyOperation.onHost(kind, slice, value);
      case COPY -> copy(random, device, slice, ranges);
      default -> FaultyOperation.on(device, kind, slice, value);
    };
  }

  private static FaultyOperation copy(Random random, int device, Slice from, List<UnifiedRange> ranges) {
    while (true) {
      Slice to = slice(random, ranges.get(random.nextInt(ranges.size())), (int) Math.min(4L * PAGE, from.sizeBytes()));
      Slice source = from.slice(0, to.sizeBytes());
      boolean overlap = to.range() == source.range() && to.offsetBytes() < source.endBytes() && source.offsetBytes() < to.endBytes();
      if (!overlap) {
        return FaultyOperation.copy(device, source, to);
      }
    }
  }

  /** Whole pages, or bytes within a page or across some. */
  private static Slice slice(Random random, UnifiedRange range, int sizeMaxBytes) {
    int ints = (int) (range.sizeBytes() / 4);
    int maxInts = Math.min(ints, sizeMaxBytes / 4);
    int first = random.nextInt(ints);
    int count = 1 + random.nextInt(Math.min(maxInts, ints - first));
    int intsPerPage = PAGE / 4;
    if (random.nextBoolean() && maxInts >= intsPerPage) {
      first = first / intsPerPage * intsPerPage;
      count = Math.min(Math.min(maxInts / intsPerPage, 1 + random.nextInt(4)) * intsPerPage, ints - first);
    }
    return range.slice(4L * first, 4L * count);
  }
}

package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;

import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.FaultyOperation.Kind;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random ranges, operations and failures. */
final class RandomFaults {
  private static final List<Kind> KINDS = List.of(Kind.HOST_FILL, Kind.HOST_ADD, Kind.HOST_READ, Kind.LEASE_FILL, Kind.LEASE_READ,
      Kind.FILL, Kind.SLOW_FILL, Kind.ADD, Kind.COPY, Kind.BREAK);

  private RandomFaults() {}

  /** Ranges of which some end within a page, and one that is larger than any device. */
  static List<UnifiedRange> ranges(Random random, FaultyRun run) {
    List<UnifiedRange> ranges = new ArrayList<>();
    for (int pages : new int[] {1, 3, 4, 9}) {
      ranges.add(run.range(pages, 4 * random.nextInt(100)));
    }
    ranges.add(run.range(40, 0));
    return ranges;
  }

  /** Makes a call to come fail; answers which. */
  static String inject(FaultyMemory world, Random random, int devices) {
    int device = random.nextInt(devices);
    Call call = Call.values()[random.nextInt(Call.values().length)];
    int n = 1 + random.nextInt(3);
    // Two fences in a row that are refused leave no way to wait for what is under way, so they only fail late.
    boolean late = call == Call.FENCE || (call != Call.ALLOCATE && random.nextBoolean());
    if (late) {
      world.node(device).failNthLate(call, n);
    } else {
      world.node(device).failNth(call, n);
    }
    return "inject device=" + device + " call=" + call + " n=" + n + " late=" + late;
  }

  static FaultyOperation operation(Random random, List<UnifiedRange> ranges, int devices) {
    Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    // Broken kernels are dear: each loses pages.
    kind = kind == Kind.BREAK && random.nextInt(3) > 0 ? Kind.ADD : kind;
    int device = random.nextInt(devices);
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

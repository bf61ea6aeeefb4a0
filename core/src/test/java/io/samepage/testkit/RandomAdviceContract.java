package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Advice given and taken back at random between uses of memory that doesn't fit on the device: what is read is always right. */
public abstract class RandomAdviceContract extends MemoryContract {
  /** The device has room for two of them. */
  private static final int RANGE_PAGES = 4;
  private static final long SEED = 20_261_121;

  @Override
  protected UnifiedMemory open() {
    return builder().deviceBudget(devices().getFirst(), 2 * RANGE_PAGES * page()).open();
  }

  @Test
  void adviceNeverChangesWhatIsRead() {
    for (long seed = SEED; seed < SEED + 6; seed++) {
      new RandomAdvice(seed).run(400);
    }
  }

  /** Random uses of ranges that don't fit on the device all at a time, with random advice between them, beside plain arrays. */
  private final class RandomAdvice {
    private final String seedText;
    private final SplittableRandom random;
    private final List<UnifiedRange> ranges = new ArrayList<>();
    private final int[][] expected = new int[5][(int) (RANGE_PAGES * page() / 4)];

    RandomAdvice(long seed) {
      seedText = "seed=" + seed + ", devices=" + devices();
      random = new SplittableRandom(seed);
      Arrays.stream(expected).forEach(ints -> ranges.add(pages(RANGE_PAGES)));
    }

    void run(int operations) {
      for (int i = 0; i < operations; i++) {
        use(random.nextInt(ranges.size()));
        advise();
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat(ints(ranges.get(i))).as(seedText).isEqualTo(expected[i]);
      }
      ranges.forEach(UnifiedRange::close);
    }

    private void advise() {
      Slice slice = slice(random.nextInt(ranges.size()), random.nextInt(RANGE_PAGES));
      Advice advice = everyAdvice().get(random.nextInt(everyAdvice().size()));
      if (random.nextInt(3) == 0) {
        slice.unadvise(advice);
      } else {
        slice.advise(advice);
      }
    }

    private Slice slice(int range, int firstPage) {
      return ranges.get(range).slice(firstPage * page(), (1 + random.nextInt(RANGE_PAGES - firstPage)) * page());
    }

    private void use(int range) {
      Slice slice = slice(range, random.nextInt(RANGE_PAGES));
      int first = (int) slice.offsetBytes() / 4;
      int end = (int) slice.endBytes() / 4;
      int value = random.nextInt(1, 100);
      switch (random.nextInt(6)) {
        case 0 -> {
          memory().devices().get(random.nextInt(memory().devices().size())).kernel(TestKernels.SOURCE, "increment")
              .launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(value));
          Arrays.setAll(expected[range], i -> expected[range][i] + (i >= first && i < end ? value : 0));
        }
        case 1 -> {
          slice.fill((byte) value);
          Arrays.fill(expected[range], first, end, value * 0x01010101);
        }
        case 2 -> {
          int from = (range + 1) % expected.length;
          ranges.get(from).slice(slice.offsetBytes(), slice.sizeBytes()).copyTo(slice);
          System.arraycopy(expected[from], first, expected[range], first, end - first);
        }
        case 3 -> slice.prefetchTo(device());
        case 4 -> {
          try (HostLease lease = slice.host(Access.READ_WRITE)) {
            lease.segment().setAtIndex(INT, 1, value);
            expected[range][first + 1] = value;
          }
        }
        default -> assertThat(ints(slice)).as(seedText).isEqualTo(Arrays.copyOfRange(expected[range], first, end));
      }
    }
  }
}

package io.samepage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.UnifiedRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A hundred thousand ranges at a time, some of them used, closed in any order. */
public abstract class ManyRangesContract extends MemoryContract {
  private static final int RANGES = 100_000;
  private static final int HOST_TOUCHES_EVERY = 50;
  private static final int DEVICE_TOUCHES_EVERY = 500;

  @Test
  void aHundredThousandRangesLiveSideBySide() {
    List<UnifiedRange> ranges = new ArrayList<>(RANGES);
    for (int i = 0; i < RANGES; i++) {
      ranges.add(memory().allocate(4 + (i % 7) * 1500));
    }
    assertThat(memory().statistics().openRanges()).isEqualTo(RANGES);
    touch(ranges);
    check(ranges);
    closeInAnyOrder(ranges.subList(0, RANGES / 2));
    assertThat(memory().statistics().openRanges()).isEqualTo(RANGES - RANGES / 2);
    check(ranges.subList(RANGES / 2, RANGES));
  }

  @Test
  void aHundredThousandRangesFollowEachOther() {
    for (int i = 0; i < RANGES; i++) {
      UnifiedRange range = memory().allocate(4 + (i % 7) * 1500);
      if (i % DEVICE_TOUCHES_EVERY == 0) {
        fillOnDevice(range.slice(0, 4), i);
      } else if (i % HOST_TOUCHES_EVERY == 0) {
        write(range.slice(0, 4), i);
      }
      range.close();
    }
    assertThat(memory().statistics().openRanges()).isZero();
    assertThat(device().usedBytes()).isZero();
  }

  private void touch(List<UnifiedRange> ranges) {
    for (int i = 0; i < RANGES; i += HOST_TOUCHES_EVERY) {
      write(ranges.get(i).slice(0, 4), i + 1);
    }
    for (int i = 0; i < RANGES; i += DEVICE_TOUCHES_EVERY) {
      fillOnDevice(ranges.get(i).slice(0, 4), -i - 1);
    }
  }

  /** Every range says by its first int where it stood in the list of all; ranges at odd places were never touched. */
  private static void check(List<UnifiedRange> ranges) {
    int first = RANGES - ranges.size();
    for (int k = 0; k < ranges.size(); k += HOST_TOUCHES_EVERY) {
      int i = first + k;
      assertThat(ints(ranges.get(k).slice(0, 4))).containsExactly(i % DEVICE_TOUCHES_EVERY == 0 ? -i - 1 : i + 1);
      assertThat(ints(ranges.get(k + 1).slice(0, 4))).containsExactly(0);
    }
  }

  private static void closeInAnyOrder(List<UnifiedRange> ranges) {
    List<UnifiedRange> shuffled = new ArrayList<>(ranges);
    Collections.shuffle(shuffled, new Random(7));
    shuffled.forEach(UnifiedRange::close);
  }
}

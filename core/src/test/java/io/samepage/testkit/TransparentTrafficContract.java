package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Grid;
import io.samepage.UnifiedMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What moves for few touches of much memory. A device has the whole of it. */
public abstract class TransparentTrafficContract extends TouchContract {
  private static final long SEED = Long.getLong("samepage.traffic.seed", 20_265);
  private static final double MOST_MORE = 1.05;

  /** {@return how much memory there is} */
  protected long sizeBytes() {
    return 1L << 30;
  }

  /** Room for the memory, and for what is copied from it. */
  @Override
  protected UnifiedMemory.Builder builder() {
    return super.builder().deviceBudget(devices().getFirst(), sizeBytes() + BLOCK_BYTES);
  }

  private long bytesToDevice() {
    return memory().statistics().bytesToDevice();
  }

  private long bytesToHost() {
    return memory().statistics().bytesToHost();
  }

  @Test
  void fewHostWritesInMuchMemoryThatADeviceHasMoveTheirPagesAlone() {
    MemorySegment all = allocate(sizeBytes());
    MemorySegment first = allocate(8);
    stamp(device(), all, 7);
    assertNothingMovesBeforeATouch(all, first);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int count : new int[] {1, 100, 10_000}) {
      long[] offsets = random.longs(1, sizeBytes() / 8).distinct().limit(count).map(index -> 8 * index).toArray();
      for (long offset : offsets) {
        all.set(LONG, offset, offset + 1);
      }
      long pages = Arrays.stream(offsets).map(offset -> offset / page()).distinct().count();
      long before = bytesToDevice();
      copyFirst(all, first);
      long moved = bytesToDevice() - before;
      assertThat(moved).as("bytes moved for %s writes in %s pages, seed=%s", count, pages, SEED)
          .isBetween(pages * page(), (long) (MOST_MORE * pages * page()));
      assertThat(first.get(LONG, 0)).isEqualTo(7);
      assertDeviceHas(all, offsets);
    }
  }

  private void assertNothingMovesBeforeATouch(MemorySegment all, MemorySegment first) {
    long scanNanos = memory().hostStatistics().scanNanos();
    Moved moved = Moved.during(memory(), () -> {
      for (int i = 0; i < 100; i++) {
        copyFirst(all, first);
      }
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(memory().hostStatistics().scanNanos()).as("time spent looking for written pages").isEqualTo(scanNanos);
  }

  /** The device sees what was written and what lies beside it, and nothing more moves for that. */
  private void assertDeviceHas(MemorySegment all, long[] offsets) {
    MemorySegment few = allocate(24);
    long before = bytesToDevice();
    for (int i = 0; i < offsets.length; i += 1 + offsets.length / 20) {
      long at = Math.clamp(offsets[i] - 8, 0, sizeBytes() - 24);
      kernel("copy").launch(Grid.of(24), in(all.asSlice(at, 24)), out(few));
      assertThat(few.get(LONG, offsets[i] - at)).isEqualTo(offsets[i] + 1);
    }
    assertThat(bytesToDevice()).isEqualTo(before);
  }

  @Test
  void readingAByteInEachOfAThousandPagesBringsNoMoreThanTheirUnits() {
    int count = 1000;
    MemorySegment all = allocate(sizeBytes());
    stamp(device(), all, 0x0706_0504_0302_0100L).await();
    SplittableRandom random = new SplittableRandom(SEED);
    long before = bytesToHost();
    for (int i = 0; i < count; i++) {
      long offset = random.nextLong(sizeBytes() / page()) * page() + random.nextLong(page());
      assertThat(all.get(ValueLayout.JAVA_BYTE, offset)).as("byte %s, seed=%s", offset, SEED).isEqualTo((byte) (offset % 8));
    }
    assertThat(bytesToHost() - before).isBetween(count * page(), (long) count * UNIT_BYTES);
  }
}

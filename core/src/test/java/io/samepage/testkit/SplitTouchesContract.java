package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.SplitKernel;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Launches that are split over two devices, on memory that the host touches without leases. */
public abstract class SplitTouchesContract extends TouchContract {
  private static final int ROUNDS = 200;
  private static final long SEED = Long.getLong("samepage.touches.seed", 20_264);

  private SplitKernel split(String name) {
    return memory().splitKernel(TestKernels.SOURCE, name);
  }

  @Test
  void whatBothDevicesWroteIsSeenByTouching() {
    MemorySegment segment = allocate(4 * UNIT_BYTES);
    for (int round = 1; round <= 10; round++) {
      split("increment").launch(Grid.of(segment.byteSize() / 4), sliced(segment, 4), 2);
      assertThat(loads(segment)).containsOnly(3 * round - 1);
      store(segment, 0);
      for (long i = 0; i < segment.byteSize() / 4; i++) {
        segment.setAtIndex(INT, i, 3 * round);
      }
    }
  }

  @Test
  void oneTouchFetchesFromTheDeviceThatHasThePageAlone() {
    MemorySegment segment = allocate(4 * UNIT_BYTES);
    split("fill").launch(Grid.of(segment.byteSize() / 4), sliced(out(segment), 4), 7).await();
    Device first = memory().devices().get(0);
    Device second = memory().devices().get(1);
    assertThat(segment.get(INT, 3 * UNIT_BYTES)).isEqualTo(7);
    assertThat(first.statistics().bytesToHost()).isZero();
    assertThat(second.statistics().bytesToHost()).isPositive().isLessThanOrEqualTo(UNIT_BYTES);
  }

  @Test
  void whatOneDeviceWroteMovesToTheOtherOnceAndNotByWayOfTheHost() {
    MemorySegment from = allocate(4 * UNIT_BYTES);
    MemorySegment to = allocate(4 * UNIT_BYTES);
    fill(memory().devices().get(0), from, 7).await();
    Device second = memory().devices().get(1);
    for (int i = 0; i < 2; i++) {
      second.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(from.byteSize()), in(from), out(to)).await();
      assertThat(second.statistics().bytesDeviceToDevice()).isEqualTo(4 * UNIT_BYTES);
    }
    assertThat(memory().statistics().bytesToHost()).isZero();
    assertThat(memory().statistics().bytesToDevice()).isZero();
    assertThat(loads(to)).containsOnly(7);
  }

  @Test
  void aReadOnlySegmentMayBeSlicedToBeRead() {
    MemorySegment from = allocate(2 * UNIT_BYTES);
    MemorySegment to = allocate(2 * UNIT_BYTES);
    store(from, 1);
    split("copy").launch(Grid.of(from.byteSize()), sliced(from.asReadOnly(), 1), sliced(to, 1)).await();
    assertThat(loads(to)).isEqualTo(sequence(1, 2 * UNIT_BYTES));
    assertThatThrownBy(() -> split("increment").launch(Grid.of(from.byteSize() / 4), sliced(from.asReadOnly(), 4), 1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("read-only");
  }

  @Test
  void whatTheHostWritesBesideWhatAllPartsReadIsNotLost() {
    MemorySegment page = allocate(page());
    MemorySegment beside = page.asSlice(2048, 4);
    MemorySegment moving = allocate(16 * UNIT_BYTES);
    store(page.asSlice(0, 64), 5);
    SplitKernel add = memory().splitKernel(SplitLaunchesContract.ROWS, "addRow");
    SplittableRandom random = new SplittableRandom(SEED);
    try (OtherThread host = new OtherThread("host")) {
      for (int round = 1; round <= ROUNDS; round++) {
        int number = round;
        long delayNanos = random.nextLong(1_000_000);
        Future<Void> stored = host.start(() -> storeAfter(delayNanos, beside, number));
        // The border moves, so what the first part needs is brought from the other device before the second part is seen to.
        add.shares(round % 2 == 0 ? 3 : 1, 2).launch(Grid.of(16, moving.byteSize() / 64), sliced(inOut(moving), 64),
            in(page.asSlice(0, 64)));
        OtherThread.result(stored);
        for (Device device : memory().devices()) {
          assertThat(seenBy(device, beside)).as("seed=%s, round=%s, device=%s", SEED, round, device).isEqualTo(round);
        }
      }
    }
    assertThat(loads(moving.asSlice(8 * UNIT_BYTES, 64))).isEqualTo(IntStream.range(5, 21).map(i -> ROUNDS * i).toArray());
  }

  private static Void storeAfter(long nanos, MemorySegment segment, int value) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
    segment.set(INT, 0, value);
    return null;
  }

  private int seenBy(Device device, MemorySegment segment) {
    try (UnifiedRange seen = memory().allocate(4)) {
      device.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(4), in(segment), out(seen)).await();
      return ints(seen)[0];
    }
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static io.samepage.SplitArgument.sliced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.SplitKernel;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Launches of one kernel object on the same arguments again, which may be taken for what they were before: as long as that is right. The
 * device's memory is small, so that what they use goes and comes back elsewhere.
 */
public abstract class RepeatedLaunchesContract extends MemoryContract {
  private static final int BUDGET_PAGES = 8;

  @Override
  protected UnifiedMemory open() {
    UnifiedMemory.Builder builder = builder();
    devices().forEach(device -> builder.deviceBudget(device, BUDGET_PAGES * page()));
    return builder.open();
  }

  private Grid grid(long bytes) {
    return Grid.of(bytes / Integer.BYTES);
  }

  @Test
  void memoryThatWasEvictedBetweenTwoLaunchesIsFoundWhereItIsThen() {
    Kernel increment = kernel("increment");
    UnifiedRange first = pages(3);
    UnifiedRange second = pages(3);
    UnifiedRange other = pages(6);
    write(first, 100);
    write(second, 200);
    write(other, 0);
    for (int round = 0; round < 6; round++) {
      increment.launch(grid(first.sizeBytes()), inOut(first), value(1));
      increment.launch(grid(second.sizeBytes()), inOut(second), value(2));
      if (round % 2 == 1) {
        readOnDevice(other);
      }
    }
    assertThat(ints(first)).isEqualTo(sequence(106, first.sizeBytes()));
    assertThat(ints(second)).isEqualTo(sequence(212, second.sizeBytes()));
    assertThat(device().statistics().evictedBytes() > 0).isEqualTo(copies());
  }

  @Test
  void whatTheHostWroteBetweenTwoLaunchesIsUsed() {
    Kernel copy = kernel("copy");
    UnifiedRange from = pages(2);
    UnifiedRange to = pages(2);
    for (int round = 0; round < 4; round++) {
      write(from, 1000 * round);
      copy.launch(Grid.of(from.sizeBytes()), in(from), out(to));
      assertThat(ints(to)).isEqualTo(sequence(1000 * round, to.sizeBytes()));
    }
  }

  @Test
  void valuesAreThoseOfEachLaunch() {
    Kernel increment = kernel("increment");
    UnifiedRange range = pages(1);
    write(range, 0);
    int sum = 0;
    for (int by : new int[] {1, 1, 2, 3, 1, 2, 2, 1_000, 1_000}) {
      increment.launch(grid(range.sizeBytes()), inOut(range), value(by));
      sum += by;
    }
    assertThat(ints(range)).isEqualTo(sequence(sum, range.sizeBytes()));
  }

  @Test
  void zeroAndItsNegativeAreTwoValues() {
    Kernel affine = kernel("affine");
    UnifiedRange from = memory().allocate(Float.BYTES);
    UnifiedRange to = memory().allocate(Float.BYTES);
    try (HostLease lease = from.host(Access.WRITE)) {
      lease.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, -0f);
    }
    for (float shift : new float[] {0f, -0f, 0f, 0f, -0f}) {
      affine.launch(Grid.of(1), in(from), out(to), value(1f), value(shift));
      try (HostLease lease = to.host(Access.READ)) {
        float found = lease.segment().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
        assertThat(Float.floatToRawIntBits(found)).isEqualTo(Float.floatToRawIntBits(shift));
      }
    }
  }

  @Test
  void aRangeThatWasClosedIsRefusedAndWhatComesInItsPlaceIsUsed() {
    Kernel increment = kernel("increment");
    for (int round = 0; round < 4; round++) {
      UnifiedRange range = pages(2);
      write(range, round);
      for (int i = 0; i < 3; i++) {
        increment.launch(grid(range.sizeBytes()), inOut(range), value(1));
      }
      assertThat(ints(range)).isEqualTo(sequence(round + 3, range.sizeBytes()));
      range.close();
      assertThatThrownBy(() -> increment.launch(grid(range.sizeBytes()), inOut(range), value(1))).isInstanceOf(IllegalStateException.class);
    }
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aMemoryThatWasClosedIsRefused() {
    UnifiedMemory other = open();
    UnifiedRange range = other.allocate(page());
    Kernel fill = other.devices().getFirst().kernel(TestKernels.SOURCE, "fill");
    fill.launch(grid(page()), out(range), value(1));
    fill.launch(grid(page()), out(range), value(1)).await();
    range.close();
    other.close();
    assertThatThrownBy(() -> fill.launch(grid(page()), out(range), value(1))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aGridOfAnotherSizeIsAnotherLaunch() {
    Kernel increment = kernel("increment");
    UnifiedRange range = memory().allocate(16);
    for (int items : new int[] {4, 4, 2, 1, 4, 2}) {
      increment.launch(Grid.of(items), inOut(range), value(1));
    }
    assertThat(ints(range)).containsExactly(6, 5, 3, 3);
  }

  @Test
  void aSplitLaunchIsRepeatedOnAllItsDevices() {
    SplitKernel increment = memory().splitKernel(TestKernels.SOURCE, "increment");
    UnifiedRange range = pages(4);
    write(range, 0);
    for (int round = 0; round < 5; round++) {
      increment.launch(grid(range.sizeBytes()), sliced(inOut(range), Integer.BYTES), value(1 + round / 3));
    }
    assertThat(ints(range)).isEqualTo(sequence(7, range.sizeBytes()));
  }

  @Test
  void threadsRepeatLaunchesOfOneKernelEachOnItsOwn() {
    Kernel increment = kernel("increment");
    List<UnifiedRange> ranges = IntStream.range(0, 4).mapToObj(i -> pages(1)).toList();
    ranges.forEach(range -> write(range, 0));
    Crew.run(ranges.size(), Duration.ofMinutes(2), thread -> {
      for (int i = 0; i < 100; i++) {
        increment.launch(grid(page()), inOut(ranges.get(thread)), value(1 + i % 2));
      }
    }, () -> "launching");
    for (UnifiedRange range : ranges) {
      assertThat(ints(range)).isEqualTo(sequence(150, range.sizeBytes()));
    }
  }
}

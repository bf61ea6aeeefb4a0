package io.samepage.opencl;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What PoCL does at a time for one device. A kernel of one item keeps one of its workers busy, so that another one is free.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OverlappingKernelsTest {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final int PAGE_BYTES = 4096;
  private static final int STEPS = 1 << 26;
  private static final long SLICE_BYTES = 1 << 20;

  private UnifiedMemory memory;
  private Device device;

  @BeforeEach
  void open() {
    memory = UnifiedMemory.builder().devices("opencl:0").open();
    device = memory.devices().getFirst();
  }

  @AfterEach
  void close() {
    memory.close();
  }

  /** Takes about a second for each 2^28 steps. */
  private Fence churn(Object memory, int steps) {
    return device.kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), memory, value(steps));
  }

  private Fence fill(Slice slice, int with) {
    return device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(with));
  }

  private Fence increment(Slice slice) {
    return device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(1));
  }

  private static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  /** Two that run one after the other take as long as both together, at least. */
  @Test
  void kernelsOnTwoSlicesOfARangeRunAtATime() throws Exception {
    UnifiedRange range = memory.allocate(64 * PAGE_BYTES);
    fill(range.all(), 5).await();
    LongKernels.tryUntilSeen(STEPS, "another kernel ran", steps -> {
      long start = System.nanoTime();
      Fence left = churn(inOut(range.slice(0, 4)), steps);
      Fence right = churn(inOut(range.slice(32 * PAGE_BYTES, 4)), steps);
      Fence.all(left, right).await();
      return left.kernelNanos() + right.kernelNanos() > System.nanoTime() - start;
    });
  }

  @Test
  void pagesArriveAndAShortKernelRunsBesideALongOne() throws Exception {
    UnifiedRange slow = memory.allocate(PAGE_BYTES);
    UnifiedRange next = memory.allocate(512 * PAGE_BYTES);
    LongKernels.tryUntilSeen(STEPS, "pages came and a short kernel ended", steps -> {
      try (HostLease lease = next.host(Access.WRITE)) {
        lease.segment().fill((byte) 0);
      }
      Fence churning = churn(inOut(slow.all()), steps);
      next.all().prefetchTo(device).await();
      increment(next.all()).await();
      boolean overlapped = !churning.isDone();
      assertThat(ints(next.all())).containsOnly(1);
      churning.await();
      return overlapped;
    });
  }

  /** As a program works through a range that it has just written, slice by slice. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theUploadOfASliceAndItsKernelRunBesideTheKernelOfTheSliceBefore(boolean isTouched) throws Exception {
    try (UnifiedArena arena = memory.sharedArena()) {
      long sizeBytes = 2 * SLICE_BYTES;
      Slice all = isTouched ? memory.slice(arena.allocate(sizeBytes)) : memory.allocate(sizeBytes).all();
      LongKernels.tryUntilSeen(STEPS, "the kernel of the next slice ended", steps -> {
        try (HostLease lease = all.host(Access.WRITE)) {
          lease.segment().fill((byte) 0);
        }
        long before = memory.statistics().bytesToDevice();
        Fence first = churn(inOut(all.slice(0, 4)), steps);
        increment(all.slice(SLICE_BYTES, SLICE_BYTES)).await();
        boolean overlapped = !first.isDone();
        assertThat(memory.statistics().bytesToDevice() - before).isEqualTo(PAGE_BYTES + SLICE_BYTES);
        assertThat(ints(all.slice(SLICE_BYTES, SLICE_BYTES))).containsOnly(1);
        first.await();
        return overlapped;
      });
    }
  }

  @Test
  void aLaunchBehindTwoThatOverlapReadsWhatBothHaveWritten() {
    UnifiedRange left = memory.allocate(PAGE_BYTES);
    UnifiedRange right = memory.allocate(PAGE_BYTES);
    UnifiedRange sum = memory.allocate(PAGE_BYTES);
    for (int round = 1; round <= 20; round++) {
      fill(left.all(), round);
      fill(right.all(), -round);
      int leftSteps = round % 2 == 0 ? STEPS / 16 : 1000;
      int rightSteps = round % 2 == 0 ? 1000 : STEPS / 16;
      churn(inOut(left.slice(0, 4)), leftSteps);
      churn(inOut(right.slice(0, 4)), rightSteps);
      device.kernel(TestKernels.SOURCE, "add").launch(Grid.of(sum.sizeBytes() / 4), in(left), in(right), out(sum));
      int[] ints = ints(sum.all());
      assertThat(ints[0]).isEqualTo(TestKernels.churned(round, leftSteps) + TestKernels.churned(-round, rightSteps));
      assertThat(ints).startsWith(ints[0], 0).endsWith(0);
    }
  }

  @Test
  void aTouchWaitsForTheKernelsOfAllQueuesThatWriteToTheWindow() {
    try (UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(64 * PAGE_BYTES);
      MemorySegment left = segment.asSlice(0, 4);
      MemorySegment right = segment.asSlice(32 * PAGE_BYTES, 4);
      for (int round = 0; round < 10; round++) {
        left.setAtIndex(INT, 0, round);
        right.setAtIndex(INT, 0, -round);
        churn(inOut(left), STEPS / 8);
        churn(inOut(right), STEPS / 64);
        assertThat(left.getAtIndex(INT, 0)).isEqualTo(TestKernels.churned(round, STEPS / 8));
        assertThat(right.getAtIndex(INT, 0)).isEqualTo(TestKernels.churned(-round, STEPS / 64));
      }
    }
  }

  @Test
  void bytesBesideASliceArriveBeforeTheNextKernelReadsThem() {
    try (UnifiedArena arena = memory.sharedArena()) {
      MemorySegment segment = arena.allocate(4 * PAGE_BYTES);
      for (int round = 1; round <= 50; round++) {
        segment.setAtIndex(INT, 0, round);
        churn(inOut(segment.asSlice(128, 4)), 1000);
        segment.setAtIndex(INT, 1, round);
        Fence copied = device.kernel(TestKernels.SOURCE, "increment").launch(Grid.of(2), inOut(segment.asSlice(0, 8)), value(1));
        copied.await();
        assertThat(segment.getAtIndex(INT, 0)).isEqualTo(round + 1);
        assertThat(segment.getAtIndex(INT, 1)).isEqualTo(round + 1);
      }
    }
  }
}

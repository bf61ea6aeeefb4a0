package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Launches: what kernels compute, when their results are seen, and what fences tell. */
public abstract class LaunchesContract extends MemoryContract {
  private static final int STEPS = 50_000_000;

  @Test
  void everyKindOfArgumentReachesTheKernel() {
    UnifiedRange ints = memory().allocate(400);
    UnifiedRange longs = memory().allocate(800);
    write(ints, -50);
    kernel("weigh").launch(Grid.of(100), in(ints), out(longs), value(3_000_000_000L), value(-17.75), value((short) -300),
        value((byte) 100));
    try (HostLease lease = longs.host(Access.READ)) {
      for (int i = 0; i < 100; i++) {
        assertThat(lease.segment().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i)).isEqualTo((i - 50) * 3_000_000_000L - 17 - 300 + 100);
      }
    }
  }

  @Test
  void aLeaseThatGivesUpWaitingForAKernelLosesNothing() {
    UnifiedRange range = pages(64);
    write(range, 0);
    int[] expected = ints(range);
    for (int round = 1; round <= 20; round++) {
      kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(round));
      for (int i = 0; i < expected.length; i++) {
        expected[i] += round;
      }
      try (HostLease lease = range.all().host(round % 2 == 0 ? Access.READ : Access.READ_WRITE, Duration.ofNanos(round * 20_000L))) {
        assertThat(lease.segment().toArray(ValueLayout.JAVA_INT_UNALIGNED)).isEqualTo(expected);
      } catch (LeaseTimeoutException e) {
        assertThat(e.holders()).isNotEmpty();
      }
      if (round % 5 == 0) {
        assertThat(ints(range)).isEqualTo(expected);
      }
    }
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void floatsAreFloats() {
    UnifiedRange from = memory().allocate(40);
    UnifiedRange to = memory().allocate(40);
    try (HostLease lease = from.host(Access.WRITE)) {
      for (int i = 0; i < 10; i++) {
        lease.segment().setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, i * 0.5f);
      }
    }
    kernel("affine").launch(Grid.of(10), in(from), out(to), value(4f), value(-0.25f));
    try (HostLease lease = to.host(Access.READ)) {
      for (int i = 0; i < 10; i++) {
        assertThat(lease.segment().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i)).isEqualTo(i * 2f - 0.25f);
      }
    }
  }

  @Test
  void aGridThatNoDeviceCanRunIsRefusedBeforeAnythingMoves() {
    UnifiedRange range = pages(1);
    write(range, 1);
    long before = memory().statistics().bytesToDevice();
    assertThatThrownBy(() -> kernel("increment").launch(Grid.of(1L << 32, 1L << 32), inOut(range), value(1)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4294967296");
    assertThat(memory().statistics().bytesToDevice()).isEqualTo(before);
    assertThat(memory().statistics().launches()).isZero();
    assertThat(memory().statistics().openLeases()).isZero();
  }

  @Test
  void aKernelTellsWhatItIs() {
    Kernel add = kernel("add");
    assertThat(add.name()).isEqualTo("add");
    assertThat(add.device()).isSameAs(device());
    assertThat(add.parameters()).hasSize(3);
    assertThat(kernel("weigh").parameters()).hasSize(6);
  }

  @Test
  void theHostSeesAResultWithoutWaitingForTheFence() {
    UnifiedRange range = pages(1);
    write(range, 7);
    Fence fence = churn(range.slice(0, 4));
    assertThat(ints(range.slice(0, 8))).containsExactly(TestKernels.churned(7, STEPS), 8);
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void aLaunchInFlightIsInTheWayOfTheHostUntilItsFenceHasPassed() {
    UnifiedRange range = pages(1);
    write(range, 7);
    Fence fence = churn(range.slice(0, 4));
    try (HostLease lease = range.slice(0, 4).host(Access.READ, Duration.ZERO)) {
      assertThat(fence.isDone()).as("a host lease beside a kernel that writes").isTrue();
      assertThat(lease.segment().get(INT, 0)).isEqualTo(TestKernels.churned(7, STEPS));
    } catch (LeaseConflictException e) {
      assertThat(e).isInstanceOf(LeaseTimeoutException.class).hasMessageContaining(range.slice(0, 4).toString());
      assertThat(e.holders()).isNotEmpty();
    }
    fence.await();
    range.slice(0, 4).host(Access.READ, Duration.ZERO).close();
  }

  @Test
  void aLaunchThatReadsSharesItsArgumentsWithReaders() {
    UnifiedRange from = pages(1);
    UnifiedRange to = pages(1);
    write(from, 1);
    try (HostLease lease = from.host(Access.READ)) {
      kernel("copy").launch(Grid.of(page()), in(from), out(to)).await();
      assertThat(lease.segment().get(INT, 4)).isEqualTo(2);
    }
    assertThat(ints(to)).isEqualTo(sequence(1, page()));
  }

  @Test
  void launchesOnTheSameDataRunInTheOrderOfTheirCalls() {
    UnifiedRange a = pages(1);
    UnifiedRange b = pages(1);
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      fences.add(kernel("increment").launch(Grid.of(page() / 4), inOut(a), value(i)));
      fences.add(kernel("add").launch(Grid.of(page() / 4), in(a), in(a), out(b)));
    }
    assertThat(ints(b)).containsOnly(2 * 199 * 200 / 2);
    assertThat(ints(a)).containsOnly(199 * 200 / 2);
    assertThat(fences).allMatch(Fence::isDone);
  }

  @Test
  void launchesAndHostWritesInTurnsSeeEachOther() {
    UnifiedRange range = pages(2);
    int doubled = 0;
    for (int i = 0; i < 100; i++) {
      kernel("increment").launch(Grid.of(page() / 2), inOut(range), value(1));
      try (HostLease lease = range.slice(page() - 4, 8).host(Access.READ_WRITE)) {
        MemorySegment segment = lease.segment();
        segment.setAtIndex(INT, 0, segment.getAtIndex(INT, 0) * 2);
        segment.setAtIndex(INT, 1, -segment.getAtIndex(INT, 1));
      }
      doubled = (doubled + 1) * 2;
      assertThat(ints(range.slice(page() - 8, 16))).containsExactly(i + 1, doubled, i % 2 == 0 ? -1 : 0, i + 1);
    }
  }

  @Test
  void disjointSlicesOfOnePageAreReadAndWrittenByOneLaunch() {
    UnifiedRange range = pages(1);
    write(range, 1);
    kernel("add").launch(Grid.of(4), in(range.slice(0, 16)), in(range.slice(16, 16)), out(range.slice(32, 16)));
    assertThat(ints(range.slice(0, 52))).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 6, 8, 10, 12, 13);
  }

  @Test
  void argumentsThatAreOnlyReadMayOverlap() {
    UnifiedRange range = pages(1);
    UnifiedRange sum = pages(1);
    write(range, 1);
    kernel("add").launch(Grid.of(4), in(range.slice(0, 16)), in(range.slice(4, 16)), out(sum.slice(0, 16)));
    assertThat(ints(sum.slice(0, 20))).containsExactly(3, 5, 7, 9, 0);
  }

  @Test
  void anArgumentIsCopiedOnceHoweverOftenItIsLaunched() {
    UnifiedRange a = pages(4);
    UnifiedRange b = pages(4);
    write(a, 1);
    write(b, 1);
    Kernel add = kernel("add");
    Moved first = Moved.during(memory(), () -> add.launch(Grid.of(page()), in(a), in(a), out(b)).await());
    assertThat(first).isEqualTo(toDevice(4 * page(), 1));
    assertThat(Moved.during(memory(), () -> {
      for (int i = 0; i < 10; i++) {
        add.launch(Grid.of(page()), in(a), in(a), out(b)).await();
      }
    })).isEqualTo(Moved.NOTHING);
    assertThat(Moved.during(memory(), () -> ints(b))).isEqualTo(toHost(4 * page(), 1));
  }

  @Test
  void aSegmentOfAReadLeaseIsAnArgument() {
    UnifiedRange from = pages(2);
    UnifiedRange to = pages(2);
    write(from, 1);
    try (HostLease lease = from.slice(page() - 8, 100).host(Access.READ)) {
      assertThat(memory().slice(lease.segment())).isEqualTo(from.slice(page() - 8, 100));
      assertThat(memory().slice(lease.segment().asSlice(4, 16))).isEqualTo(from.slice(page() - 4, 16));
      kernel("copy").launch(Grid.of(16), in(lease.segment().asSlice(4, 16)), out(to.slice(4, 16))).await();
    }
    assertThat(ints(to.slice(0, 24))).isEqualTo(new int[] {0, (int) page() / 4, (int) page() / 4 + 1, (int) page() / 4 + 2,
        (int) page() / 4 + 3, 0});
  }

  @Test
  void aSegmentOfASharedLeaseIsAnArgumentOnAnyThread() {
    UnifiedRange from = pages(1);
    UnifiedRange to = pages(1);
    write(from, 9);
    HostLease lease = memory().hostShared(Access.READ, List.of(from.all()), Duration.ofMinutes(1));
    try (OtherThread other = new OtherThread("launcher")) {
      other.run(() -> kernel("copy").launch(Grid.of(page()), in(lease.segment()), out(to)).await());
    }
    lease.close();
    assertThat(ints(to)).isEqualTo(sequence(9, page()));
  }

  @Test
  void aSegmentOfAWritingLeaseIsInTheWayOfItsOwnLaunch() {
    UnifiedRange range = pages(1);
    UnifiedRange to = pages(1);
    try (HostLease lease = range.host(Access.READ_WRITE)) {
      MemorySegment segment = lease.segment();
      assertThatThrownBy(() -> kernel("copy").launch(Grid.of(4), in(segment.asSlice(0, 4)), out(to.slice(0, 4))))
          .isInstanceOf(LeaseConflictException.class);
      assertThatThrownBy(() -> kernel("fill").launch(Grid.of(1), out(segment.asSlice(0, 4)), value(1)))
          .isInstanceOf(LeaseConflictException.class);
      assertThatThrownBy(() -> kernel("increment").launch(Grid.of(1), inOut(segment.asSlice(0, 4)), value(1)))
          .isInstanceOf(LeaseConflictException.class);
    }
    assertThat(memory().statistics().openLeases()).isZero();
    assertThat(memory().statistics().launches()).isZero();
  }

  @Test
  void aFencePassesOnceAndForAllThreads() {
    UnifiedRange range = pages(1);
    Fence fence = churn(range.slice(0, 4));
    try (OtherThread other = new OtherThread("waiter")) {
      Future<Boolean> theirs = other.start(() -> fence.await(Duration.ofMinutes(2)));
      fence.await();
      assertThat(OtherThread.result(theirs)).isTrue();
    }
    fence.await();
    assertThat(fence.await(Duration.ZERO)).isTrue();
    assertThat(fence.isDone()).isTrue();
    assertThat(fence.kernelNanos()).isNotNegative();
    assertThat(fence.kernelNanos()).isEqualTo(fence.kernelNanos());
  }

  @Test
  void aFenceIsNotWaitedForLongerThanAsked() {
    Fence fence = churn(pages(1).slice(0, 4));
    if (!fence.await(Duration.ZERO)) {
      fence.await();
    }
    assertThat(fence.isDone()).isTrue();
    assertThatThrownBy(() -> fence.await(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInterruptEndsTheWaitForAFenceAndIsKept() {
    Fence fence = churn(pages(1).slice(0, 4));
    Thread.currentThread().interrupt();
    try {
      fence.await();
      assertThat(fence.isDone()).isTrue();
    } catch (WaitInterruptedException e) {
      assertThat(e).hasMessageContaining("churn");
    }
    assertThat(Thread.interrupted()).isTrue();
    fence.await();
  }

  @Test
  void closingTheMemoryWaitsForLaunchesAndTheirFencesGoOnWorking() {
    Fence fence;
    try (UnifiedMemory memory = builder().open()) {
      Slice slice = memory.allocate(4).all();
      fence = memory.devices().getFirst().kernel(TestKernels.SOURCE, "churn").launch(Grid.of(1), inOut(slice), value(STEPS));
    }
    assertThat(fence.isDone()).isTrue();
    fence.await();
    assertThat(fence.await(Duration.ofSeconds(1))).isTrue();
    assertThat(fence.kernelNanos()).isNotNegative();
  }

  @Test
  void launchesInFlightAreOpenLeasesUntilTheyAreComplete() {
    Fence fence = churn(pages(1).slice(0, 4));
    long openLeases = memory().statistics().openLeases();
    assertThat(openLeases == 1 || fence.isDone()).isTrue();
    fence.await();
    assertThat(memory().statistics().openLeases()).isZero();
    assertThat(memory().statistics().launches()).isEqualTo(1);
  }

  @Test
  void manyLaunchesOnDifferentRangesAreInFlightAtATime() {
    List<UnifiedRange> ranges = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      UnifiedRange range = memory().allocate(100 + 4 * i);
      ranges.add(range);
      kernel("fill").launch(Grid.of(25 + i), out(range), value(i));
      kernel("increment").launch(Grid.of(25), inOut(range.slice(0, 100)), value(1000));
    }
    for (int i = 0; i < 64; i++) {
      int[] ints = ints(ranges.get(i));
      assertThat(ints).startsWith(repeated(i + 1000, 100)).endsWith(repeated(i, 4 * i)).hasSize(25 + i);
    }
  }

  private Fence churn(Slice one) {
    return kernel("churn").launch(Grid.of(1), inOut(one), value(STEPS));
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.MemoryKind;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** What is said of devices that use the host's pages alone: nothing moves whatever is done, and touches wait for kernels all the same. */
public abstract class HostPagesContract extends TouchContract {
  private static final int STEPS = 100_000_000;

  @Override
  protected final MemoryKind memoryKind() {
    return MemoryKind.COHERENT;
  }

  @Test
  void theDeviceTellsItsKindAndOffersIt() {
    assertThat(device().memoryKind()).isEqualTo(MemoryKind.COHERENT);
    assertThat(device().info().memoryKinds()).startsWith(MemoryKind.DISCRETE, MemoryKind.COHERENT);
  }

  @Test
  void nothingMovesWhateverIsDone() {
    UnifiedRange range = pages(40);
    MemorySegment touched = allocate(3 * BLOCK_BYTES + 100);
    Moved moved = Moved.during(memory(), () -> {
      write(range, 1);
      range.all().prefetchTo(device()).await();
      kernel("increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(1));
      device().acquire(range.all(), Access.READ_WRITE).close();
      range.advise(Advice.accessedBy(device()));
      range.advise(Advice.preferredLocation(device()));
      range.slice(5, 3 * page()).fill((byte) 3).await();
      range.slice(0, page()).copyTo(range.slice(7 * page() + 3, page())).await();
      range.slice(page(), 4 * page()).discard();
      assertThat(bytes(range.slice(0, 5))).isEqualTo(bytes(range.slice(7 * page() + 3, 5)));
      store(touched, 1);
      increment(touched, 1);
      assertThat(loads(touched)).isEqualTo(sequence(2, touched.byteSize()));
      memory().slice(touched).prefetchToHost();
      increment(touched, 1);
      assertThat(loads(touched)).isEqualTo(sequence(3, touched.byteSize()));
    });
    assertThat(moved).isEqualTo(Moved.NOTHING);
    assertThat(device().usedBytes()).isZero();
    assertThat(memory().hostStatistics().fetchedPages()).isZero();
    assertThat(memory().hostStatistics().faults()).isPositive();
  }

  @Test
  void aTouchWaitsForTheKernelThatWritesItsPage() {
    MemorySegment a = allocate(2 * page());
    for (int round = 0; round < 3; round++) {
      a.set(INT, 0, round);
      Fence fence = kernel("churn").launch(Grid.of(1), inOut(a.asSlice(0, 4)), value(STEPS));
      assertThat(a.get(INT, 0)).isEqualTo(TestKernels.churned(round, STEPS));
      assertThat(fence.isDone()).isTrue();
    }
  }

  @Test
  void aStoreBesideTheSliceOfAKernelIsNotLost() {
    MemorySegment a = allocate(page());
    for (int round = 1; round <= 20; round++) {
      kernel("increment").launch(Grid.of(16), inOut(a.asSlice(64, 64)), value(1));
      a.set(INT, 0, round);
      a.set(INT, 128, -round);
      assertThat(a.get(INT, 64)).isEqualTo(round);
      assertThat(a.get(INT, 0) + a.get(INT, 128)).isZero();
    }
    assertThat(a.get(INT, 0)).isEqualTo(20);
  }

  @Test
  void aHostLeaseAndADeviceLeaseLieInTheSameFrames() {
    UnifiedRange range = pages(2);
    write(range, 1);
    try (DeviceLease device = device().acquire(range.all(), Access.READ); HostLease host = range.host(Access.READ)) {
      assertThat(device.handle()).isNotZero();
      assertThat(device.handleOffsetBytes()).isZero();
      assertThat(host.segment().toArray(INT)).isEqualTo(sequence(1, range.sizeBytes()));
    }
  }
}

package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedRange;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * What one device does at a time: kernels that need nothing of each other, and copies beside kernels. A kernel that waits for a latch
 * stands for one that takes long; whatever ends before the latch is opened has overlapped with it.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class OverlappingLaunchesTest {
  private FaultyMemory world;
  private UnifiedRange range;
  private CountDownLatch gate;

  @BeforeEach
  void open() {
    world = new FaultyMemory(64, 16);
    range = world.pages(8);
    fill(range.all(), 1);
    gate = world.gate();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aLaunchOnAnotherRangeRunsBesideALongOne() {
    UnifiedRange other = world.pages(1);
    fill(other.all(), 5);
    Fence slow = world.launchGated(0, range.all(), gate);
    world.launchIncrement(0, other.all(), 1).await();
    assertThat(ints(other.all())).containsOnly(6);
    assertThat(slow.isDone()).isFalse();
  }

  @Test
  void aLaunchOnAnotherSliceOfTheRangeRunsBesideALongOne() {
    Fence slow = world.launchGated(0, pages(range, 0, 4), gate);
    world.launchIncrement(0, pages(range, 4, 4), 1).await();
    assertThat(ints(pages(range, 4, 4))).containsOnly(2);
    assertThat(slow.isDone()).isFalse();
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aLaunchOnAnotherPartOfThePageRunsBesideALongOne() {
    Fence slow = world.launchGated(0, range.slice(0, 64), gate);
    Fence quick = world.launchIncrement(0, range.slice(64, 64), 6);
    quick.await();
    assertThat(slow.isDone()).isFalse();
    gate.countDown();
    int[] all = ints(range.slice(0, 192));
    for (int i = 0; i < all.length; i++) {
      assertThat(all[i]).as("element %d", i).isEqualTo(new int[] {2, 7, 1}[i / 16]);
    }
  }

  @Test
  void launchesThatReadTheSameInputOverlap() {
    UnifiedRange first = world.pages(8);
    UnifiedRange second = world.pages(8);
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Fence slow = world.launchGated(0, first.all(), gate);
    Fence early = world.launchCopy(0, range.all(), second.all());
    Fence late = world.launchCopy(0, range.all(), world.pages(8).all());
    uploads.countDown();
    early.await();
    late.await();
    assertThat(ints(second.all())).containsOnly(1);
    assertThat(slow.isDone()).isFalse();
  }

  @Test
  void aReaderWaitsForTheUploadThatAnotherReaderHasAskedFor() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    UnifiedRange first = world.pages(8);
    UnifiedRange second = world.pages(8);
    world.launchCopy(0, range.all(), first.all());
    Fence late = world.launchCopy(0, range.all(), second.all());
    assertThat(late.await(Duration.ofMillis(20))).as("before the upload is complete").isFalse();
    uploads.countDown();
    late.await();
    assertThat(ints(second.all())).containsOnly(1);
    assertThat(world.memory().statistics().bytesToDevice()).isEqualTo(range.sizeBytes());
  }

  @Test
  void pagesArriveBesideALongKernel() {
    UnifiedRange next = world.pages(4);
    fill(next.all(), 3);
    Fence slow = world.launchGated(0, range.all(), gate);
    next.all().prefetchTo(world.device(0)).await();
    world.launchIncrement(0, next.all(), 1).await();
    assertThat(ints(next.all())).containsOnly(4);
    assertThat(slow.isDone()).isFalse();
  }

  @Test
  void fillsAndCopiesOnTheDeviceRunBesideALongKernel() {
    UnifiedRange from = world.pages(2);
    UnifiedRange to = world.pages(2);
    world.launchFill(0, from.all(), 9).await();
    Fence slow = world.launchGated(0, range.all(), gate);
    from.all().copyTo(to.all()).await();
    from.all().fill((byte) 0).await();
    assertThat(ints(to.all())).containsOnly(9);
    assertThat(ints(from.all())).containsOnly(0);
    assertThat(slow.isDone()).isFalse();
  }

  @Test
  void aDeviceLeaseOfOtherPagesIsOpenedBesideALongKernel() {
    Fence slow = world.launchGated(0, pages(range, 0, 1), gate);
    try (DeviceLease lease = world.device(0).acquire(pages(range, 1, 1), Access.READ)) {
      assertThat(lease.isOpen()).isTrue();
      assertThat(slow.isDone()).isFalse();
    }
  }

  @Test
  void aLaunchThatNeedsTwoThatOverlapReturnsAtOnceAndRunsBehindBoth() {
    CountDownLatch otherGate = world.gate();
    UnifiedRange sum = world.pages(4);
    Fence left = world.launchGated(0, pages(range, 0, 4), gate);
    Fence right = world.launchGated(0, pages(range, 4, 4), otherGate);
    Fence both = world.launchAdd(0, pages(range, 0, 4), pages(range, 4, 4), sum.all());
    Fence behind = world.launchIncrement(0, sum.all(), 10);
    otherGate.countDown();
    right.await();
    assertThat(List.of(left, both, behind)).noneMatch(Fence::isDone);
    gate.countDown();
    assertThat(ints(sum.all())).containsOnly(14);
    assertThat(List.of(left, both, behind)).allMatch(Fence::isDone);
  }

  @Test
  void aWriterWaitsForAllWhoReadItsPages() {
    List<CountDownLatch> gates = new ArrayList<>();
    List<UnifiedRange> copies = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      gates.add(world.gate());
      copies.add(world.pages(8));
      world.launchGatedCopy(0, range.all(), copies.get(i).all(), gates.get(i));
    }
    Fence writer = world.launchFill(0, range.all(), 7);
    for (int i = 5; i >= 0; i--) {
      assertThat(writer.isDone()).isFalse();
      gates.get(i).countDown();
    }
    writer.await();
    copies.forEach(copy -> assertThat(ints(copy.all())).containsOnly(1));
    assertThat(ints(range.all())).containsOnly(7);
  }

  @Test
  void whatFailsBesideALongKernelDoesNotConcernIt() {
    Fence slow = world.launchGated(0, pages(range, 0, 4), gate);
    Fence broken = world.launchBroken(0, pages(range, 4, 2));
    assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(() -> ints(pages(range, 4, 1))).isInstanceOf(PoisonedPageException.class);
    assertThat(slow.isDone()).isFalse();
    gate.countDown();
    slow.await();
    assertThat(ints(pages(range, 0, 4))).containsOnly(2);
    assertThat(ints(pages(range, 6, 2))).containsOnly(1);
  }

  @Test
  void aLaunchThatNeedsWhatAFailedOneInAnotherQueueWasToWriteFailsToo() {
    CountDownLatch otherGate = world.gate();
    UnifiedRange sum = world.pages(4);
    Fence broken = world.launchBroken(0, pages(range, 0, 4), gate);
    world.launchGated(0, pages(range, 4, 4), otherGate);
    Fence both = world.launchAdd(0, pages(range, 0, 4), pages(range, 4, 4), sum.all());
    gate.countDown();
    assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
    assertThat(both.isDone()).isFalse();
    otherGate.countDown();
    assertThatThrownBy(both::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("broken on purpose");
    assertThatThrownBy(() -> ints(sum.all())).isInstanceOf(PoisonedPageException.class);
    assertThat(ints(pages(range, 4, 4))).containsOnly(2);
  }

  @Test
  void aReaderFailsIfTheUploadForAnotherReaderHasFailed() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    world.node(0).failNthLate(Call.UPLOAD, 1);
    UnifiedRange first = world.pages(8);
    UnifiedRange second = world.pages(8);
    Fence early = world.launchCopy(0, range.all(), first.all());
    Fence late = world.launchCopy(0, range.all(), second.all());
    uploads.countDown();
    assertThatThrownBy(late::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(early::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(() -> ints(second.all())).isInstanceOf(PoisonedPageException.class);
    assertThat(ints(range.all())).as("the host has it still").containsOnly(1);
  }

  @Test
  void anEvictionWaitsForTheLaunchesOfItsOwnWindowAlone() {
    UnifiedRange idle = world.pages(40);
    world.launchFill(0, idle.all(), 2).await();
    Fence slow = world.launchGated(0, range.all(), gate);
    UnifiedRange large = world.pages(30);
    world.launchFill(0, large.all(), 3).await();
    assertThat(ints(large.all())).containsOnly(3);
    assertThat(ints(idle.all())).containsOnly(2);
    assertThat(slow.isDone()).isFalse();
  }
}

package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedRange;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies that fail midway: what was begun is over before anybody else may touch what it uses, and nothing valid is lost. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FailedTransfersTest {
  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"DOWNLOAD", "FENCE"})
  void anEvictionThatFailsMidwayIsOverBeforeTheHostMayWriteThePages(Call call) {
    try (FaultyMemory world = new FaultyMemory(6)) {
      UnifiedRange scattered = world.pages(3);
      UnifiedRange busy = world.pages(1);
      UnifiedRange wanted = world.pages(5);
      fill(scattered.all(), 1);
      world.launchFill(0, pages(scattered, 0, 1), 10).await();
      world.launchFill(0, pages(scattered, 2, 1), 12).await();
      CountDownLatch latch = world.gate();
      Fence gate = world.launchGated(0, busy.all(), latch);
      CountDownLatch fences = world.holdFences(0, Call.FENCE);
      world.node(0).failNth(call, 1);
      Beside<Void> eviction = Beside.run(() -> world.device(0).acquire(wanted.all(), Access.READ).close());
      eviction.awaitWaiting();
      latch.countDown();
      fences.countDown();
      assertThatThrownBy(eviction::get).isInstanceOf(DeviceException.class);
      gate.await();
      assertThat(world.openLeases()).isZero();
      assertThat(ints(scattered.all())).containsSubsequence(10, 1, 12);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"COPY_FROM", "FENCE"})
  void aCopyBetweenDevicesThatFailsMidwayIsOverBeforeItsSourceMayGo(Call call) {
    try (FaultyMemory world = new FaultyMemory(8, 8)) {
      UnifiedRange range = world.pages(3);
      UnifiedRange busy = world.pages(1);
      fill(range.all(), 1);
      world.launchFill(0, pages(range, 0, 1), 10).await();
      world.launchFill(0, pages(range, 2, 1), 12).await();
      CountDownLatch latch = world.gate();
      world.launchGated(1, busy.all(), latch);
      CountDownLatch fences = world.holdFences(1, Call.FENCE);
      world.node(1).failNth(call, 1);
      Beside<Void> copy = Beside.run(() -> world.device(1).acquire(range.all(), Access.READ).close());
      copy.awaitWaiting();
      latch.countDown();
      fences.countDown();
      assertThatThrownBy(copy::get).isInstanceOf(DeviceException.class);
      assertThat(ints(range.all())).containsSubsequence(10, 1, 12);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"LAUNCH", "UPLOAD"})
  void uploadsThatALaunchTakesAlongAreOverBeforeTheHostMayWriteWhatTheyReadThoughItIsRefused(Call call) {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange range = world.pages(4);
      fill(range.all(), 1);
      world.node(0).takeUploads();
      CountDownLatch fences = world.holdFences(0, Call.FENCE);
      world.node(0).failNth(call, 1);
      Beside<Fence> launch = Beside.start(() -> world.launchIncrement(0, range.all(), 1));
      launch.awaitWaiting();
      assertThat(world.openLeases()).as("nobody else may write").isEqualTo(1);
      fences.countDown();
      assertThatThrownBy(launch::get).isInstanceOf(DeviceException.class).hasMessageContaining("call=" + call);
      assertThat(world.openLeases()).isZero();
      fill(range.all(), 2);
      world.launchIncrement(0, range.all(), 1).await();
      assertThat(ints(range.all())).containsOnly(3);
    }
  }

  @Test
  void whereThereIsNoFenceBehindUploadsThatALaunchTakesAlongTheyAreOverWhenItIs() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange range = world.pages(2);
      UnifiedRange copied = world.pages(2);
      fill(range.all(), 1);
      world.node(0).takeUploads();
      world.node(0).failNth(Call.FENCE, 2);
      CountDownLatch latch = world.gate();
      Fence launch = world.launchGatedCopy(0, range.all(), copied.all(), latch);
      Beside<Void> write = Beside.run(() -> fill(range.all(), 2));
      write.awaitWaiting();
      latch.countDown();
      write.get();
      launch.await();
      assertThat(world.openLeases()).isZero();
      assertThat(ints(copied.all())).containsOnly(1);
      assertThat(ints(range.all())).containsOnly(2);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"COPY_FROM", "FENCE"})
  void windowsThatAreBeingMergedStayUntilAFailedCopyIsOver(Call call) {
    try (FaultyMemory world = new FaultyMemory(16)) {
      UnifiedRange large = world.pages(20);
      UnifiedRange busy = world.pages(1);
      fill(large.all(), 1);
      world.launchFill(0, pages(large, 0, 1), 10).await();
      world.launchFill(0, pages(large, 2, 1), 12).await();
      CountDownLatch latch = world.gate();
      world.launchGated(0, busy.all(), latch);
      CountDownLatch fences = world.holdFences(0, Call.FENCE);
      world.node(0).failNth(call, 1);
      Beside<Void> merge = Beside.run(() -> world.device(0).acquire(pages(large, 0, 4), Access.READ).close());
      merge.awaitWaiting();
      latch.countDown();
      fences.countDown();
      assertThatThrownBy(merge::get).isInstanceOf(DeviceException.class);
      assertThat(world.device(0).usedBytes()).isEqualTo(3L * PAGE);
      assertThat(ints(pages(large, 0, 4))).containsSubsequence(10, 1, 12, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"UPLOAD", "FENCE", "LAUNCH"})
  void uploadsForALaunchThatIsRefusedAreOverBeforeTheHostMayWrite(Call call) {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange a = world.pages(1);
      UnifiedRange b = world.pages(1);
      fill(a.all(), 1);
      fill(b.all(), 2);
      UnifiedRange result = world.pages(1);
      CountDownLatch latch = world.holdFences(0, Call.FENCE);
      world.node(0).failNth(call, 1);
      Beside<Fence> launch = Beside.start(() -> world.launchAdd(0, a.all(), b.all(), result.all()));
      launch.awaitWaiting();
      latch.countDown();
      assertThatThrownBy(launch::get).isInstanceOf(DeviceException.class);
      assertThat(world.openLeases()).isZero();
      assertThat(ints(result.all())).as("the kernel has not run").containsOnly(0);
      world.launchAdd(0, a.all(), b.all(), result.all()).await();
      assertThat(ints(result.all())).containsOnly(3);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Call.class, names = {"UPLOAD", "ZERO", "FENCE"})
  void uploadsForALeaseThatIsRefusedAreOverBeforeTheHostMayWrite(Call call) {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange range = world.pages(4);
      fill(pages(range, 0, 1), 1);
      fill(pages(range, 2, 1), 2);
      CountDownLatch latch = world.holdFences(0, Call.FENCE);
      world.node(0).failNth(call, 1);
      Beside<DeviceLease> lease = Beside.start(() -> world.device(0).acquire(range.all(), Access.READ));
      lease.awaitWaiting();
      latch.countDown();
      assertThatThrownBy(lease::get).isInstanceOf(DeviceException.class);
      assertThat(range.all().residency().pagesOn("embedded:0")).isZero();
      assertThat(ints(range.all())).containsSubsequence(1, 0, 2, 0);
    }
  }

  @Test
  void aPageWhoseUploadFailedIsPoisonedIfAKernelHasWrittenBesideIt() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange page = world.pages(1);
      UnifiedRange result = world.pages(1);
      fill(page.all(), 1);
      CountDownLatch latch = world.holdFences(0, Call.FENCE);
      world.node(0).failNthLate(Call.UPLOAD, 1);
      Fence reads = world.launchCopy(0, page.slice(0, 512), result.slice(0, 512));
      Fence writesBeside = world.launchFill(0, page.slice(512, 512), 7);
      latch.countDown();
      assertThatThrownBy(reads::await).isInstanceOf(KernelFailedException.class);
      assertThatThrownBy(writesBeside::await).isInstanceOf(KernelFailedException.class);
      assertThat(page.all().residency().poisonedPages()).isEqualTo(1);
      assertThatThrownBy(() -> ints(page.all())).isInstanceOf(PoisonedPageException.class);
      fill(page.all(), 3);
      assertThat(ints(page.all())).containsOnly(3);
    }
  }

  @Test
  void aDeviceLeaseIsNotOpenedOnWhatALaunchFailedToUpload() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange input = world.pages(1);
      fill(input.all(), 5);
      CountDownLatch latch = world.holdFences(0, Call.FENCE);
      world.node(0).failNthLate(Call.UPLOAD, 1);
      Fence reads = world.launchCopy(0, input.all(), world.pages(1).all());
      Beside<DeviceLease> lease = Beside.start(() -> world.device(0).acquire(input.all(), Access.READ));
      lease.awaitWaiting();
      latch.countDown();
      assertThatThrownBy(lease::get).isInstanceOf(DeviceException.class);
      assertThatThrownBy(reads::await).isInstanceOf(KernelFailedException.class);
      assertThat(ints(input.all())).containsOnly(5);
      assertThat(world.openLeases()).isZero();
    }
  }

  @Test
  void aLaunchThatReliedOnAnUploadThatFailedWhileItWasPreparedFails() {
    try (FaultyMemory world = new FaultyMemory(8, 8)) {
      UnifiedRange input = world.pages(1);
      UnifiedRange elsewhere = world.pages(1);
      fill(input.all(), 5);
      world.launchFill(1, elsewhere.all(), 6).await();
      CountDownLatch latch = world.holdFences(0, Call.FENCE);
      world.node(0).failNthLate(Call.UPLOAD, 1);
      Fence first = world.launchCopy(0, input.all(), world.pages(1).all());
      CountDownLatch peerCopies = world.holdFences(0, Call.FENCE);
      UnifiedRange result = world.pages(1);
      Beside<Fence> second = Beside.start(() -> world.launchAdd(0, input.all(), elsewhere.all(), result.all()));
      second.awaitWaiting();
      latch.countDown();
      assertThatThrownBy(first::await).isInstanceOf(KernelFailedException.class);
      peerCopies.countDown();
      assertThatThrownBy(() -> second.get().await()).isInstanceOf(KernelFailedException.class);
      assertThat(result.all().residency().poisonedPages()).isEqualTo(1);
      assertThat(ints(input.all())).containsOnly(5);
      assertThat(ints(elsewhere.all())).containsOnly(6);
    }
  }

  @Test
  void closingALeaseDoesNotMakeAPageSoundThatANeighboursKernelLost() {
    try (FaultyMemory world = new FaultyMemory(8)) {
      UnifiedRange page = world.pages(2);
      fill(page.all(), 1);
      DeviceLease lease = world.device(0).acquire(page.slice(512, PAGE), Access.WRITE);
      assertThatThrownBy(() -> world.launchBroken(0, page.slice(0, 512)).await()).isInstanceOf(KernelFailedException.class);
      lease.close();
      assertThatThrownBy(() -> ints(pages(page, 0, 1))).isInstanceOf(PoisonedPageException.class);
      try (HostLease second = pages(page, 1, 1).host(Access.READ)) {
        assertThat(second.segment().get(FaultyMemory.INT, 512)).isEqualTo(1);
      }
    }
  }

  @Test
  void aKernelDoesNotMakeAPageSoundThatANeighboursKernelLostWhileItWasPrepared() {
    try (FaultyMemory world = new FaultyMemory(8, 8)) {
      UnifiedRange page = world.pages(1);
      UnifiedRange elsewhere = world.pages(1);
      fill(page.all(), 1);
      world.launchFill(1, elsewhere.all(), 6).await();
      CountDownLatch latch = world.gate();
      Fence broken = world.launchBroken(0, page.slice(0, 512), latch);
      CountDownLatch peerCopies = world.holdFences(0, Call.FENCE);
      Beside<Fence> beside = Beside.start(() -> world.launchCopy(0, elsewhere.slice(0, 512), page.slice(512, 512)));
      beside.awaitWaiting();
      latch.countDown();
      assertThatThrownBy(broken::await).isInstanceOf(KernelFailedException.class);
      peerCopies.countDown();
      assertThatThrownBy(() -> beside.get().await()).isInstanceOf(KernelFailedException.class);
      assertThatThrownBy(() -> ints(page.all())).isInstanceOf(PoisonedPageException.class);
      assertThat(ints(elsewhere.all())).containsOnly(6);
    }
  }
}

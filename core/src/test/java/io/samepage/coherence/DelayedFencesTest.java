package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceLease;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseTimeoutException;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Devices that take their time: who waits for a fence, who need not, and what an interrupt does to those who wait. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class DelayedFencesTest {
  private FaultyMemory world;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    world = new FaultyMemory(16);
    range = world.pages(2);
    fill(range.all(), 1);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aHostLeaseWaitsForTheKernelThatWritesItsPages() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchIncrement(0, pages(range, 0, 1), 4);
    Beside<int[]> reader = Beside.start(() -> ints(range.slice(0, 8)));
    reader.awaitWaiting();
    assertThat(fence.isDone()).isFalse();
    assertThat(fence.await(Duration.ofMillis(5))).isFalse();
    assertThat(ints(pages(range, 1, 1))).as("another page").containsOnly(1);
    fences.countDown();
    assertThat(reader.get()).containsOnly(5);
    assertThat(fence.isDone()).isTrue();
  }

  @Test
  void whoDoesNotWantToWaitForAKernelIsToldOfIt() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchIncrement(0, range.all(), 4);
    assertThatThrownBy(() -> range.all().host(Access.READ, Duration.ZERO)).isInstanceOfSatisfying(LeaseTimeoutException.class, e ->
        assertThat(e.holders()).singleElement().asString().contains("launch", range.all().toString(), "embedded:0"));
    fences.countDown();
    fence.await();
  }

  @Test
  void aHostReaderNeedNotWaitForAKernelThatOnlyReads() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchCopy(0, pages(range, 0, 1), pages(world.pages(1), 0, 1));
    range.all().host(Access.READ, Duration.ZERO).close();
    assertThat(fence.isDone()).isFalse();
    fences.countDown();
    fence.await();
  }

  @Test
  void aHostWriterAndTheKernelWaitForTheUploadOfALaunch() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Fence fence = world.launchCopy(0, pages(range, 0, 1), world.pages(1).all());
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 9));
    writer.awaitWaiting();
    assertThat(fence.await(Duration.ofMillis(5))).isFalse();
    assertThat(writer.isDone()).isFalse();
    uploads.countDown();
    writer.get();
    assertThat(fence.isDone()).isTrue();
    assertThat(ints(range.all())).containsOnly(9);
  }

  @Test
  void aHostWriterWaitsForTheUploadOfADeviceLease() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Beside<DeviceLease> lease = Beside.start(() -> world.device(0).acquire(range.all(), Access.READ));
    lease.awaitWaiting();
    assertThatThrownBy(() -> range.all().host(Access.WRITE, Duration.ofMillis(10))).isInstanceOf(LeaseTimeoutException.class);
    Beside<Void> writer = Beside.run(() -> fill(range.all(), 9));
    writer.awaitWaiting();
    uploads.countDown();
    lease.get().close();
    writer.get();
    assertThat(ints(range.all())).containsOnly(9);
  }

  @Test
  void aReaderWaitsForADownloadThatAnotherReaderHasBegun() {
    world.launchIncrement(0, range.all(), 1).await();
    CountDownLatch downloads = world.holdFences(0, Call.FENCE);
    Beside<int[]> first = Beside.start(() -> ints(range.all()));
    first.awaitWaiting();
    Beside<int[]> second = Beside.start(() -> ints(range.all()));
    second.awaitWaiting();
    downloads.countDown();
    assertThat(first.get()).containsOnly(2);
    assertThat(second.get()).containsOnly(2);
    assertThat(world.memory().statistics().bytesToHost()).isEqualTo(range.sizeBytes());
  }

  @Test
  void closingARangeWaitsForItsLaunches() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchIncrement(0, range.all(), 4);
    Beside<Void> closing = Beside.run(range::close);
    closing.awaitWaiting();
    assertThat(range.isOpen()).isTrue();
    fences.countDown();
    closing.get();
    fence.await();
    assertThat(range.isOpen()).isFalse();
    assertThat(world.device(0).usedBytes()).isZero();
  }

  @Test
  void closingAMemoryWaitsForItsLaunches() {
    try (FaultyMemory other = new FaultyMemory(4)) {
      CountDownLatch fences = other.holdFences(0, Call.LAUNCH);
      Fence fence = other.launchFill(0, other.pages(1).all(), 4);
      Beside<Void> closing = Beside.run(() -> other.memory().close());
      closing.awaitWaiting();
      fences.countDown();
      closing.get();
      fence.await();
      assertThatThrownBy(() -> other.memory().allocate(1)).isInstanceOf(IllegalStateException.class);
      other.forget();
    }
  }

  @Test
  void closingARangeWaitsForALeaseThatIsOnItsWayAndThenNamesIt() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Beside<DeviceLease> lease = Beside.start(() -> world.device(0).acquire(range.all(), Access.READ));
    lease.awaitWaiting();
    Beside<Void> closing = Beside.run(range::close);
    closing.awaitWaiting();
    uploads.countDown();
    assertThatThrownBy(closing::get).isInstanceOf(IllegalStateException.class).hasMessageContaining(range.all().toString());
    lease.get().close();
    range.close();
  }

  @Test
  void anInterruptEndsTheWaitForAKernelAndNothingElse() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchIncrement(0, range.all(), 4);
    Beside<Boolean> lease = Beside.start(() -> {
      assertThatThrownBy(() -> ints(range.all())).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    Beside<Boolean> await = Beside.start(() -> {
      assertThatThrownBy(fence::await).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    lease.awaitWaiting();
    lease.thread().interrupt();
    await.awaitWaiting();
    await.thread().interrupt();
    assertThat(lease.get()).isTrue();
    assertThat(await.get()).isTrue();
    assertThat(world.openLeases()).as("the launch alone").isEqualTo(1);
    fences.countDown();
    fence.await();
    assertThat(ints(range.all())).containsOnly(5);
  }

  @Test
  void anInterruptDoesNotTearADownloadInTwo() {
    world.launchIncrement(0, range.all(), 1).await();
    CountDownLatch downloads = world.holdFences(0, Call.FENCE);
    Beside<Boolean> reader = Beside.start(() -> {
      assertThat(ints(range.all())).containsOnly(2);
      return Thread.interrupted();
    });
    reader.awaitWaiting();
    reader.thread().interrupt();
    assertThat(world.openLeases()).isEqualTo(1);
    downloads.countDown();
    assertThat(reader.get()).isTrue();
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void anInterruptDoesNotTearAnUploadInTwo() {
    CountDownLatch uploads = world.holdFences(0, Call.FENCE);
    Beside<Boolean> user = Beside.start(() -> {
      world.device(0).acquire(range.all(), Access.READ).close();
      return Thread.interrupted();
    });
    user.awaitWaiting();
    user.thread().interrupt();
    uploads.countDown();
    assertThat(user.get()).isTrue();
    assertThat(range.all().residency().pagesOn("embedded:0")).isEqualTo(2);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void anInterruptDoesNotTearAnEvictionInTwo() {
    UnifiedRange large = world.pages(16);
    world.launchIncrement(0, range.all(), 1).await();
    CountDownLatch downloads = world.holdFences(0, Call.FENCE);
    Beside<Boolean> user = Beside.start(() -> {
      world.launchFill(0, large.all(), 3);
      return Thread.interrupted();
    });
    user.awaitWaiting();
    user.thread().interrupt();
    downloads.countDown();
    assertThat(user.get()).isTrue();
    assertThat(ints(range.all())).containsOnly(2);
    assertThat(ints(large.all())).containsOnly(3);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void anInterruptedThreadClosesARangeAllTheSame() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    world.launchIncrement(0, range.all(), 4);
    Beside<Boolean> closing = Beside.start(() -> {
      Thread.currentThread().interrupt();
      range.close();
      return Thread.interrupted();
    });
    closing.awaitWaiting();
    fences.countDown();
    assertThat(closing.get()).isTrue();
    assertThat(range.isOpen()).isFalse();
  }

  @Test
  void aFailedUploadFailsEveryLaunchThatReliesOnItAndNoOther() {
    UnifiedRange unrelated = world.pages(1);
    CountDownLatch latch = world.holdFences(0, Call.FENCE);
    world.node(0).failNthLate(Call.UPLOAD, 1);
    UnifiedRange firstResult = world.pages(1);
    UnifiedRange secondResult = world.pages(1);
    Fence first = world.launchCopy(0, pages(range, 0, 1), firstResult.all());
    Fence second = world.launchCopy(0, pages(range, 0, 1), secondResult.all());
    Fence third = world.launchFill(0, unrelated.all(), 6);
    latch.countDown();
    assertThatThrownBy(second::await).isInstanceOf(KernelFailedException.class).hasMessageContaining("copy");
    assertThatThrownBy(first::await).isInstanceOf(KernelFailedException.class);
    third.await();
    assertThat(firstResult.all().residency().poisonedPages()).isEqualTo(1);
    assertThat(secondResult.all().residency().poisonedPages()).isEqualTo(1);
    assertThat(ints(range.all())).containsOnly(1);
    assertThat(ints(unrelated.all())).containsOnly(6);
    Fence again = world.launchCopy(0, pages(range, 0, 1), secondResult.all());
    again.await();
    assertThat(ints(secondResult.all())).containsOnly(1);
  }

  @Test
  void whatFailedForOthersFailsNoLeaseThatHasWhatItNeeds() {
    world.device(0).acquire(range.all(), Access.READ).close();
    // As OpenCL's: a fence with no command since the one before it marks the same point, and fails as that did.
    world.node(0).failNthLate(Call.FENCE, 1);
    try (DeviceLease lease = world.device(0).acquire(range.all(), Access.READ_WRITE)) {
      assertThat(lease.isOpen()).isTrue();
    }
    assertThat(ints(range.all())).containsOnly(1);
  }

  @Test
  void aLeaseOpenedBesideARunningKernelOfTheSameDeviceKeepsItsCopy() {
    CountDownLatch fences = world.holdFences(0, Call.LAUNCH);
    Fence fence = world.launchIncrement(0, range.slice(0, 512), 4);
    try (DeviceLease lease = world.device(0).acquire(range.slice(512, 512), Access.READ_WRITE)) {
      assertThat(lease.isOpen()).isTrue();
      assertThat(fence.isDone()).isFalse();
    }
    fences.countDown();
    fence.await();
    try (HostLease lease = range.all().host(Access.READ)) {
      assertThat(lease.segment().get(FaultyMemory.INT, 0)).isEqualTo(5);
      assertThat(lease.segment().get(FaultyMemory.INT, 512)).isEqualTo(1);
    }
  }

  @Test
  void oneLaunchMoreThanADeviceTakesWaitsForTheFirstAndAnInterruptEndsThat() {
    CountDownLatch gate = world.gate();
    world.launchGated(0, range.all(), gate);
    for (int i = 1; i < 1_024; i++) {
      world.launchIncrement(0, range.all(), 1);
    }
    Beside<Boolean> interrupted = Beside.start(() -> {
      assertThatThrownBy(() -> world.launchIncrement(0, range.all(), 1)).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    interrupted.awaitWaiting();
    interrupted.thread().interrupt();
    assertThat(interrupted.get()).isTrue();
    Beside<Fence> patient = Beside.start(() -> world.launchIncrement(0, range.all(), 1));
    patient.awaitWaiting();
    assertThat(patient.isDone()).isFalse();
    gate.countDown();
    patient.get().await();
    assertThat(ints(range.all())).containsOnly(1 + 1_025);
    assertThat(world.memory().statistics().launches()).isEqualTo(1_025);
  }
}

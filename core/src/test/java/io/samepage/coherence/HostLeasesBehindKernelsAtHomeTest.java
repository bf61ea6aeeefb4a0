package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.INT;
import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.LeaseTimeoutException;
import io.samepage.MemoryKind;
import io.samepage.PoisonedPageException;
import io.samepage.UnifiedRange;
import io.samepage.WaitInterruptedException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Host leases on what kernels write where the host has it: all but the wait is done while these run. Device 0 uses the host's pages,
 * device 1 has memory of its own.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class HostLeasesBehindKernelsAtHomeTest {
  private static final int SHARES = 0;
  private static final int COPIES = 1;

  private FaultyMemory world;
  private UnifiedRange range;
  private CountDownLatch gate;

  @BeforeEach
  void open() {
    openWorld(false);
  }

  private void openWorld(boolean isRelaxed) {
    world = new FaultyMemory(isRelaxed, MemoryKind.COHERENT, MemoryKind.DISCRETE);
    range = world.pages(2);
    fill(range.all(), 1);
    gate = world.gate();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void theLeaseIsHeldWhileTheKernelRunsAndHasWhatThatLeaves() {
    Fence fence = world.launchGated(SHARES, range.all(), gate);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    reader.awaitWaiting();
    assertThat(world.openLeases()).as("the launch and the lease").isEqualTo(2);
    assertThat(fence.isDone()).isFalse();
    gate.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(world.openLeases()).isZero();
    assertThat(world.memory().statistics().bytesToHost()).isZero();
  }

  @Test
  void theSegmentsOfALeaseThatWaitedEndWithIt() {
    world.launchGated(SHARES, range.all(), gate);
    Beside<MemorySegment> writer = Beside.start(() -> {
      try (HostLease lease = range.all().host(Access.READ_WRITE)) {
        assertThat(lease.segments()).hasSize(1);
        lease.segment().setAtIndex(INT, 3, 10 * lease.segment().getAtIndex(INT, 3));
        return lease.segment();
      }
    });
    writer.awaitWaiting();
    gate.countDown();
    assertThat(writer.get().scope().isAlive()).isFalse();
    world.launchIncrement(SHARES, range.all(), 1);
    assertThat(ints(range.all())).startsWith(3, 3, 3, 21, 3);
  }

  @Test
  void aKernelThatFailsTakesTheLeaseWithItUnlessItOverwrites() {
    Fence read = world.launchBroken(SHARES, pages(range, 0, 1), gate);
    Fence overwritten = world.launchBroken(SHARES, pages(range, 1, 1), gate);
    Beside<int[]> reader = Beside.start(() -> ints(pages(range, 0, 1)));
    Beside<Void> writer = Beside.run(() -> fill(pages(range, 1, 1), 8));
    reader.awaitWaiting();
    writer.awaitWaiting();
    gate.countDown();
    assertThatThrownBy(reader::get).isInstanceOf(PoisonedPageException.class).hasMessageContaining(range.toString());
    writer.get();
    assertThatThrownBy(read::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(overwritten::await).isInstanceOf(KernelFailedException.class);
    assertThat(ints(pages(range, 1, 1))).containsOnly(8);
    assertThat(range.all().residency().poisonedPages()).isEqualTo(1);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aLeaseThatGivesUpNamesTheLaunchAndLeavesItAlone() {
    Fence fence = world.launchGated(SHARES, range.all(), gate);
    for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(5))) {
      assertThatThrownBy(() -> range.all().host(Access.READ, timeout)).isInstanceOfSatisfying(LeaseTimeoutException.class,
          e -> assertThat(e.holders()).singleElement().asString().contains("launch", range.all().toString()));
    }
    assertThat(world.openLeases()).as("the launch").isEqualTo(1);
    assertThat(fence.isDone()).isFalse();
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void anInterruptEndsTheWaitAndNothingElse() {
    Fence fence = world.launchGated(SHARES, range.all(), gate);
    Beside<Boolean> reader = Beside.start(() -> {
      assertThatThrownBy(() -> ints(range.all())).isInstanceOf(WaitInterruptedException.class);
      return Thread.interrupted();
    });
    reader.awaitWaiting();
    reader.thread().interrupt();
    assertThat(reader.get()).isTrue();
    assertThat(world.openLeases()).as("the launch").isEqualTo(1);
    assertThat(fence.isDone()).isFalse();
    gate.countDown();
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void aLeaseComesBehindKernelsOfBothKindsAndCopiesWhatTheOneHas() {
    CountDownLatch home = world.gate();
    CountDownLatch away = world.gate();
    world.launchGated(SHARES, pages(range, 0, 1), home);
    world.launchGated(COPIES, pages(range, 1, 1), away);
    Beside<int[]> reader = Beside.start(() -> ints(range.all()));
    world.awaitDownload(COPIES);
    away.countDown();
    reader.awaitWaiting();
    assertThat(reader.isDone()).isFalse();
    home.countDown();
    assertThat(reader.get()).containsOnly(2);
    assertThat(world.memory().statistics().bytesToHost()).isEqualTo(PAGE);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aRelaxedHostThatWouldWaitNeedNotAndReadsBesideTheKernel() {
    close();
    openWorld(true);
    Fence fence = world.launchGated(SHARES, range.all(), gate);
    assertThat(ints(range.all())).containsOnly(1);
    assertThat(fence.isDone()).isFalse();
    Beside<Void> writer = Beside.run(() -> fill(pages(range, 1, 1), 5));
    writer.awaitWaiting();
    gate.countDown();
    writer.get();
    assertThat(ints(range.all())).startsWith(2).endsWith(5);
  }

  @Test
  void aLeaseThatNeedsMoreThanTheKernelWritesKeepsNobodyOff() {
    world.launchGated(SHARES, pages(range, 0, 1), gate);
    Beside<Void> writer = Beside.run(() -> range.slice(0, PAGE + PAGE / 2).host(Access.READ_WRITE).close());
    writer.awaitWaiting();
    range.slice(PAGE + PAGE / 2, 4).host(Access.READ, Duration.ZERO).close();
    gate.countDown();
    writer.get();
    assertThat(ints(range.all())).startsWith(2).endsWith(1);
  }
}

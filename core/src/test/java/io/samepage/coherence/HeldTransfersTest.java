package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Prefetches, fills and copies have claims of what they use from before it is moved until they are done with it, and none afterwards. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class HeldTransfersTest {
  private static final VarHandle BYTE = ValueLayout.JAVA_BYTE.varHandle();
  private static final long LARGE_BYTES = 128 << 20;

  private FaultyMemory world;
  private UnifiedRange range;

  @BeforeEach
  void open() {
    world = new FaultyMemory(64);
    range = world.pages(4);
    fill(range.all(), 1);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Does something up to where it is enqueued, which it has to wait for. */
  private void assertHeldUntilEnqueued(Runnable transfer) {
    CoherentDevice device = (CoherentDevice) world.device(0);
    Beside<Void> beside;
    device.submission().lock();
    try {
      beside = Beside.run(transfer);
      while (!device.submission().hasQueuedThread(beside.thread())) {
        Thread.onSpinWait();
      }
      assertThat(world.openLeases()).isEqualTo(1);
    } finally {
      device.submission().unlock();
    }
    beside.get();
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aPrefetchToADeviceHoldsWhatItBrings() {
    assertHeldUntilEnqueued(() -> range.all().prefetchTo(world.device(0)).await());
    assertThat(range.all().residency().pagesOn("embedded:0")).isEqualTo(4);
  }

  @Test
  void aPrefetchOfWhatIsThereHoldsNothingAfterwards() {
    range.all().prefetchTo(world.device(0)).await();
    range.all().prefetchTo(world.device(0)).await();
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aFillOnADeviceHoldsWhatItFills() {
    world.launchIncrement(0, range.all(), 1).await();
    assertHeldUntilEnqueued(() -> range.all().fill((byte) 0).await());
    assertThat(ints(range.all())).containsOnly(0);
  }

  @Test
  void aCopyOnADeviceHoldsSourceAndTarget() {
    UnifiedRange target = world.pages(4);
    world.launchIncrement(0, range.all(), 1).await();
    assertHeldUntilEnqueued(() -> range.all().copyTo(target.all()).await());
    assertThat(ints(target.all())).containsOnly(2);
  }

  @Test
  void aPrefetchToTheHostHoldsWhatItBrings() {
    world.launchIncrement(0, range.all(), 1).await();
    CountDownLatch downloads = world.holdFences(0, Call.FENCE);
    Beside<Void> prefetch = Beside.run(() -> range.all().prefetchToHost().await());
    prefetch.awaitWaiting();
    assertThat(world.openLeases()).isEqualTo(1);
    downloads.countDown();
    prefetch.get();
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aFillOnTheHostHoldsWhatItFillsToTheEnd() {
    Slice large = world.memory().allocate(LARGE_BYTES).all();
    assertHeldToTheEnd(large, () -> large.fill((byte) 9).await());
  }

  @Test
  void aCopyOnTheHostHoldsWhatItWritesToTheEnd() {
    Slice source = world.memory().allocate(LARGE_BYTES).all();
    source.fill((byte) 9).await();
    Slice large = world.memory().allocate(LARGE_BYTES).all();
    assertHeldToTheEnd(large, () -> source.copyTo(large).await());
  }

  /** While the first byte is written and the last is not, somebody holds them. */
  private void assertHeldToTheEnd(Slice large, Runnable transfer) {
    MemorySegment bytes = MemorySegment.ofAddress(((CoherentRange) large.range()).address()).reinterpret(large.sizeBytes());
    Beside<Void> beside = Beside.run(transfer);
    long fewest = 1;
    while ((byte) BYTE.getVolatile(bytes, 0L) == 0) {
      Thread.onSpinWait();
    }
    for (long held = 1; (byte) BYTE.getVolatile(bytes, large.sizeBytes() - 1) == 0; held = world.openLeases()) {
      fewest = Math.min(fewest, held);
    }
    beside.get();
    assertThat(fewest).as("requests held meanwhile").isEqualTo(1);
    assertThat(world.openLeases()).isZero();
  }
}

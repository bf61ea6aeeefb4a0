package io.samepage.coherence;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.value;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static io.samepage.coherence.FaultyMemory.pages;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.KernelFailedException;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.PoisonedPageException;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Host leases on bytes at even distances behind a launch, which they leave to others to retire: it is in nobody's way, and what has
 * failed is told as by any other lease.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class SparseLeasesBehindLaunchesTest {
  private static final int PAGES = 16;

  private FaultyMemory world;
  private UnifiedRange range;
  private CountDownLatch gate;

  @BeforeEach
  void open() {
    world = new FaultyMemory(PAGES, PAGES);
    range = world.pages(PAGES);
    world.launchFill(0, range.all(), 1).await();
    gate = world.gate();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static List<Slice> column(UnifiedRange of) {
    return IntStream.range(0, PAGES).mapToObj(i -> pages(of, i, 1).slice(4, 4)).toList();
  }

  private List<Integer> readColumn() {
    try (HostLease lease = world.memory().host(Access.READ, column(range))) {
      return lease.segments().stream().map(segment -> segment.get(FaultyMemory.INT, 0)).toList();
    }
  }

  /** A column that is being read behind what was launched, which goes on now. */
  private Beside<List<Integer>> reader() {
    Beside<List<Integer>> reader = Beside.start(this::readColumn);
    world.awaitDownload(0);
    gate.countDown();
    return reader;
  }

  private void readColumnBehindALaunch() {
    world.launchGated(0, range.all(), gate);
    assertThat(reader().get()).hasSize(PAGES).containsOnly(2);
  }

  private int inFlight() {
    return ((CoherentDevice) world.device(0)).launches().count();
  }

  @Test
  void aLaunchThatHasEndedWellIsLeftToOthers() {
    readColumnBehindALaunch();
    assertThat(inFlight()).as("the launch and the copy").isEqualTo(2);
    assertThat(world.openLeases()).isZero();
    assertThat(inFlight()).isZero();
  }

  /** Which nobody waits for, so that nobody else retires them. */
  private static Fence ended(Fence fence) {
    while (!fence.isDone()) {
      Thread.onSpinWait();
    }
    return fence;
  }

  @Test
  void aLaunchThatIsRepeatedRetiresOthersOnceThereAreMany() {
    Kernel kernel = world.device(0).kernel(TestKernels.SOURCE, "increment");
    for (int i = 0; i < 20; i++) {
      ended(kernel.launch(Grid.of(range.sizeBytes() / 4), inOut(range.all()), value(1)));
      assertThat(inFlight()).as("more than four are retired, all at a time").isEqualTo(i % 5 + 1);
    }
    assertThat(readColumn()).containsOnly(21);
  }

  @Test
  void aLaunchThatIsRepeatedBehindOneThatHasFailedFailsToo() {
    AtomicBoolean isBroken = new AtomicBoolean();
    KernelSource source = KernelSource.builder().java("breaking", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
      if (isBroken.get()) {
        throw new IllegalStateException("broken");
      }
    }).build();
    Kernel kernel = world.device(0).kernel(source, "breaking");
    Supplier<Fence> launch = () -> ended(kernel.launch(Grid.of(range.sizeBytes() / 4), inOut(range.all())));
    launch.get();
    isBroken.set(true);
    Fence failed = launch.get();
    isBroken.set(false);
    Fence behind = launch.get();
    assertThatThrownBy(behind::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(failed::await).isInstanceOf(KernelFailedException.class);
    assertThat(range.all().residency().poisonedPages()).isEqualTo(PAGES);
    assertThatThrownBy(launch::get).isInstanceOf(PoisonedPageException.class);
  }

  @Test
  void aKernelThatFailsTakesTheLeaseWithIt() {
    Fence fence = world.launchBroken(0, range.all(), gate);
    assertThatThrownBy(reader()::get).isInstanceOf(PoisonedPageException.class);
    assertThatThrownBy(fence::await).isInstanceOf(KernelFailedException.class);
    assertThat(range.all().residency().poisonedPages()).isEqualTo(PAGES);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void aKernelBehindOneThatFailsTakesTheLeaseWithIt() {
    try (FaultyMemory wide = new FaultyMemory(2 * PAGES)) {
      UnifiedRange from = wide.pages(PAGES);
      UnifiedRange into = wide.pages(PAGES);
      CountDownLatch latch = wide.gate();
      wide.launchFill(0, into.all(), 1).await();
      wide.launchBroken(0, from.all(), latch);
      wide.launchCopy(0, from.all(), into.all());
      Beside<Void> reader = Beside.run(() -> wide.memory().host(Access.READ, column(into)).close());
      wide.awaitDownload(0);
      latch.countDown();
      assertThatThrownBy(reader::get).isInstanceOf(PoisonedPageException.class);
    }
  }

  @Test
  void aCopyThatFailsFailsTheLeaseAndTheNextOneCopiesAnew() {
    world.node(0).failNthLate(Call.DOWNLOAD, 1);
    Fence fence = world.launchGated(0, range.all(), gate);
    assertThatThrownBy(reader()::get).isInstanceOf(DeviceException.class).hasMessageContaining("DOWNLOAD");
    fence.await();
    assertThat(world.openLeases()).isZero();
    assertThat(readColumn()).containsOnly(2);
  }

  @Test
  void whoWritesWithoutWaitingFindsNothingInTheWay() {
    readColumnBehindALaunch();
    range.all().host(Access.WRITE, Duration.ZERO).close();
    assertThat(range.all().residency().pagesOn(Residency.HOST)).isEqualTo(PAGES);
  }

  @Test
  void devicesFindNothingInTheWayWithoutWaiting() {
    readColumnBehindALaunch();
    world.device(0).acquire(range.all(), Access.READ_WRITE, Duration.ZERO).close();
    world.device(1).acquire(range.all(), Access.READ_WRITE, Duration.ZERO).close();
    assertThat(readColumn()).containsOnly(2);
  }

  @Test
  void itsPagesAreEvictedForALaunchAndAPrefetch() {
    readColumnBehindALaunch();
    UnifiedRange other = world.pages(PAGES);
    world.launchFill(0, other.all(), 7);
    assertThat(readColumn()).containsOnly(2);
    range.all().prefetchTo(world.device(0)).await();
    assertThat(ints(other.all())).containsOnly(7);
    assertThat(ints(range.all())).containsOnly(2);
  }

  @Test
  void theNextKernelAndTheNextLeaseSeeWhatWasWritten() {
    readColumnBehindALaunch();
    fill(pages(range, 3, 1), 40);
    world.launchIncrement(0, range.all(), 1);
    assertThat(readColumn()).containsOnly(3, 41).endsWith(3);
    world.launchIncrement(1, range.all(), 1);
    assertThat(readColumn()).containsOnly(4, 42);
    assertThat(world.openLeases()).isZero();
  }

  @Test
  void itsRangeCanBeClosed() {
    readColumnBehindALaunch();
    range.close();
    assertThat(world.openLeases()).isZero();
  }
}

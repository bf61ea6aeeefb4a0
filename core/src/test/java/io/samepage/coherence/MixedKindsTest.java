package io.samepage.coherence;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static io.samepage.coherence.FaultyMemory.INT;
import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.fill;
import static io.samepage.coherence.FaultyMemory.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.KernelFailedException;
import io.samepage.MemoryKind;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.testkit.HandFence;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that uses the host's pages beside one with its own, and memory of the program's: what each promises beside the others. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class MixedKindsTest {
  private static final int COHERENT = 1;
  private static final int PATTERN = 0xDEADBEEF;

  private static FaultyMemory world(boolean isRelaxed) {
    return new FaultyMemory(isRelaxed, MemoryKind.DISCRETE, MemoryKind.COHERENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, COHERENT})
  void touchesLearnThatALeaseWasLeftToWorkThatFailed(int device) {
    try (FaultyMemory world = world(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(16L * PAGE);
      Slice slice = world.memory().slice(segment);
      world.launchFill(device, slice, 3).await();
      assertThat(segment.getAtIndex(INT, 5)).isEqualTo(3);
      HandFence failed = new HandFence();
      failed.fail(new KernelFailedException("the program's own", null));
      CompletableFuture<Void> closed = world.device(device).acquire(slice, Access.READ_WRITE).closeWhen(failed);
      assertThatThrownBy(closed::join).hasCauseInstanceOf(KernelFailedException.class);
      assertThat(slice.residency().poisonedPages()).isEqualTo(16);
      assertThat(segment.getAtIndex(INT, 5)).isEqualTo(PATTERN);
      world.launchFill(device, slice, 6).await();
      assertThat(segment.getAtIndex(INT, 5)).isEqualTo(6);
    }
  }

  @Test
  void aCopyOfARelaxedMemoryWaitsForTheKernelThatWritesItsSource() {
    try (FaultyMemory world = world(true)) {
      UnifiedRange source = world.pages(1);
      UnifiedRange target = world.pages(1);
      fill(source.all(), 1);
      CountDownLatch gate = world.gate();
      world.launchGated(COHERENT, source.all(), gate);
      Beside<Fence> copy = Beside.start(() -> world.memory().copy(source.all(), target.all()));
      copy.awaitWaiting();
      gate.countDown();
      copy.get().await();
      assertThat(ints(target.all())).containsOnly(2);
    }
  }

  @Test
  void aLookBesideALaunchThatIsRefusedTakesNothingForTheHosts() {
    try (FaultyMemory world = world(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment);
      fill(slice, 3);
      world.launchFill(0, slice, 4).await();
      CoherentDevice shares = (CoherentDevice) world.device(COHERENT);
      world.node(COHERENT).failNth(Call.LAUNCH, 1);
      shares.submission().lock();
      Beside<Fence> launch;
      try {
        launch = Beside.start(() -> world.launchFill(COHERENT, slice, 5));
        launch.awaitWaiting();
        slice.residency();
      } finally {
        shares.submission().unlock();
      }
      assertThatThrownBy(launch::get).isInstanceOf(DeviceException.class);
      assertThat(segment.toArray(INT)).containsOnly(4);
    }
  }

  @Test
  void touchesBesideALaunchThatIsNotYetEnqueuedSeeNothingOlderThanTheLastOne() {
    try (FaultyMemory world = world(false); UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment);
      fill(slice, 3);
      world.launchFill(0, slice, 4).await();
      CoherentDevice shares = (CoherentDevice) world.device(COHERENT);
      shares.submission().lock();
      Beside<Fence> launch;
      try {
        launch = Beside.start(() -> world.launchFill(COHERENT, slice, 5));
        launch.awaitWaiting();
        assertThat(segment.toArray(INT)).containsOnly(4);
      } finally {
        shares.submission().unlock();
      }
      launch.get().await();
      assertThat(segment.toArray(INT)).containsOnly(5);
    }
  }

  @Test
  void memoryOfTheProgramsDoesNotCountForTheBudget() {
    try (Arena own = Arena.ofShared();
        UnifiedMemory memory = UnifiedMemory.builder().devices("embedded:0").deviceBudget("embedded:0", 4L * PAGE).open()) {
      Device device = memory.devices().getFirst();
      UnifiedRange large = memory.allocate(16L * PAGE);
      device.adopt(large.all(), own.allocate(16L * PAGE, PAGE).address());
      UnifiedRange unused = memory.allocate(3L * PAGE);
      device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(3L * PAGE / 4), out(unused), value(1)).await();
      UnifiedRange another = memory.allocate(2L * PAGE);
      device.kernel(TestKernels.SOURCE, "add").launch(Grid.of(2L * PAGE / 4), in(large), in(large), out(another)).await();
      assertThat(ints(unused.all())).containsOnly(1);
      assertThat(device.usedBytes()).isEqualTo(2L * PAGE);
    }
  }
}

package io.samepage.coherence;

import static io.samepage.coherence.FaultyMemory.INT;
import static io.samepage.coherence.FaultyMemory.PAGE;
import static io.samepage.coherence.FaultyMemory.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.MemoryKind;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.HostSide;
import io.samepage.coherence.state.LaunchQueue;
import io.samepage.coherence.sync.OrderedLock;
import io.samepage.coherence.transfer.Submission;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A launch fails, and one behind it overwrites what that was to write, in memory that the host touches. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class OverwrittenLossesTest {
  private static final int PATTERN = 0xDEADBEEF;

  private FaultyMemory world;
  private UnifiedArena arena;
  private MemorySegment segment;
  private Slice slice;

  private void open(MemoryKind kind) {
    world = new FaultyMemory(false, kind);
    arena = world.memory().sharedArena();
    segment = arena.allocate(2L * PAGE);
    slice = world.memory().slice(segment);
  }

  @AfterEach
  void close() {
    world.openGates();
    arena.close();
    world.close();
  }

  /** A launch that fails, and one behind it that has begun when that is entered; meanwhile nothing of the device is retired. */
  private final class Overwriting {
    final Slice elsewhere = world.pages(1).all();
    final CountDownLatch other = world.gate();
    final Fence before = world.launchGated(0, elsewhere, other);
    final CountDownLatch failing = world.gate();
    final Beside<Fence> failed;
    final CountDownLatch written = new CountDownLatch(1);
    final CountDownLatch ending = world.gate();
    final Beside<Fence> overwrites;
    final CountDownLatch retiring = world.gate();

    Overwriting() {
      failed = Beside.start(() -> world.launchBroken(0, slice, failing));
      failed.awaitWaiting();
      overwrites = Beside.start(() -> world.launchFillThenWait(0, slice, 6, written, ending));
      overwrites.awaitWaiting();
    }

    /** Who retires the launch before both of them has the lock for that, and waits for its range. */
    void fail() throws InterruptedException {
      CountDownLatch isHeld = new CountDownLatch(1);
      Beside.run(() -> hold(((CoherentRange) elsewhere.range()).lock(), isHeld));
      isHeld.await();
      other.countDown();
      awaitWithin(Beside.run(before::await).thread(), LaunchQueue.class);
      failing.countDown();
    }

    private void hold(Lock lock, CountDownLatch isHeld) {
      lock.lock();
      try {
        isHeld.countDown();
        retiring.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      } finally {
        lock.unlock();
      }
    }

    void settle() {
      retiring.countDown();
      assertThatThrownBy(failed.get()::await).isInstanceOf(KernelFailedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = MemoryKind.class, names = {"DISCRETE", "COHERENT"})
  void whatALaterLaunchHasOverwrittenIsNotLostWithTheFailedOne(MemoryKind kind) throws InterruptedException {
    open(kind);
    Overwriting both = new Overwriting();
    both.fail();
    both.written.await();
    both.settle();
    int touched = segment.getAtIndex(INT, 0);
    both.ending.countDown();
    both.overwrites.get().await();
    assertThat(segment.toArray(INT)).as("touched beside the launch as 0x%x", touched).containsOnly(6);
    assertThat(ints(slice)).containsOnly(6);
  }

  @ParameterizedTest
  @EnumSource(value = MemoryKind.class, names = {"DISCRETE", "COHERENT"})
  void whatALaterLaunchWasToOverwriteIsLostOnceItIsRefused(MemoryKind kind) throws InterruptedException {
    open(kind);
    Overwriting both = new Overwriting();
    world.node(0).failNth(Call.LAUNCH, 1);
    OrderedLock submission = ((CoherentDevice) world.device(0)).submission();
    submission.lock();
    try {
      both.fail();
      awaitWithin(both.overwrites.thread(), Submission.class);
      both.retiring.countDown();
      awaitWithin(both.failed.thread(), HostSide.class);
    } finally {
      submission.unlock();
    }
    assertThatThrownBy(both.overwrites::get).isInstanceOf(DeviceException.class);
    both.settle();
    assertThat(segment.toArray(INT)).containsOnly(PATTERN);
    assertThatThrownBy(() -> slice.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
  }

  /** Until a thread waits in methods of a class. */
  private static void awaitWithin(Thread thread, Class<?> where) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isWaitingWithin(thread, where)) {
      assertThat(thread.isAlive() && System.nanoTime() < end).as("%s waits in %s", thread, where).isTrue();
      Thread.onSpinWait();
    }
  }

  private static boolean isWaitingWithin(Thread thread, Class<?> where) {
    return thread.getState() == Thread.State.WAITING
        && Stream.of(thread.getStackTrace()).anyMatch(frame -> where.isAssignableFrom(classOf(frame)));
  }

  private static Class<?> classOf(StackTraceElement frame) {
    try {
      return Class.forName(frame.getClassName());
    } catch (ClassNotFoundException e) {
      return Object.class;
    }
  }

  @ParameterizedTest
  @EnumSource(value = MemoryKind.class, names = {"DISCRETE", "COHERENT"})
  void whatIsKnownToBeLostStaysSoWhereALaunchIsRefusedThatWasToOverwriteIt(MemoryKind kind) {
    open(kind);
    assertThatThrownBy(world.launchBroken(0, slice)::await).isInstanceOf(KernelFailedException.class);
    world.node(0).failNth(Call.LAUNCH, 1);
    assertThatThrownBy(() -> world.launchFill(0, slice, 6)).isInstanceOf(DeviceException.class);
    assertThat(segment.toArray(INT)).containsOnly(PATTERN);
    assertThatThrownBy(() -> slice.host(Access.READ)).isInstanceOf(PoisonedPageException.class);
  }
}

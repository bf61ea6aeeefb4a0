package io.samepage.coherence.state;

import static io.samepage.coherence.FaultyMemory.INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.KernelFailedException;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedRange;
import io.samepage.coherence.Beside;
import io.samepage.coherence.FaultyMemory;
import io.samepage.coherence.state.LeaseRequest.Kind;
import io.samepage.coherence.state.LeaseRequest.Use;
import io.samepage.node.NodeFence;
import io.samepage.testkit.node.InjectedFailures.Call;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Bytes beside the slice of a launch that the host writes while it is being launched are sent behind it: who needs them comes behind that
 * copy, and hears of its failure.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class BytesBesideSlicesTest {
  private static final long UNIT_BYTES = 64 << 10;
  private static final int DEVICE_NODE = 1;
  private static final long BESIDE_BYTE = 256;

  private FaultyMemory world;
  private UnifiedArena arena;
  private MemorySegment segment;
  private CoherentRange range;
  private CountDownLatch edges;

  @BeforeEach
  void open() {
    world = new FaultyMemory(64);
    arena = world.memory().sharedArena();
    segment = arena.allocate(UNIT_BYTES);
    segment.set(INT, 0, 1);
    segment.set(INT, BESIDE_BYTE, 1);
    range = (CoherentRange) world.memory().slice(segment).range();
    world.device(0).acquire(range.all(), Access.READ_WRITE).close();
  }

  @AfterEach
  void close() {
    if (edges != null) {
      edges.countDown();
    }
    arena.close();
    world.close();
  }

  private Slice slice() {
    return range.slice(0, 64);
  }

  private Slice beside() {
    return range.slice(BESIDE_BYTE, 64);
  }

  /** Launches on the slice; once the launch knows what the host has written, and before it is in its queue, the host writes beside it. */
  private Beside<Fence> launchTouchedBeside() {
    CoherentDevice device = (CoherentDevice) world.device(0);
    device.submission().lock();
    try {
      Beside<Fence> launch = Beside.start(() -> world.launchIncrement(0, slice(), 1));
      while (!device.submission().hasQueuedThread(launch.thread())) {
        Thread.onSpinWait();
      }
      segment.set(INT, BESIDE_BYTE, 7);
      return launch;
    } finally {
      device.submission().unlock();
    }
  }

  /** The same while the copy of what was written is held. */
  private Beside<Fence> launchWithHeldCopy() {
    edges = world.holdFences(0, Call.FENCE);
    Beside<Fence> launch = launchTouchedBeside();
    while (launched() == null) {
      Thread.onSpinWait();
    }
    return launch;
  }

  /** The launch that is in a queue, and whose writes the directory knows of. */
  private InFlightLaunch launched() {
    range.lock().lock();
    try {
      return range.claims().held(claim -> claim.owner().launch() != null).stream().map(claim -> claim.owner().launch()).findFirst()
          .orElse(null);
    } finally {
      range.lock().unlock();
    }
  }

  /** What a launch that reads a slice would have to come behind. */
  private Predecessors predecessors(Slice slice) {
    LeaseRequest request = new LeaseRequest(Kind.LAUNCH, DEVICE_NODE, "device", null, List.of(Use.of(range, slice, Access.READ)));
    request.lockRanges();
    try {
      return Predecessors.of(request);
    } finally {
      request.unlockRanges();
    }
  }

  /** The copies that it would be told to come behind, if it were in the queue of the launch before. */
  private List<NodeFence> neededBy(Slice slice) {
    return predecessors(slice).after(launched().queue(), null).needed();
  }

  @Test
  void aLaunchThatConflictsComesBehindTheCopyInTheSameQueueToo() {
    Beside<Fence> launch = launchWithHeldCopy();
    assertThat(neededBy(range.slice(0, BESIDE_BYTE + 64))).singleElement().matches(copy -> !copy.isDone());
    edges.countDown();
    launch.get().await();
    assertThat(launched()).isNull();
    assertThat(segment.get(INT, BESIDE_BYTE)).isEqualTo(7);
    assertThat(segment.get(INT, 0)).isEqualTo(2);
  }

  @Test
  void aLaunchOnThePageThatDoesNotConflictComesBehindTheCopyAlone() {
    Beside<Fence> launch = launchWithHeldCopy();
    UnifiedRange copied = world.pages(1);
    assertThat(neededBy(beside())).singleElement().matches(copy -> !copy.isDone());
    Fence reader = world.launchCopy(0, beside(), copied.slice(0, 64));
    assertThat(reader.isDone()).isFalse();
    edges.countDown();
    launch.get().await();
    reader.await();
    assertThat(FaultyMemory.ints(copied.slice(0, 4))).containsExactly(7);
  }

  @Test
  void aReadThatIsRepeatedIsRevokedWhenBytesAreSent() {
    world.device(0).acquire(beside(), Access.READ).close();
    assertThat(isOffered()).isTrue();
    launchTouchedBeside().get().await();
    assertThat(isOffered()).isFalse();
    assertThat(segment.get(INT, BESIDE_BYTE)).isEqualTo(7);
  }

  private boolean isOffered() {
    ResidentRead read = range.claims().enter(DEVICE_NODE, beside());
    if (read != null) {
      read.end();
    }
    return read != null;
  }

  @Test
  void aCopyThatFailsFailsItsLaunchAndThoseThatNeedThePage() {
    UnifiedRange copied = world.pages(1);
    world.node(0).failNthLate(Call.FENCE, 1);
    Beside<Fence> launch = launchWithHeldCopy();
    InFlightLaunch launched = launched();
    Predecessors predecessors = predecessors(beside());
    Fence reader = world.launchCopy(0, beside(), copied.slice(0, 64));
    edges.countDown();
    assertThat(predecessors.toRetire()).as("what a reader must hear of first").containsExactly(launched);
    assertThatThrownBy(() -> launch.get().await()).isInstanceOf(KernelFailedException.class)
        .hasMessageContaining("beside the kernel's slices");
    assertThatThrownBy(reader::await).isInstanceOf(KernelFailedException.class);
    assertThatThrownBy(() -> world.device(0).acquire(beside(), Access.READ)).isInstanceOf(PoisonedPageException.class);
    assertThatThrownBy(() -> world.device(0).acquire(copied.slice(0, 64), Access.READ)).isInstanceOf(PoisonedPageException.class);
  }
}

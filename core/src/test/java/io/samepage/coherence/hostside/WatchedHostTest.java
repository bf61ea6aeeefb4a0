package io.samepage.coherence.hostside;

import static io.samepage.coherence.FaultyMemory.INT;
import static io.samepage.coherence.FaultyMemory.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.HostLease;
import io.samepage.MemoryKind;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.coherence.Beside;
import io.samepage.coherence.FaultyMemory;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.HostSide;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** What the fault table said is entered in the directory before it can be outdated. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class WatchedHostTest {
  /** One looks at the pages of the first device's window while the second device gets what it has written. */
  private static void assertSeesWhatIsGotMeanwhile(BiConsumer<HostSide, PlacedWindow> looks) {
    try (FaultyMemory world = new FaultyMemory(false, MemoryKind.DISCRETE, MemoryKind.DISCRETE);
        UnifiedArena arena = world.memory().sharedArena()) {
      MemorySegment segment = arena.allocate(4L * PAGE);
      Slice slice = world.memory().slice(segment);
      segment.fill((byte) 3);
      for (int device = 0; device < 2; device++) {
        world.device(device).acquire(slice, Access.READ).close();
      }
      CoherentRange range = (CoherentRange) slice.range();
      PlacedWindow window = range.windows().all().stream().filter(each -> each.device() == world.device(0)).findFirst().orElseThrow();
      CoherentDevice other = (CoherentDevice) world.device(1);
      LeaseRequest writing = new LeaseRequest(LeaseRequest.Kind.LAUNCH, other.node(), other.name(), null,
          List.of(LeaseRequest.Use.of(range, slice, Access.WRITE)));
      Beside<Void> look;
      range.lock().lock();
      try {
        look = Beside.run(() -> looks.accept(range.hostSide(), window));
        look.awaitWaiting();
        range.hostSide().withdraw(writing.claim(range), other);
        range.directory().wrote(other.node(), 0, range.pages());
      } finally {
        range.lock().unlock();
      }
      look.get();
      assertThat(range.directory().heldBy(Layout.HOST_NODE, 0, range.pages()).isEmpty()).as("the frames are outdated").isTrue();
      world.launchFill(1, slice, 5).await();
      try (HostLease lease = slice.host(Access.READ)) {
        assertThat(lease.segment().toArray(INT)).containsOnly(5);
      }
    }
  }

  @Test
  void whereAWindowIsLost() {
    assertSeesWhatIsGotMeanwhile(HostSide::lost);
  }

  @Test
  void whereAWindowGoes() {
    assertSeesWhatIsGotMeanwhile(HostSide::evacuate);
  }
}

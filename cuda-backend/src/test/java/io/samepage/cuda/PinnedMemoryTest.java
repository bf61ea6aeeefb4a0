package io.samepage.cuda;

import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelFailedException;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Host memory is pinned for copies while it has its frames, on the test double, which refuses what a driver would. */
class PinnedMemoryTest {
  private static final long CHUNKS_BYTES = 2 * HostPins.CHUNK_BYTES + (1 << 20);

  private UnifiedMemory memory;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").open();
  }

  @AfterEach
  void close() {
    memory.close();
    assertThat(DoubleNative.registeredBytes()).as("pinned when all is closed").isZero();
    DoubleNative.reset();
  }

  private UnifiedRange filled(long bytes, int value) {
    UnifiedRange range = memory.allocate(bytes);
    fill(range, value);
    return range;
  }

  private static void fill(UnifiedRange range, int value) {
    try (HostLease lease = range.host(Access.WRITE)) {
      for (long i = 0; i < range.sizeBytes() / 4; i++) {
        lease.segment().setAtIndex(ValueLayout.JAVA_INT, i, value);
      }
    }
  }

  private void increment(int device, UnifiedRange range) {
    memory.devices().get(device).kernel(TestKernels.SOURCE, "increment").launch(Grid.of(range.sizeBytes() / 4), inOut(range), value(1))
        .await();
  }

  private static void assertHolds(UnifiedRange range, int value) {
    try (HostLease lease = range.host(Access.READ)) {
      for (long i = 0; i < range.sizeBytes() / 4; i++) {
        if (lease.segment().getAtIndex(ValueLayout.JAVA_INT, i) != value) {
          assertThat(lease.segment().getAtIndex(ValueLayout.JAVA_INT, i)).as("int %d", i).isEqualTo(value);
        }
      }
    }
  }

  @Test
  void longCopiesPinWhatTheyUseInChunksAndGoInOnePartForEach() {
    UnifiedRange range = filled(CHUNKS_BYTES, 1);
    assertThat(DoubleNative.registeredBytes()).as("before a copy").isZero();
    increment(0, range);
    assertThat(DoubleNative.registeredBytes()).isEqualTo(CHUNKS_BYTES);
    long chunks = PinnedChunks.of(range);
    assertThat(chunks).isBetween(3L, 4L);
    assertThat(DoubleNative.calls("cuMemHostRegister_v2")).isEqualTo(chunks);
    assertThat(DoubleNative.calls("cuMemcpyHtoDAsync_v2")).isEqualTo(chunks);
    assertHolds(range, 2);
    assertThat(DoubleNative.calls("cuMemHostRegister_v2")).as("pinned once").isEqualTo(chunks);
    assertThat(memory.devices().getFirst().statistics().runsToDevice()).as("one run in several parts").isEqualTo(1);
  }

  @Test
  void shortCopiesPinNothing() {
    UnifiedRange range = filled(HostPins.SHORTEST_RUN_BYTES / 2, 1);
    increment(0, range);
    assertHolds(range, 2);
    assertThat(DoubleNative.calls("cuMemHostRegister_v2")).isZero();
  }

  @Test
  void aRangeThatIsClosedIsNotPinnedAnyMore() {
    UnifiedRange kept = filled(1 << 20, 1);
    UnifiedRange range = filled(CHUNKS_BYTES, 1);
    increment(0, range);
    increment(0, kept);
    range.close();
    assertThat(DoubleNative.registeredBytes()).isEqualTo(1 << 20);
  }

  @Test
  void whatIsDiscardedIsUnpinnedBeforeItsFramesGoAndPinnedAgainWhenItIsUsed() {
    UnifiedRange range = filled(CHUNKS_BYTES, 1);
    increment(0, range);
    range.slice(0, 1 << 12).discard();
    assertThat(DoubleNative.registeredBytes()).as("but the first chunk")
        .isBetween(CHUNKS_BYTES - HostPins.CHUNK_BYTES, CHUNKS_BYTES - (1 << 12));
    range.all().discard();
    assertThat(DoubleNative.registeredBytes()).isZero();
    fill(range, 5);
    increment(0, range);
    assertThat(DoubleNative.registeredBytes()).isEqualTo(CHUNKS_BYTES);
    assertHolds(range, 6);
  }

  @Test
  void whereTheDriverPinsNoMoreCopiesGoByWayOfItsBuffers() {
    DoubleNative.mostRegisteredBytes(HostPins.CHUNK_BYTES);
    UnifiedRange range = filled(CHUNKS_BYTES, 1);
    increment(0, range);
    assertHolds(range, 2);
    assertThat(DoubleNative.registeredBytes()).isPositive().isLessThanOrEqualTo(HostPins.CHUNK_BYTES);
    assertThat(DoubleNative.calls("cuMemHostRegister_v2")).as("asked once for each chunk").isEqualTo(PinnedChunks.of(range));
  }

  @Test
  void whatALostDeviceHadPinnedIsGivenBackByAnotherOne() {
    UnifiedRange range = filled(1 << 20, 1);
    memory.devices().getFirst().acquire(range.all(), Access.READ).close();
    assertThat(DoubleNative.registeredBytes()).isEqualTo(1 << 20);
    UnifiedRange beyond = memory.allocate(4096);
    Fence failing = memory.devices().getFirst().kernel(TestKernels.SOURCE, "fill").launch(Grid.of(1 << 20), out(beyond), value(1));
    assertThatThrownBy(failing::await).isInstanceOf(KernelFailedException.class);
    range.close();
    assertThat(DoubleNative.registeredBytes()).isZero();
  }

  @Test
  void theFaultHandlerCopiesAcrossChunksInParts() {
    try (UnifiedArena arena = memory.sharedArena()) {
      arena.allocate(1 << 20);
      MemorySegment segment = arena.allocate(CHUNKS_BYTES);
      segment.fill((byte) 1);
      memory.devices().getFirst().kernel(TestKernels.SOURCE, "increment").launch(Grid.of(CHUNKS_BYTES / 4), inOut(segment), value(1));
      UnifiedRange range = memory.range(segment);
      range.all().prefetchToHost().await();
      assertHolds(range, 0x01010102);
      assertThat(DoubleNative.registeredBytes()).isEqualTo(range.sizeBytes());
      assertThat(memory.hostStatistics().poisonedPages()).isZero();
    }
  }

  @Test
  void devicesShareWhatIsPinned() {
    UnifiedRange range = filled(1 << 20, 1);
    increment(0, range);
    assertHolds(range, 2);
    fill(range, 7);
    increment(1, range);
    assertHolds(range, 8);
    assertThat(DoubleNative.registeredBytes()).isEqualTo(1 << 20);
  }
}

package io.samepage.cuda;

import static io.samepage.Argument.in;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.DeviceException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.MemoryKind;
import io.samepage.PoisonedPageException;
import io.samepage.Slice;
import io.samepage.UnifiedArena;
import io.samepage.UnifiedMemory;
import io.samepage.testkit.TestKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Touches that wait in vain, as a kernel takes too long, on a device that uses the host's pages and one that has copies: who else is at
 * work on these pages goes on as if nothing had happened. On the test double.
 */
class GivenUpTouchesTest {
  private static final String TIMEOUT = "samepage.fault.timeoutMillis";
  private static final int TIMEOUT_MILLIS = 100;
  private static final long UNIT = 1 << 16;
  private static final int PATTERN = 0xDEADBEEF;

  private UnifiedMemory memory;
  private UnifiedArena arena;
  private Device sharing;
  private Device copying;

  @BeforeEach
  void open() {
    DoubleNative.reset();
    DoubleNative.isIntegrated(0);
    memory = UnifiedMemory.builder().devices("cuda:0", "cuda:1").deviceMemoryKind("cuda:0", MemoryKind.COHERENT).open();
    sharing = memory.devices().get(0);
    copying = memory.devices().get(1);
    System.setProperty(TIMEOUT, Integer.toString(TIMEOUT_MILLIS));
    try {
      arena = memory.sharedArena();
    } finally {
      System.clearProperty(TIMEOUT);
    }
  }

  @AfterEach
  void close() {
    DoubleNative.hold(false);
    arena.close();
    memory.close();
    DoubleNative.reset();
  }

  private static Fence fill(Device device, MemorySegment segment, int value) {
    return device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(value));
  }

  private static Fence copy(Device device, MemorySegment from, MemorySegment to) {
    return device.kernel(TestKernels.SOURCE, "copy").launch(Grid.of(from.byteSize()), in(from), out(to));
  }

  private static int[] ints(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_INT);
  }

  /** A unit that a kernel has filled and another one reads when a touch of it has waited in vain; behind it what that one writes. */
  private MemorySegment givenUp() {
    MemorySegment segment = arena.allocate(3 * UNIT);
    MemorySegment read = segment.asSlice(0, UNIT);
    fill(sharing, read, 7).await();
    DoubleNative.hold(true);
    Fence copied = copy(sharing, read, segment.asSlice(UNIT, UNIT));
    assertThat(read.get(ValueLayout.JAVA_INT, 0)).as("as it is").isEqualTo(7);
    DoubleNative.hold(false);
    copied.await();
    return segment;
  }

  @Test
  void kernelsThatReadTheHostsPagesGetWhatWasThere() {
    MemorySegment segment = givenUp();
    assertThat(ints(segment.asSlice(UNIT, UNIT))).containsOnly(7);
  }

  @Test
  void whatWasGivenUpIsLostForWhoeverComesLaterUntilItIsOverwritten() {
    MemorySegment segment = givenUp();
    MemorySegment read = segment.asSlice(0, UNIT);
    MemorySegment other = arena.allocate(UNIT);
    // Nothing in the block may be mapped any more, as far as that tells.
    fill(sharing, segment.asSlice(2 * UNIT, UNIT), 1).await();
    assertThatThrownBy(() -> copy(copying, read, other)).isInstanceOf(PoisonedPageException.class);
    assertThatThrownBy(() -> sharing.acquire(memory.slice(read), Access.READ_WRITE)).isInstanceOf(PoisonedPageException.class);
    fill(sharing, read, 8).await();
    assertThat(ints(read)).containsOnly(8);
    copy(copying, read, other).await();
    assertThat(ints(other)).containsOnly(8);
  }

  @Test
  void aPrefetchToTheHostWaitsForKernelsAndGivesUpNothing() throws Exception {
    MemorySegment segment = arena.allocate(2 * UNIT);
    MemorySegment filled = segment.asSlice(0, UNIT);
    fill(sharing, filled, 7).await();
    DoubleNative.hold(true);
    Fence other = fill(sharing, segment.asSlice(UNIT, UNIT), 8);
    Slice slice = memory.slice(filled);
    FutureTask<Void> prefetch = new FutureTask<>(() -> slice.prefetchToHost().await(), null);
    Thread.ofPlatform().start(prefetch);
    Thread.sleep(4 * TIMEOUT_MILLIS);
    DoubleNative.hold(false);
    prefetch.get();
    other.await();
    assertThat(slice.residency().poisonedPages()).isZero();
    assertThat(ints(filled)).containsOnly(7);
  }

  @Test
  void aHostLeaseThatIsRefusedLeavesToDevicesWhatTheyHave() {
    MemorySegment first = arena.allocate(UNIT);
    MemorySegment second = arena.allocate(4 * UNIT);
    first.fill((byte) 3);
    second.fill((byte) 3);
    // So that copies to the host don't wait in the call: memory is pinned by an upload.
    copying.acquire(memory.slice(second), Access.READ).close();
    fill(copying, first, 4).await();
    fill(copying, second, 4).await();
    DoubleNative.hold(true);
    assertThat(second.get(ValueLayout.JAVA_INT, 0)).isEqualTo(PATTERN);
    assertThatThrownBy(() -> memory.host(Access.WRITE, List.of(memory.slice(first), memory.slice(second))))
        .isInstanceOf(DeviceException.class).hasMessageContaining("may still arrive");
    DoubleNative.hold(false);
    assertThat(ints(first)).containsOnly(4);
  }
}

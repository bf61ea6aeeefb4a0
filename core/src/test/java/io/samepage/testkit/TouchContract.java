package io.samepage.testkit;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostAccess;
import io.samepage.HostLease;
import io.samepage.UnifiedArena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What contracts about touched memory stand on: a shared arena for each test, and short names for kernels over segments. */
public abstract class TouchContract extends MemoryContract {
  /** What a touch brings. */
  protected static final int UNIT_BYTES = 64 * 1024;
  /** The unit of bookkeeping. */
  protected static final int BLOCK_BYTES = 2 << 20;
  /** Segments begin at pages, but slices of them anywhere. */
  protected static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private UnifiedArena arena;

  @BeforeEach
  final void openArena() {
    assertThat(memory().hostAccess().mode()).as("%s", memory().hostAccess()).isEqualTo(HostAccess.Mode.TRANSPARENT);
    arena = memory().sharedArena();
  }

  @AfterEach
  final void closeArena() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  /** {@return the arena of the test} */
  protected final UnifiedArena arena() {
    return arena;
  }

  protected final MemorySegment allocate(long sizeBytes) {
    return arena.allocate(sizeBytes);
  }

  /** Stores {@code first, first + 1, …} without a lease. */
  protected static void store(MemorySegment segment, int first) {
    for (long i = 0; i < segment.byteSize() / 4; i++) {
      segment.setAtIndex(INT, i, first + (int) i);
    }
  }

  /** {@return what loads see, without a lease} */
  protected static int[] loads(MemorySegment segment) {
    return segment.toArray(INT);
  }

  protected final Fence fill(MemorySegment segment, int with) {
    return fill(device(), segment, with);
  }

  protected static Fence fill(Device device, MemorySegment segment, int with) {
    return device.kernel(TestKernels.SOURCE, "fill").launch(Grid.of(segment.byteSize() / 4), out(segment), value(with));
  }

  /** Writes one number into every 8 bytes, on a device. */
  protected static Fence stamp(Device device, MemorySegment segment, long with) {
    return device.kernel(TestKernels.SOURCE, "stamp").launch(Grid.of(segment.byteSize() / 8), out(segment), value(with));
  }

  protected final Fence increment(MemorySegment segment, int by) {
    return kernel("increment").launch(Grid.of(segment.byteSize() / 4), inOut(segment), value(by));
  }

  protected final Fence copy(MemorySegment from, MemorySegment to) {
    return kernel("copy").launch(Grid.of(from.byteSize()), in(from), out(to));
  }

  /** Has a device that is given all of one segment to read copy the first bytes of it to another. */
  protected final void copyFirst(MemorySegment from, MemorySegment to) {
    kernel("copy").launch(Grid.of(to.byteSize()), in(from), out(to)).await();
  }

  /** {@return a new segment that holds {@code first, first + 1, …} and that a device alone has} */
  protected final MemorySegment onDevice(int first, long sizeBytes) {
    MemorySegment segment = allocate(sizeBytes);
    store(segment, first - 1);
    increment(segment, 1);
    return segment;
  }

  /** {@return the bytes that a device sees in a segment, by way of a copy that nobody touches} */
  protected final byte[] seenByDevice(MemorySegment segment) {
    MemorySegment seen = allocate(segment.byteSize());
    copy(segment, seen);
    try (HostLease lease = memory().slice(seen).host(Access.READ)) {
      return lease.segment().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** {@return the ints that a device sees in a segment} */
  protected final int[] intsSeenByDevice(MemorySegment segment) {
    return MemorySegment.ofArray(seenByDevice(segment)).toArray(INT);
  }
}

package io.samepage.testkit;

import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Access;
import io.samepage.Advice;
import io.samepage.Device;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.Kernel;
import io.samepage.MemoryKind;
import io.samepage.Residency;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * What all contracts stand on: a fresh memory over the devices under test for each test, closed after it (which fails if the test
 * left a lease open), and short names for what tests do all the time. The timeout is there to turn a hang into a failure.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
public abstract class MemoryContract extends DevicesUnderTest {
  /** Slices begin at any multiple of the element size, so nothing is said of their alignment. */
  protected static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  private static final long DENSE_BYTES = 4 << 20;
  /** The system's, so it is asked for once. */
  private static long pageOfSystem;

  private UnifiedMemory memory;
  private long page;

  @BeforeEach
  final void openMemory() {
    page = pageSizeBytes();
    memory = open();
  }

  @AfterEach
  final void closeMemory() {
    memory.close();
  }

  /** {@return the memory of a test; contracts with settings of their own override this} */
  protected UnifiedMemory open() {
    return builder().open();
  }

  private static synchronized long pageSizeBytes() {
    if (pageOfSystem == 0) {
      try (UnifiedMemory probe = UnifiedMemory.builder().devices("embedded").open()) {
        pageOfSystem = probe.allocate(1).all().residency().pageSizeBytes();
      }
    }
    return pageOfSystem;
  }

  protected final UnifiedMemory memory() {
    return memory;
  }

  protected final Device device() {
    return memory.devices().getFirst();
  }

  /** {@return the size of a page in bytes} */
  protected final long page() {
    return page;
  }

  /** {@return whether ranges take address space alone until their pages are used: shared virtual memory is taken at once} */
  protected final boolean isSparse() {
    return memoryKind() != MemoryKind.SVM;
  }

  /** {@return a size for a range that is hardly used, or a smaller one where all of it is taken} */
  protected final long sparse(long sizeBytes) {
    return isSparse() ? sizeBytes : Math.min(sizeBytes, DENSE_BYTES);
  }

  /** {@return a new range of whole pages} */
  protected final UnifiedRange pages(long count) {
    return memory.allocate(count * page);
  }

  protected final Kernel kernel(String name) {
    return device().kernel(TestKernels.SOURCE, name);
  }

  /** Writes {@code first, first + 1, …} over a slice of whole ints, from the host. */
  protected static void write(Slice slice, int first) {
    try (HostLease lease = slice.host(Access.WRITE)) {
      MemorySegment segment = lease.segment();
      for (long i = 0; i < slice.sizeBytes() / 4; i++) {
        segment.setAtIndex(INT, i, first + (int) i);
      }
    }
  }

  protected static void write(UnifiedRange range, int first) {
    write(range.all(), first);
  }

  /** {@return what copying so much to devices comes to: where they use the host's pages, nothing} */
  protected final Moved toDevice(long bytes, long runs) {
    return copies() ? Moved.toDevice(bytes, runs) : Moved.NOTHING;
  }

  /** {@return what copying so much to the host comes to: where devices use its pages, nothing} */
  protected final Moved toHost(long bytes, long runs) {
    return copies() ? Moved.toHost(bytes, runs) : Moved.NOTHING;
  }

  /** {@return who holds a page that nodes have where it is copied: where devices use the host's pages, the host and all of them} */
  protected final String[] holders(String... nodes) {
    return copies() ? nodes
        : Stream.concat(Stream.of(Residency.HOST), memory.devices().stream().map(Device::name)).toArray(String[]::new);
  }

  /** {@return the first where pages are copied to devices, else the second} */
  protected final long whereCopied(long count, long otherwise) {
    return copies() ? count : otherwise;
  }

  /** {@return what the host reads from a slice of whole ints} */
  protected static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  protected static int[] ints(UnifiedRange range) {
    return ints(range.all());
  }

  /** {@return what the host reads from a slice} */
  protected static byte[] bytes(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** {@return {@code first, first + 1, …}, as many as there are ints in so many bytes} */
  protected static int[] sequence(int first, long sizeBytes) {
    return IntStream.range(first, first + (int) (sizeBytes / 4)).toArray();
  }

  /** {@return the same int again and again, as many as there are in so many bytes} */
  protected static int[] repeated(int value, long sizeBytes) {
    return IntStream.generate(() -> value).limit(sizeBytes / 4).toArray();
  }

  /** Brings a slice to the first device, as a reader. */
  protected final void readOnDevice(Slice slice) {
    device().acquire(slice, Access.READ).close();
  }

  protected final void readOnDevice(UnifiedRange range) {
    readOnDevice(range.all());
  }

  /** Waits until a node has copies of all pages of a slice, and whoever brought them is done. Called where no lease is open. */
  protected final void awaitCopies(Slice slice, String node) {
    while (slice.residency().pagesOn(node) < slice.residency().pageCount() || memory.statistics().openLeases() > 0) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
    }
  }

  /** {@return one of each advice, and of each node} */
  protected final List<Advice> everyAdvice() {
    List<Advice> all = new ArrayList<>(List.of(Advice.readMostly(), Advice.willNotNeed(), Advice.preferredLocationHost(),
        Advice.accessedByHost()));
    memory.devices().forEach(device -> all.addAll(List.of(Advice.preferredLocation(device), Advice.accessedBy(device))));
    return all;
  }

  /** Fills a slice of whole ints on the first device, and waits for it. */
  protected final void fillOnDevice(Slice slice, int value) {
    fillOn(device(), slice, value);
  }

  protected final void fillOnDevice(UnifiedRange range, int value) {
    fillOnDevice(range.all(), value);
  }

  /** Fills a slice of whole ints on a device, and waits for it. */
  protected static void fillOn(Device device, Slice slice, int value) {
    Kernel fill = device.kernel(TestKernels.SOURCE, "fill");
    fill.launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(value)).await();
  }
}

package io.samepage.coherence;

import static io.samepage.Argument.in;
import static io.samepage.Argument.inOut;
import static io.samepage.Argument.out;
import static io.samepage.Argument.value;

import io.samepage.Access;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.HostLease;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.Slice;
import io.samepage.UnifiedMemory;
import io.samepage.UnifiedRange;
import io.samepage.embedded.EmbeddedBackend;
import io.samepage.host.HostMemory;
import io.samepage.testkit.TestKernels;
import io.samepage.testkit.node.FailingBackend;
import io.samepage.testkit.node.InjectedFailures;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** A memory over embedded devices that fail when a test wants it, and short names for what the tests do with it. */
public final class FaultyMemory implements AutoCloseable {
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  public static final int PAGE = pageSizeBytes();
  /** What a broken kernel leaves behind before it throws. */
  public static final int GARBAGE = 0xDEAD;
  private static final long SLOW_NANOS = 300_000;

  private final FailingBackend backend = new FailingBackend(new EmbeddedBackend());
  private final UnifiedMemory memory;
  private final Queue<CountDownLatch> gates = new ConcurrentLinkedQueue<>();
  private boolean isForgotten;

  /** Opens as many devices as there are budgets, each with one of so many pages. */
  public FaultyMemory(int... budgetsPages) {
    CoherentMemoryBuilder builder = new CoherentMemoryBuilder().backends(List.of(backend)).leaseTimeout(Duration.ofMinutes(2));
    String[] names = new String[budgetsPages.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = "embedded:" + i;
      builder.deviceBudget(names[i], (long) budgetsPages[i] * PAGE);
    }
    memory = builder.devices(names).open();
  }

  /** Opens devices of these kinds, with room for everything. */
  public FaultyMemory(boolean isRelaxed, MemoryKind... kinds) {
    CoherentMemoryBuilder builder = new CoherentMemoryBuilder().backends(List.of(backend)).leaseTimeout(Duration.ofMinutes(2))
        .relaxedHost(isRelaxed);
    String[] names = new String[kinds.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = "embedded:" + i;
      builder.deviceMemoryKind(names[i], kinds[i]);
    }
    memory = builder.devices(names).open();
  }

  private static int pageSizeBytes() {
    try (HostMemory host = HostMemory.open()) {
      return host.pageSizeBytes();
    }
  }

  public UnifiedMemory memory() {
    return memory;
  }

  public Device device(int index) {
    return memory.devices().get(index);
  }

  public InjectedFailures node(int index) {
    return backend.node(device(index).name());
  }

  public UnifiedRange pages(int count) {
    return memory.allocate((long) count * PAGE);
  }

  /** A page of a range, or several. */
  public static Slice pages(UnifiedRange range, int first, int count) {
    return range.slice((long) first * PAGE, (long) count * PAGE);
  }

  /** A latch for kernels to wait for. Opened at the end, so that a test that fails ends. */
  public CountDownLatch gate() {
    return remembered(new CountDownLatch(1));
  }

  /** Holds back the fences of a device, see {@link InjectedFailures#holdFences}. Ends at the end, too. */
  public CountDownLatch holdFences(int device, InjectedFailures.Call call) {
    return remembered(node(device).holdFences(call));
  }

  private CountDownLatch remembered(CountDownLatch gate) {
    gates.add(gate);
    return gate;
  }

  public Fence launchFill(int device, Slice slice, int value) {
    return device(device).kernel(TestKernels.SOURCE, "fill").launch(Grid.of(slice.sizeBytes() / 4), out(slice), value(value));
  }

  /** As {@link #launchFill}, but it keeps the queue busy for a while before. */
  public Fence launchSlowFill(int device, Slice slice, int value) {
    KernelSource source = KernelSource.builder().java("slowFill", List.of(KernelParameter.out("a", 4)), (group, arguments) -> {
      for (long end = System.nanoTime() + SLOW_NANOS; System.nanoTime() < end; ) {
        Thread.onSpinWait();
      }
      for (long i = group.startX(); i < group.endX(); i++) {
        arguments.segment(0).setAtIndex(INT, i, value);
      }
    }).build();
    return device(device).kernel(source, "slowFill").launch(Grid.of(slice.sizeBytes() / 4), out(slice));
  }

  /** As {@link #launchFill}, but the kernel tells that it has written, and ends when a latch is open. */
  public Fence launchFillThenWait(int device, Slice slice, int value, CountDownLatch written, CountDownLatch latch) {
    KernelSource source = KernelSource.builder().java("fillThenWait", List.of(KernelParameter.out("a", 4)), (group, arguments) -> {
      for (long i = group.startX(); i < group.endX(); i++) {
        arguments.segment(0).setAtIndex(INT, i, value);
      }
      written.countDown();
      await(latch);
    }).build();
    int items = (int) (slice.sizeBytes() / 4);
    return device(device).kernel(source, "fillThenWait").launch(Grid.of(items).local(items), out(slice));
  }

  public Fence launchIncrement(int device, Slice slice, int by) {
    return device(device).kernel(TestKernels.SOURCE, "increment").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice), value(by));
  }

  public Fence launchCopy(int device, Slice from, Slice to) {
    return device(device).kernel(TestKernels.SOURCE, "copy").launch(Grid.of(from.sizeBytes()), in(from), out(to));
  }

  public Fence launchAdd(int device, Slice a, Slice b, Slice sum) {
    return device(device).kernel(TestKernels.SOURCE, "add").launch(Grid.of(sum.sizeBytes() / 4), in(a), in(b), out(sum));
  }

  /** A kernel that fills its slice with garbage and then fails, once a latch is open. */
  public Fence launchBroken(int device, Slice slice, CountDownLatch latch) {
    KernelSource source = KernelSource.builder().java("broken", List.of(KernelParameter.out("a", 4)), (group, arguments) -> {
      await(latch);
      for (long i = group.startX(); i < group.endX(); i++) {
        arguments.segment(0).setAtIndex(INT, i, GARBAGE);
      }
      throw new IllegalStateException("broken on purpose");
    }).build();
    return device(device).kernel(source, "broken").launch(Grid.of(slice.sizeBytes() / 4), out(slice));
  }

  public Fence launchBroken(int device, Slice slice) {
    return launchBroken(device, slice, new CountDownLatch(0));
  }

  /** A kernel that occupies the device's queue until a latch is open, then adds 1 to each element. */
  public Fence launchGated(int device, Slice slice, CountDownLatch latch) {
    KernelSource source = KernelSource.builder().java("gated", List.of(KernelParameter.inOut("a", 4)), (group, arguments) -> {
      await(latch);
      for (long i = group.startX(); i < group.endX(); i++) {
        arguments.segment(0).setAtIndex(INT, i, arguments.segment(0).getAtIndex(INT, i) + 1);
      }
    }).build();
    return device(device).kernel(source, "gated").launch(Grid.of(slice.sizeBytes() / 4), inOut(slice));
  }

  /** A kernel that waits until a latch is open, then copies. */
  public Fence launchGatedCopy(int device, Slice from, Slice to, CountDownLatch latch) {
    KernelSource source = KernelSource.builder().java("gatedCopy", List.of(KernelParameter.in("a", 4), KernelParameter.out("b", 4)),
        (group, arguments) -> {
          await(latch);
          for (long i = group.startX(); i < group.endX(); i++) {
            arguments.segment(1).setAtIndex(INT, i, arguments.segment(0).getAtIndex(INT, i));
          }
        }).build();
    return device(device).kernel(source, "gatedCopy").launch(Grid.of(from.sizeBytes() / 4), in(from), out(to));
  }

  /** Waits until a copy from a device to the host was asked for. */
  public void awaitDownload(int device) {
    while (node(device).calls(InjectedFailures.Call.DOWNLOAD) == 0) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void fill(Slice slice, int value) {
    try (HostLease lease = slice.host(Access.WRITE)) {
      for (long i = 0; i < slice.sizeBytes() / 4; i++) {
        lease.segment().setAtIndex(INT, i, value);
      }
    }
  }

  public static int[] ints(Slice slice) {
    try (HostLease lease = slice.host(Access.READ)) {
      return lease.segment().toArray(INT);
    }
  }

  public long openLeases() {
    return memory.statistics().openLeases();
  }

  /** The test has closed the memory itself. */
  public void forget() {
    isForgotten = true;
  }

  /** So that what waits for kernels ends. */
  public void openGates() {
    gates.forEach(CountDownLatch::countDown);
  }

  @Override
  public void close() {
    openGates();
    if (!isForgotten) {
      memory.close();
    }
  }
}

package io.samepage.testkit.node;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelParameter;
import io.samepage.KernelSource;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DriverSignals;
import io.samepage.node.FaultSource;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import io.samepage.testkit.node.FailurePlan.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A node that fails when a test wants it, and otherwise does what the node inside does. Windows and kernels are those of the node
 * inside. Safe for use by several threads.
 *
 * <p>A call fails at once, by {@link DeviceException}, or late: it returns, nothing is done, and every fence behind it fails, up to and
 * including the next fence or launch of the thread that called. A launch behind a late failure doesn't run.
 */
public final class InjectedFailures implements DeviceNode {
  /** The calls that can fail. */
  public enum Call {
    /** {@link DeviceNode#allocate}. Can't fail late. */
    ALLOCATE,
    /** {@link DeviceNode#upload}. When it fails at once, the first half of the runs has been enqueued. */
    UPLOAD,
    /** {@link DeviceNode#download}. When it fails at once, the first half of the runs has been enqueued. */
    DOWNLOAD,
    /** {@link DeviceNode#zero}. */
    ZERO,
    /** {@link DeviceNode#fill}. */
    FILL,
    /** {@link DeviceNode#copyFrom}. When it fails at once, the first half of the runs has been enqueued. */
    COPY_FROM,
    /** {@link DeviceNode#fence}. When it fails late, what was before it has been done all the same. */
    FENCE,
    /** {@link DeviceNode#launch}, in any queue. */
    LAUNCH
  }

  private static final KernelSource DELAY = KernelSource.builder().java("delay", List.of(KernelParameter.value("nanos", long.class)),
      (group, arguments) -> {
        for (long end = System.nanoTime() + arguments.longValue(0); System.nanoTime() < end; ) {
          Thread.onSpinWait();
        }
      }).build();
  private static final Set<Call> WITH_FENCE = EnumSet.of(Call.FENCE, Call.LAUNCH);

  private final DeviceNode inner;
  private final DeviceInfo info;
  private final List<NodeQueue> queues;
  private volatile LongSupplier delays;
  private volatile long mostWindowBytes = Long.MAX_VALUE;
  private volatile Runnable hostIsUsed = () -> { };
  private volatile boolean takesUploads;
  private final FailurePlan plan = new FailurePlan();
  private final Map<Call, CountDownLatch> holds = new ConcurrentHashMap<>();

  /**
   * Wraps a node.
   *
   * @param inner the node
   */
  public InjectedFailures(DeviceNode inner) {
    this(inner, inner.info());
  }

  /**
   * Wraps a node as one of another device.
   *
   * @param inner the node
   * @param info what it says that it is
   */
  public InjectedFailures(DeviceNode inner, DeviceInfo info) {
    this.inner = inner;
    this.info = info;
    queues = inner.computeQueues().stream().map(queue -> (NodeQueue) new InjectedQueue(this, queue)).toList();
  }

  /**
   * Says what is done first when it is told of the host's pages.
   *
   * @param action what is done
   * @return this
   */
  public InjectedFailures whenHostIsUsed(Runnable action) {
    hostIsUsed = action;
    return this;
  }

  /** Has commands take their uploads along from now on. Behind them is the second fence that is asked for then. */
  public void takeUploads() {
    takesUploads = true;
  }

  boolean takesUploads() {
    return takesUploads;
  }

  /**
   * Makes a call to come fail at once.
   *
   * @param call which sort of call
   * @param n which of them, counted from now: 1 is the next
   */
  public void failNth(Call call, long n) {
    plan.planNth(call, n, Outcome.THROWS);
  }

  /**
   * Makes a call to come fail late.
   *
   * @param call which sort of call, not {@link Call#ALLOCATE}
   * @param n which of them, counted from now: 1 is the next
   */
  public void failNthLate(Call call, long n) {
    checkCanFailLate(call);
    plan.planNth(call, n, Outcome.FAILS_LATE);
  }

  /**
   * Makes all calls of a sort fail at once, until {@link #heal}.
   *
   * @param call which sort of call
   */
  public void failAll(Call call) {
    plan.planAll(call, Outcome.THROWS);
  }

  /**
   * Makes all calls of a sort fail late, until {@link #heal}.
   *
   * @param call which sort of call, not {@link Call#ALLOCATE}
   */
  public void failAllLate(Call call) {
    checkCanFailLate(call);
    plan.planAll(call, Outcome.FAILS_LATE);
  }

  private static void checkCanFailLate(Call call) {
    if (call == Call.ALLOCATE) {
      throw new IllegalArgumentException("An allocation fails at once or not at all");
    }
  }

  /** Lets all later calls work. What failed late before is told by its fence all the same. */
  public void heal() {
    plan.clear();
  }

  /**
   * Holds fences back: those given out from now on don't pass before the latch is open, whatever the device has done. Ends when the
   * latch is open. Held fences may pass out of order.
   *
   * @param call whose fences: {@link Call#FENCE} or {@link Call#LAUNCH}
   * @return the latch, to be counted down once
   */
  public CountDownLatch holdFences(Call call) {
    if (!WITH_FENCE.contains(call)) {
      throw new IllegalArgumentException("Only these give out fences: " + WITH_FENCE + ", call=" + call);
    }
    CountDownLatch latch = new CountDownLatch(1);
    holds.put(call, latch);
    return latch;
  }

  /**
   * Counts calls.
   *
   * @param call which sort of call
   * @return how many there were, those that failed included
   */
  public long calls(Call call) {
    return plan.count(call);
  }

  /**
   * From now on makes the device take its time before each command, whichever queue it is in. For devices that run Java's kernels.
   *
   * @param nanos says how long, each time it is asked
   */
  public void delay(LongSupplier nanos) {
    delays = nanos;
  }

  /** Enqueues a delay, if there is to be one. */
  void delay(Consumer<List<NodeArgument>> launch) {
    LongSupplier next = delays;
    if (next != null) {
      launch.accept(List.of(new NodeArgument.Value(next.getAsLong())));
    }
  }

  NodeKernel delayKernel() {
    return inner.kernel(DELAY, "delay");
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public long maxWindowBytes() {
    return Math.min(mostWindowBytes, inner.maxWindowBytes());
  }

  /** Has the driver make no larger buffers than this from now on. */
  public void limitWindows(long sizeBytes) {
    mostWindowBytes = sizeBytes;
  }

  @Override
  public Optional<FaultSource> faultSource() {
    return inner.faultSource();
  }

  @Override
  public boolean usesHostPages() {
    return inner.usesHostPages();
  }

  @Override
  public Window wrap(long hostAddress, long sizeBytes) {
    return inner.wrap(hostAddress, sizeBytes);
  }

  @Override
  public Window allocate(long sizeBytes) {
    if (plan.next(Call.ALLOCATE) != Outcome.WORKS) {
      throw injected(Call.ALLOCATE);
    }
    return inner.allocate(sizeBytes);
  }

  @Override
  public void free(Window window) {
    inner.free(window);
  }

  @Override
  public void upload(List<CopyRun> runs) {
    copy(Call.UPLOAD, runs, inner::upload);
  }

  @Override
  public void download(List<CopyRun> runs) {
    copy(Call.DOWNLOAD, runs, inner::download);
  }

  @Override
  public void zero(Window window, long offsetBytes, long sizeBytes) {
    copy(Call.ZERO, List.of(window), windows -> windows.forEach(each -> inner.zero(each, offsetBytes, sizeBytes)));
  }

  @Override
  public void fill(Window window, long offsetBytes, long sizeBytes, byte value) {
    copy(Call.FILL, List.of(window), windows -> windows.forEach(each -> inner.fill(each, offsetBytes, sizeBytes, value)));
  }

  @Override
  public boolean canCopyFrom(DeviceNode source) {
    return inner.canCopyFrom(unwrap(source));
  }

  @Override
  public void copyFrom(DeviceNode source, List<PeerRun> runs) {
    copy(Call.COPY_FROM, runs, some -> inner.copyFrom(unwrap(source), some));
  }

  private static DeviceNode unwrap(DeviceNode node) {
    return node instanceof InjectedFailures wrapped ? wrapped.inner : node;
  }

  private <T> void copy(Call call, List<T> runs, Consumer<List<T>> copy) {
    delay(nanos -> inner.launch(delayKernel(), Grid.of(1), nanos));
    switch (plan.next(call)) {
      case WORKS -> copy.accept(runs);
      case FAILS_LATE -> plan.failLate();
      case THROWS -> {
        copy.accept(runs.subList(0, runs.size() / 2));
        throw injected(call);
      }
    }
  }

  @Override
  public NodeFence fence() {
    boolean isFailed = failsLate(Call.FENCE);
    return injected(Call.FENCE, inner.fence(), isFailed);
  }

  @Override
  public NodeKernel kernel(KernelSource source, String name) {
    return inner.kernel(source, name);
  }

  @Override
  public void checkGrid(NodeKernel kernel, Grid grid) {
    inner.checkGrid(kernel, grid);
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments) {
    boolean isFailed = failsLate(Call.LAUNCH);
    return injected(Call.LAUNCH, isFailed ? inner.fence() : inner.launch(kernel, grid, arguments), isFailed);
  }

  @Override
  public void wakeBy(DriverSignals signals) {
    inner.wakeBy(signals);
  }

  @Override
  public void launchBy(long function) {
    inner.launchBy(function);
  }

  @Override
  public List<NodeQueue> computeQueues() {
    return queues;
  }

  /** Whether a call with a fence of its own is to fail late; throws if at once. */
  boolean failsLate(Call call) {
    Outcome outcome = plan.next(call);
    if (outcome == Outcome.THROWS) {
      throw injected(call);
    }
    return plan.claimLateFailure() || outcome == Outcome.FAILS_LATE;
  }

  /** A fence that was given out for a call, held or failed. */
  NodeFence injected(Call call, NodeFence fence, boolean isFailed) {
    CountDownLatch hold = holds.get(call);
    boolean isHeld = hold != null && hold.getCount() > 0;
    return isFailed || isHeld ? new InjectedFence(fence, isHeld ? hold : new CountDownLatch(0), isFailed ? describe(call) : null) : fence;
  }

  private DeviceException injected(Call call) {
    return new DeviceException(describe(call));
  }

  private String describe(Call call) {
    return info.name() + ": injected failure, call=" + call;
  }

  @Override
  public void releaseEvent(long event) {
    inner.releaseEvent(event);
  }

  @Override
  public void noteForeignCopies() {
    inner.noteForeignCopies();
  }

  @Override
  public void settleFetches() {
    inner.settleFetches();
  }

  @Override
  public boolean isLost() {
    return inner.isLost();
  }

  @Override
  public void useHost(long address, long sizeBytes) {
    hostIsUsed.run();
    inner.useHost(address, sizeBytes);
  }

  @Override
  public void leaveHost(long address, long sizeBytes) {
    inner.leaveHost(address, sizeBytes);
  }

  @Override
  public TransferCounters counters() {
    return inner.counters();
  }

  @Override
  public void close() {
    inner.close();
  }

  @Override
  public String toString() {
    return "InjectedFailures[" + inner + "]";
  }
}

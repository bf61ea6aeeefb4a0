package io.samepage.embedded;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.DeviceRequest;
import io.samepage.node.FaultSource;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded device: windows of native memory, and {@link CommandQueue}s. Everything is checked when it is enqueued, so that a
 * mistake is thrown where it was made; commands fail only for what can't be known then.
 */
final class EmbeddedNode implements DeviceNode {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedNode.class);
  /** The process's memory, to be used with addresses as offsets. */
  private static final MemorySegment HOST = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  /** Copies are cut into pieces: between two the thread can be stopped for a garbage collection. */
  private static final long PIECE_BYTES = 4 << 20;
  private static final int COMPUTE_QUEUES = 4;

  private final EmbeddedBackend backend;
  private final DeviceInfo info;
  private final long capacityBytes;
  private final boolean usesHostPages;
  private final CommandQueue queue;
  private final List<EmbeddedQueue> computeQueues;
  private final TransferCounters counters = new TransferCounters();
  private final Set<EmbeddedWindow> windows = ConcurrentHashMap.newKeySet();
  /** Guarded by windows. */
  private long usedBytes;

  EmbeddedNode(EmbeddedBackend backend, DeviceRequest request) {
    this.backend = backend;
    info = request.device();
    capacityBytes = request.budgetBytes();
    usesHostPages = request.memoryKind() == MemoryKind.COHERENT;
    String threadName = "samepage-" + info.name().replace(':', '-');
    queue = new CommandQueue(info.name(), threadName);
    computeQueues = IntStream.rangeClosed(1, COMPUTE_QUEUES)
        .mapToObj(number -> new EmbeddedQueue(this, new CommandQueue(info.name(), threadName + "-" + number))).toList();
  }

  @Override
  public DeviceInfo info() {
    return info;
  }

  @Override
  public long maxWindowBytes() {
    return usesHostPages ? Long.MAX_VALUE : capacityBytes;
  }

  @Override
  public Window allocate(long sizeBytes) {
    if (sizeBytes < 1) {
      throw new IllegalArgumentException("A window has at least one byte: sizeBytes=" + sizeBytes + ", device=" + info.name());
    }
    charge(sizeBytes);
    try {
      EmbeddedWindow window = EmbeddedWindow.allocate(this, sizeBytes);
      windows.add(window);
      return window;
    } catch (RuntimeException | Error e) {
      charge(-sizeBytes);
      throw e;
    }
  }

  private void charge(long bytes) {
    synchronized (windows) {
      if (bytes > capacityBytes - usedBytes) {
        throw new DeviceException("Out of device memory: neededBytes=" + bytes + ", freeBytes=" + (capacityBytes - usedBytes)
            + ", capacityBytes=" + capacityBytes + ", device=" + info.name());
      }
      usedBytes += bytes;
    }
  }

  @Override
  public boolean usesHostPages() {
    return usesHostPages;
  }

  @Override
  public Window wrap(long hostAddress, long sizeBytes) {
    EmbeddedWindow window = EmbeddedWindow.wrap(this, HOST.asSlice(hostAddress, sizeBytes));
    windows.add(window);
    return window;
  }

  @Override
  public void free(Window window) {
    EmbeddedWindow own = own(window);
    if (!windows.remove(own)) {
      throw new IllegalStateException("Freed twice: window=" + own);
    }
    own.free();
    charge(-own.chargedBytes());
  }

  /** Memory of this process, at an address that is a multiple of 8. That it is as large as that can't be checked. */
  @Override
  public Window adopt(long handle, long sizeBytes) {
    EmbeddedWindow window = EmbeddedWindow.adopt(this, handle, sizeBytes);
    windows.add(window);
    return window;
  }

  private EmbeddedWindow own(Window window) {
    if (window instanceof EmbeddedWindow own && own.node() == this) {
      return own;
    }
    throw new IllegalArgumentException("Not a window of this device: window=" + window + ", device=" + info.name());
  }

  private EmbeddedWindow checked(Window window, long offsetBytes, long sizeBytes) {
    EmbeddedWindow own = own(window);
    own.checkBounds(offsetBytes, sizeBytes);
    return own;
  }

  @Override
  public void upload(List<CopyRun> runs) {
    List<CopyRun> copies = List.copyOf(runs);
    copies.forEach(run -> checked(run.window(), run.windowOffsetBytes(), run.sizeBytes()));
    queue.copy("upload", () -> copies.forEach(this::upload));
  }

  private void upload(CopyRun run) {
    copy(HOST, run.hostAddress(), own(run.window()).segment(), run.windowOffsetBytes(), run.sizeBytes());
    counters.countUpload(run.sizeBytes());
  }

  @Override
  public void download(List<CopyRun> runs) {
    queue.copy("download", downloadRun(runs));
  }

  Runnable downloadRun(List<CopyRun> runs) {
    List<CopyRun> copies = List.copyOf(runs);
    copies.forEach(run -> checked(run.window(), run.windowOffsetBytes(), run.sizeBytes()));
    return () -> copies.forEach(this::download);
  }

  private void download(CopyRun run) {
    copy(own(run.window()).segment(), run.windowOffsetBytes(), HOST, run.hostAddress(), run.sizeBytes());
    counters.countDownload(run.sizeBytes());
  }

  @Override
  public void fill(Window window, long offsetBytes, long sizeBytes, byte value) {
    queue.copy("fill", fillRun(window, offsetBytes, sizeBytes, value));
  }

  Runnable fillRun(Window window, long offsetBytes, long sizeBytes, byte value) {
    MemorySegment segment = checked(window, offsetBytes, sizeBytes).segment();
    return () -> segment.asSlice(offsetBytes, sizeBytes).fill(value);
  }

  @Override
  public boolean canCopyFrom(DeviceNode source) {
    return source instanceof EmbeddedNode node && node.backend == backend;
  }

  @Override
  public void copyFrom(DeviceNode source, List<PeerRun> runs) {
    if (!canCopyFrom(source)) {
      throw new IllegalArgumentException("Can't copy from that device: source=" + source.info().name() + ", target=" + info.name());
    }
    EmbeddedNode from = (EmbeddedNode) source;
    if (from == this) {
      queue.copy("copy within", copyWithinRun(runs));
      return;
    }
    List<PeerRun> copies = List.copyOf(runs);
    copies.forEach(run -> checkPeerRun(from, run));
    // Each queue waits only for what was enqueued before its own command, so no two can wait for each other.
    EmbeddedFence behindSource = from.queue.dependency();
    queue.copy("copy from " + from.info.name(), () -> {
      behindSource.awaitUninterruptibly();
      copies.forEach(run -> copyFromPeer(from, run));
    });
  }

  Runnable copyWithinRun(List<PeerRun> runs) {
    List<PeerRun> copies = List.copyOf(runs);
    copies.forEach(run -> checkPeerRun(this, run));
    return () -> copies.forEach(this::copyWithin);
  }

  private void checkPeerRun(EmbeddedNode from, PeerRun run) {
    from.checked(run.source(), run.sourceOffsetBytes(), run.sizeBytes());
    checked(run.target(), run.targetOffsetBytes(), run.sizeBytes());
  }

  private void copyWithin(PeerRun run) {
    copy(own(run.source()).segment(), run.sourceOffsetBytes(), own(run.target()).segment(), run.targetOffsetBytes(), run.sizeBytes());
    counters.countWithin(run.sizeBytes());
  }

  private void copyFromPeer(EmbeddedNode from, PeerRun run) {
    copy(from.own(run.source()).segment(), run.sourceOffsetBytes(), own(run.target()).segment(), run.targetOffsetBytes(), run.sizeBytes());
    counters.countFromPeer(run.sizeBytes());
  }

  private static void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, long sizeBytes) {
    for (long done = 0; done < sizeBytes; done += PIECE_BYTES) {
      MemorySegment.copy(source, sourceOffset + done, target, targetOffset + done, Math.min(PIECE_BYTES, sizeBytes - done));
    }
  }

  @Override
  public NodeFence fence() {
    return queue.fence();
  }

  @Override
  public NodeKernel kernel(KernelSource source, String name) {
    return EmbeddedKernel.find(info.name(), source, name);
  }

  /** Any grid whose items can be counted. */
  @Override
  public void checkGrid(NodeKernel kernel, Grid grid) {
    try {
      Math.multiplyExact(Math.multiplyExact(grid.roundedSize(0), grid.roundedSize(1)), grid.roundedSize(2));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("More than 2^63-1 work items: grid=" + grid + ", device=" + info.name(), e);
    }
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments) {
    return queue.launch("kernel " + kernel.name(), kernelRun(kernel, grid, arguments), NodeQueue.After.NOTHING);
  }

  @Override
  public List<NodeQueue> computeQueues() {
    return List.copyOf(computeQueues);
  }

  Runnable kernelRun(NodeKernel kernel, Grid grid, List<NodeArgument> arguments) {
    EmbeddedKernel own = (EmbeddedKernel) Objects.requireNonNull(kernel, "kernel");
    List<NodeArgument> copied = List.copyOf(arguments);
    for (NodeArgument argument : copied) {
      if (argument instanceof NodeArgument.Memory memory) {
        checked(memory.window(), memory.offsetBytes(), memory.sizeBytes());
      }
    }
    return () -> run(own, grid, copied);
  }

  private void run(EmbeddedKernel kernel, Grid grid, List<NodeArgument> arguments) {
    counters.countLaunch();
    try (Arena arena = Arena.ofConfined()) {
      LaunchArguments launchArguments = new LaunchArguments(arguments, arena);
      Groups.of(grid).forEach(group -> kernel.form().body().run(group, launchArguments));
    }
  }

  @Override
  public Optional<FaultSource> faultSource() {
    return Optional.of(new FaultSource.Memory());
  }

  @Override
  public TransferCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    computeQueues.forEach(EmbeddedQueue::close);
    queue.close();
    if (!windows.isEmpty()) {
      LOG.warn("Windows of {} were still allocated when it was closed: {}", info.name(), windows);
      windows.forEach(this::free);
    }
  }

  @Override
  public String toString() {
    return "EmbeddedNode[" + info.name() + "]";
  }
}

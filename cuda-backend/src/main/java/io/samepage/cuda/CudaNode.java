package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelSource;
import io.samepage.node.CopyRun;
import io.samepage.node.DeviceNode;
import io.samepage.node.FaultSource;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import io.samepage.node.NodeQueue;
import io.samepage.node.PeerRun;
import io.samepage.node.TransferCounters;
import io.samepage.node.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A CUDA device as a node: memory of its own, a stream for transfers, streams for kernels, programs cached by their text. */
final class CudaNode implements DeviceNode {
  // A multiple of every page size in use.
  private static final long WINDOW_GRANULE_BYTES = 64 * 1024;
  private static final int COMPUTE_QUEUES = 4;

  private final FoundDevice device;
  private final CudaContext context;
  private final MemoryCalls memory;
  private final StreamCalls calls;
  private final FetchStream fetchStream;
  private final SparseMemory sparse;
  private final HostPins pins;
  private final HostCopies copies;
  private final EventPool events;
  private final TransferCounters counters = new TransferCounters();
  private final Map<String, CudaProgram> programs = new ConcurrentHashMap<>();
  private final Set<CudaNode> peers = ConcurrentHashMap.newKeySet();
  private final CudaStream stream;
  private final CudaQueue ownQueue;
  private final List<CudaQueue> computeQueues;

  CudaNode(FoundDevice device) {
    this.device = device;
    context = new CudaContext(device);
    memory = new MemoryCalls(context);
    pins = new HostPins(context, memory, device.info().budgetBytes());
    copies = new HostCopies(memory, pins, counters, device.ordinal());
    calls = new StreamCalls(context);
    fetchStream = new FetchStream(context);
    events = new EventPool(calls, fetchStream.device());
    List<CudaStream> streams = new ArrayList<>();
    try (CudaContext.Use current = context.enter()) {
      sparse = new SparseMemory(context, device.ordinal());
      for (int i = 0; i < 1 + COMPUTE_QUEUES; i++) {
        streams.add(new CudaStream(context, calls, events));
      }
    } catch (RuntimeException e) {
      giveBack(streams);
      throw e;
    }
    stream = streams.getFirst();
    ownQueue = new CudaQueue(stream, memory, counters);
    computeQueues = streams.stream().skip(1).map(each -> new CudaQueue(each, memory, counters)).toList();
  }

  private void giveBack(List<CudaStream> streams) {
    try (CudaContext.Use current = context.enter()) {
      fetchStream.close();
      streams.forEach(CudaStream::close);
      pins.close();
      programs.values().forEach(program -> program.release(context));
      programs.clear();
      events.close();
    } finally {
      context.close();
      fetchStream.forget();
    }
  }

  /** Sees to it that this node can copy from another one directly, where the devices can. */
  void connect(CudaNode source) {
    if (context.canAccess(source.context)) {
      context.enableAccess(source.context);
      source.sparse.addUser(device.ordinal());
      peers.add(source);
    }
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public long maxWindowBytes() {
    return device.info().memoryBytes() / WINDOW_GRANULE_BYTES * WINDOW_GRANULE_BYTES;
  }

  @Override
  public Window allocate(long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      return new CudaWindow(memory.allocate(sizeBytes), sizeBytes);
    }
  }

  @Override
  public void free(Window window) {
    giveBack(() -> {
      if (window.isSparse()) {
        sparse.free(window);
      } else {
        memory.free(window.handle());
      }
    });
  }

  /** The memory of a device that is lost went with it. */
  private void giveBack(Runnable action) {
    try (CudaContext.Use current = context.enter()) {
      action.run();
    } catch (DeviceException e) {
      if (!context.isLost()) {
        throw e;
      }
    }
  }

  @Override
  public long sparseUnitBytes() {
    return sparse.unitBytes();
  }

  @Override
  public Window reserve(long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      return sparse.reserve(sizeBytes);
    }
  }

  @Override
  public void back(Window window, long offsetBytes, long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      sparse.back(window, offsetBytes, sizeBytes);
    }
  }

  @Override
  public void unback(Window window, long offsetBytes, long sizeBytes) {
    giveBack(() -> sparse.unback(window, offsetBytes, sizeBytes));
  }

  @Override
  public void useHost(long address, long sizeBytes) {
    pins.use(address, sizeBytes);
  }

  @Override
  public void leaveHost(long address, long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      pins.leave(address, sizeBytes, stream::settle);
    }
  }

  /** {@return how much host memory is pinned for this device} */
  long pinnedBytes() {
    return pins.pinnedBytes();
  }

  /** Enqueues commands in the node's own stream. */
  private void enqueue(List<?> runs, Runnable commands) {
    try (CudaContext.Use current = context.enter()) {
      commands.run();
    } finally {
      if (!runs.isEmpty()) {
        stream.enqueued();
      }
    }
  }

  @Override
  public void upload(List<CopyRun> runs) {
    enqueue(runs, () -> copies.upload(stream.handle(), runs));
  }

  @Override
  public void download(List<CopyRun> runs) {
    enqueue(runs, () -> copies.download(stream.handle(), runs));
  }

  @Override
  public void fill(Window window, long offsetBytes, long sizeBytes, byte value) {
    enqueue(List.of(window), () -> memory.fill(stream.handle(), window.handle() + offsetBytes, sizeBytes, value));
  }

  @Override
  public boolean canCopyFrom(DeviceNode source) {
    return source == this || source instanceof CudaNode node && peers.contains(node);
  }

  @Override
  public void copyFrom(DeviceNode source, List<PeerRun> runs) {
    CudaNode from = (CudaNode) source;
    if (from != this && !runs.isEmpty()) {
      waitFor(from);
    }
    enqueue(runs, () -> runs.forEach(run -> copy(from, run)));
  }

  private void waitFor(CudaNode source) {
    NodeFence before = source.fence();
    try (CudaContext.Use current = context.enter()) {
      stream.waitFor(before, source.events);
    }
  }

  private void copy(CudaNode from, PeerRun run) {
    long source = run.source().handle() + run.sourceOffsetBytes();
    long target = run.target().handle() + run.targetOffsetBytes();
    if (from == this) {
      memory.copy(stream.handle(), source, target, run.sizeBytes());
      counters.countWithin(run.sizeBytes());
    } else {
      memory.copyFromPeer(stream.handle(), from.context, source, target, run.sizeBytes());
      counters.countFromPeer(run.sizeBytes());
    }
  }

  @Override
  public NodeFence fence() {
    try (CudaContext.Use current = context.enter()) {
      return stream.fence();
    } catch (DeviceException e) {
      // What is lost is waited for as what failed, so that who cleans up need not know.
      if (!context.isLost()) {
        throw e;
      }
      return CudaFence.failed(e);
    }
  }

  @Override
  public NodeKernel kernel(KernelSource source, String name) {
    String text = source.ptx().orElseThrow(() -> new KernelBuildException(
        "The kernel has no form in PTX: " + device.subject() + ", name=" + name + ", source=" + source, ""));
    try (CudaContext.Use current = context.enter()) {
      return programs.computeIfAbsent(text, t -> new CudaProgram(device, new ModuleCalls(context), t)).kernel(name, source);
    }
  }

  @Override
  public void checkGrid(NodeKernel kernel, Grid grid) {
    ((CudaKernel) kernel).check(grid);
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments) {
    return ownQueue.launch(kernel, grid, arguments, NodeQueue.After.NOTHING);
  }

  @Override
  public List<NodeQueue> computeQueues() {
    return List.copyOf(computeQueues);
  }

  @Override
  public Optional<FaultSource> faultSource() {
    return Optional.of(fetchStream.source(stream, () -> new CudaStream(context, calls, events)));
  }

  /** They are in the stream: a fence behind it stands behind them. */
  @Override
  public void noteForeignCopies() {
    stream.enqueued();
  }

  @Override
  public void releaseEvent(long event) {
    events.at(event).release();
  }

  @Override
  public boolean isLost() {
    return context.isLost();
  }

  @Override
  public TransferCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    List<CudaStream> streams = new ArrayList<>(computeQueues.stream().map(CudaQueue::stream).toList());
    streams.add(stream);
    giveBack(streams);
  }
}

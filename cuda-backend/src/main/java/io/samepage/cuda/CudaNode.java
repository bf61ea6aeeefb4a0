package io.samepage.cuda;

import io.samepage.DeviceException;
import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
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
import jcuda.driver.CUcontext;
import jcuda.driver.CUevent;
import jcuda.driver.CUstream;

/** A CUDA device as a node: memory of its own or the host's, a stream for transfers, streams for kernels, programs cached by their text. */
final class CudaNode implements DeviceNode {
  // A multiple of every page size in use.
  private static final long WINDOW_GRANULE_BYTES = 64 * 1024;
  private static final int COMPUTE_QUEUES = 4;

  private final FoundDevice device;
  private final CudaContext context;
  private final MemoryKind memoryKind;
  private final MemoryCalls memory;
  private final WindowCommands commands;
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
  private final ProgramStream programStream;

  /** Takes over the context, also if it throws. */
  CudaNode(FoundDevice device, CudaContext context, MemoryKind memoryKind) {
    this.device = device;
    this.context = context;
    this.memoryKind = memoryKind;
    memory = new MemoryCalls(context);
    commands = new WindowCommands(memory);
    pins = new HostPins(context, memory, device.info().budgetBytes());
    copies = new HostCopies(memory, pins, counters, device.ordinal());
    calls = new StreamCalls(context);
    programStream = new ProgramStream(context, calls);
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
    ownQueue = new CudaQueue(stream, commands, counters);
    computeQueues = streams.stream().skip(1).map(each -> new CudaQueue(each, commands, counters)).toList();
  }

  private void giveBack(List<CudaStream> streams) {
    try (CudaContext.Use current = context.enter()) {
      fetchStream.close();
      programStream.close();
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

  /** Tries out whether address space really gets memory, before the node is used and after it is connected. */
  void trySparse() {
    if (sparseUnitBytes() > 0) {
      try (CudaContext.Use current = context.enter()) {
        new SparseTrial(sparse, memory).run();
      }
    }
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public boolean usesHostPages() {
    return memoryKind == MemoryKind.COHERENT;
  }

  /** What is registered stays the device's as long as the registration lasts, also where the host has got other frames. */
  @Override
  public boolean holdsHostPages() {
    return usesHostPages() && device.hostPages() == HostPages.REGISTERED;
  }

  @Override
  public long maxWindowBytes() {
    if (usesHostPages() && !holdsHostPages()) {
      return Long.MAX_VALUE / WINDOW_GRANULE_BYTES * WINDOW_GRANULE_BYTES;
    }
    // What is registered has its frames, all of them.
    long mostBytes = usesHostPages() ? device.info().budgetBytes() : device.info().memoryBytes();
    return mostBytes / WINDOW_GRANULE_BYTES * WINDOW_GRANULE_BYTES;
  }

  @Override
  public Window wrap(long hostAddress, long sizeBytes) {
    if (holdsHostPages()) {
      try (CudaContext.Use current = context.enter()) {
        pins.hold(hostAddress, sizeBytes);
      }
    }
    return new HostWindow(hostAddress, sizeBytes);
  }

  @Override
  public Window allocate(long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      return new CudaWindow(memory.allocate(sizeBytes), sizeBytes);
    }
  }

  /** A {@code CUdeviceptr} of this node's context. */
  @Override
  public Window adopt(long handle, long sizeBytes) {
    try (CudaContext.Use current = context.enter()) {
      return AdoptedWindow.of(memory, handle, sizeBytes);
    }
  }

  /** Of what others have allocated nothing is given back. */
  @Override
  public void free(Window window) {
    if (window instanceof SparseWindow) {
      giveBack(() -> sparse.free(window));
    } else if (window instanceof CudaWindow) {
      giveBack(() -> memory.free(window.handle()));
    }
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
    return usesHostPages() ? 0 : sparse.unitBytes();
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

  /** Unlike {@code cuMemFree}, the driver does not wait for what still reads there; all but the reads that were given up is over. */
  @Override
  public void unback(Window window, long offsetBytes, long sizeBytes) {
    settleFetches();
    giveBack(() -> sparse.unback(window, offsetBytes, sizeBytes));
  }

  /** Nothing is copied from or to memory that the device uses as it is. */
  @Override
  public void useHost(long address, long sizeBytes) {
    if (!usesHostPages() || holdsHostPages()) {
      pins.use(address, sizeBytes);
    }
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
    enqueue(List.of(window), () -> commands.fill(stream.handle(), window, offsetBytes, sizeBytes, value));
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
    if (from == this) {
      commands.copy(stream.handle(), run);
      counters.countWithin(run.sizeBytes());
    } else {
      long source = run.source().handle() + run.sourceOffsetBytes();
      long target = run.target().handle() + run.targetOffsetBytes();
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

  /** {@return a queue whose commands nobody counts, before the node is used} */
  NodeQueue untoldQueue() {
    return new CudaQueue(stream, commands, new TransferCounters());
  }

  /** {@return the context as the program has it} */
  CUcontext contextHandle() {
    return context.plainHandle();
  }

  /** {@return a stream of the context that the node does not use} */
  CUstream programStream() {
    return programStream.handle();
  }

  /** {@return an event of the program's as a fence} */
  EventFence fenceOf(CUevent event) {
    return EventFence.of(context, calls, event);
  }

  /** {@return a fence behind all that is in a stream of the program's now} */
  EventFence fenceBehind(CUstream stream) {
    if (!context.has(stream)) {
      throw new IllegalArgumentException("The stream belongs to another context: " + device.subject() + ", stream=" + stream + ", context="
          + context.plainHandle());
    }
    try (CudaContext.Use current = context.enter()) {
      return EventFence.behind(context, calls, stream);
    }
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
  public void settleFetches() {
    giveBack(fetchStream::settle);
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

package io.samepage.opencl;

import io.samepage.DeviceInfo;
import io.samepage.Grid;
import io.samepage.KernelBuildException;
import io.samepage.KernelSource;
import io.samepage.MemoryKind;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** An OpenCL device as a node: buffers of its own, in-order queues, programs cached by their text. */
final class OpenClNode implements DeviceNode {
  // A multiple of every page size in use.
  private static final long WINDOW_GRANULE_BYTES = 64 * 1024;
  private static final int COMPUTE_QUEUES = 4;

  private final FoundDevice device;
  private final MemoryKind memoryKind;
  private final OpenClContext context;
  private final ClCalls calls;
  private final CommandQueue queue;
  private final TransferCounters counters = new TransferCounters();
  private final Map<String, OpenClProgram> programs = new ConcurrentHashMap<>();
  private final HostCopies hostCopies;
  private final FetchQueue fetchQueue;
  private final OpenClQueue ownQueue;
  private final List<NodeQueue> computeQueues;
  /** Null where uploads are enqueued first. */
  private volatile JointLaunch joint;

  /** Takes over one use of the context, unless it throws. */
  OpenClNode(FoundDevice device, OpenClContext context, MemoryKind memoryKind) {
    this.device = device;
    this.memoryKind = memoryKind;
    this.context = context;
    calls = new ClCalls(device.subject());
    queue = new CommandQueue(calls, context.handle(), device.id());
    hostCopies = new HostCopies(this, device);
    Temporaries temporaries = new Temporaries(device.limits().alignmentBytes());
    ownQueue = new OpenClQueue(this, queue, temporaries);
    computeQueues = Stream.generate(() -> (NodeQueue) new OpenClQueue(this, new CommandQueue(calls, context.handle(), device.id()),
        temporaries)).limit(COMPUTE_QUEUES).toList();
    fetchQueue = new FetchQueue(calls, context.handle(), device.id(), queue.handle());
  }

  @Override
  public DeviceInfo info() {
    return device.info();
  }

  @Override
  public boolean usesHostPages() {
    return memoryKind == MemoryKind.COHERENT;
  }

  @Override
  public Window wrap(long hostAddress, long sizeBytes) {
    return new OpenClWindow(calls.createHostBuffer(context.handle(), hostAddress, sizeBytes), sizeBytes,
        context.svm().contains(hostAddress) ? hostAddress : 0);
  }

  @Override
  public long maxSvmBytes() {
    return Math.min(maxWindowBytes(), context.svm().maxBytes());
  }

  @Override
  public long allocateSvm(long sizeBytes) {
    return context.svm().allocate(device, sizeBytes);
  }

  @Override
  public void freeSvm(long address) {
    context.svm().free(address);
  }

  @Override
  public boolean sharesSvmWith(DeviceNode other) {
    // A context may have devices that can't use it.
    return canCopyFrom(other) && hasSvm() && ((OpenClNode) other).hasSvm();
  }

  private boolean hasSvm() {
    return device.info().memoryKinds().contains(MemoryKind.SVM);
  }

  @Override
  public long maxWindowBytes() {
    return device.limits().maxAllocationBytes() / WINDOW_GRANULE_BYTES * WINDOW_GRANULE_BYTES;
  }

  @Override
  public Window allocate(long sizeBytes) {
    return new OpenClWindow(calls.createBuffer(context.handle(), sizeBytes), sizeBytes);
  }

  /** A {@code cl_mem} of this node's context. */
  @Override
  public Window adopt(long handle, long sizeBytes) {
    return AdoptedWindow.of(calls, context.handle(), handle, sizeBytes);
  }

  @Override
  public void free(Window window) {
    calls.releaseMemory(window.handle());
  }

  @Override
  public void upload(List<CopyRun> runs) {
    EventList commands = new EventList();
    try {
      hostCopies.upload(queue.handle(), runs, commands);
    } finally {
      track(commands);
    }
  }

  /** Takes over the events of commands in the own queue. */
  void track(EventList commands) {
    queue.track(commands);
  }

  @Override
  public void download(List<CopyRun> runs) {
    EventList commands = new EventList();
    try {
      hostCopies.download(queue.handle(), runs, commands);
    } finally {
      queue.track(commands);
    }
  }

  @Override
  public void fill(Window window, long offsetBytes, long sizeBytes, byte value) {
    EventList commands = new EventList();
    commands.add(calls.enqueueFill(queue.handle(), window.handle(), offsetBytes, sizeBytes, value));
    queue.track(commands);
  }

  @Override
  public boolean canCopyFrom(DeviceNode source) {
    return source instanceof OpenClNode node && node.context == context;
  }

  @Override
  public void copyFrom(DeviceNode source, List<PeerRun> runs) {
    EventList commands = new EventList();
    try {
      if (source != this) {
        waitFor((OpenClNode) source, commands);
      }
      for (PeerRun run : runs) {
        commands.add(calls.enqueueCopy(queue.handle(), run.source().handle(), run.sourceOffsetBytes(), run.target().handle(),
            run.targetOffsetBytes(), run.sizeBytes()));
        count(source, run.sizeBytes());
      }
    } finally {
      queue.track(commands);
    }
  }

  private void waitFor(OpenClNode source, EventList commands) {
    long mark = source.calls.enqueueMarker(source.queue.handle());
    try {
      source.calls.flush(source.queue.handle());
      commands.add(calls.enqueueWait(queue.handle(), mark));
    } finally {
      source.calls.releaseEvent(mark);
    }
  }

  private void count(DeviceNode source, long sizeBytes) {
    if (source == this) {
      counters.countWithin(sizeBytes);
    } else {
      counters.countFromPeer(sizeBytes);
    }
  }

  @Override
  public NodeFence fence() {
    calls.flush(queue.handle());
    return queue.fence();
  }

  @Override
  public NodeKernel kernel(KernelSource source, String name) {
    String text = source.openClC().orElseThrow(() -> new KernelBuildException(
        "The kernel has no form in OpenCL C: " + device.subject() + ", name=" + name + ", source=" + source, ""));
    return programs.computeIfAbsent(text, t -> new OpenClProgram(device, context, t, ProgramBinaries.shared())).kernel(name);
  }

  @Override
  public void checkGrid(NodeKernel kernel, Grid grid) {
    ((OpenClKernel) kernel).check(grid);
  }

  @Override
  public NodeFence launch(NodeKernel kernel, Grid grid, List<NodeArgument> arguments) {
    return ownQueue.launch(kernel, grid, arguments, NodeQueue.After.NOTHING);
  }

  @Override
  public List<NodeQueue> computeQueues() {
    return computeQueues;
  }

  @Override
  public Optional<FaultSource> faultSource() {
    return Optional.of(fetchQueue.source());
  }

  @Override
  public void settleFetches() {
    fetchQueue.settle();
  }

  @Override
  public void releaseEvent(long event) {
    calls.releaseEvent(event);
  }

  @Override
  public void noteForeignCopies() {
    EventList commands = new EventList();
    commands.add(calls.enqueueMarker(queue.handle()));
    queue.track(commands);
  }

  @Override
  public void wakeBy(DriverSignals signals) {
    ownQueue.wakeBy(signals);
    computeQueues.forEach(each -> ((OpenClQueue) each).wakeBy(signals));
  }

  @Override
  public void launchBy(long function) {
    if (joint == null && JointLaunch.suits(device.info())) {
      joint = new JointLaunch(this, function);
      computeQueues.forEach(each -> ((OpenClQueue) each).launchBy(joint));
    }
  }

  @Override
  public TransferCounters counters() {
    return counters;
  }

  /** Waits until the queue is empty. */
  void finish(EventList commands) {
    queue.track(commands);
    calls.finish(queue.handle());
  }

  HostCopies hostCopies() {
    return hostCopies;
  }

  ClCalls calls() {
    return calls;
  }

  OpenClContext context() {
    return context;
  }

  long queueHandle() {
    return queue.handle();
  }

  @Override
  public void close() {
    try {
      fetchQueue.close();
      computeQueues.forEach(each -> ((OpenClQueue) each).close());
      queue.close();
      programs.values().forEach(OpenClProgram::release);
      programs.clear();
    } finally {
      if (joint != null) {
        joint.close();
      }
      context.release();
    }
  }
}

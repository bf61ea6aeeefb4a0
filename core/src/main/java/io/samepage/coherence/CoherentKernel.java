package io.samepage.coherence;

import io.samepage.Argument;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeKernel;
import java.util.ArrayList;
import java.util.List;

/** A kernel of a device, and how it is launched. */
final class CoherentKernel implements Kernel {
  private final CoherentDevice device;
  private final NodeKernel nodeKernel;
  private final ArgumentChecks checks;

  CoherentKernel(CoherentDevice device, NodeKernel nodeKernel) {
    this.device = device;
    this.nodeKernel = nodeKernel;
    checks = new ArgumentChecks(device.owner(), this);
  }

  @Override
  public String name() {
    return nodeKernel.name();
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public List<KernelParameter> parameters() {
    return nodeKernel.parameters();
  }

  @Override
  public Fence launch(Grid grid, Argument... arguments) {
    CoherentMemory memory = device.owner();
    memory.checkOpen();
    List<Argument> checked = checks.checked(arguments);
    device.whileOpen(() -> {
      device.deviceNode().checkGrid(nodeKernel, grid);
      return null;
    });
    device.launches().retireDone();
    LeaseRequest request = request(memory, checked);
    memory.watching().checkReaches(device, request);
    Acquisition.hold(request, device, memory.leases(), memory.leaseTimeout());
    try {
      Arrivals arrivals = new Preparation(request, memory.coherentDevices()).bringToDevice(device);
      return device.whileOpen(() -> submit(grid, checked, request, arrivals));
    } catch (RuntimeException | Error e) {
      memory.leases().release(request);
      throw e;
    }
  }

  private LeaseRequest request(CoherentMemory memory, List<Argument> arguments) {
    List<LeaseRequest.Use> uses = new ArrayList<>(arguments.size());
    for (Argument argument : arguments) {
      if (argument instanceof Argument.Memory given) {
        uses.add(LeaseRequest.Use.of(memory.own(given.slice()), given.slice(), given.access()));
      }
    }
    return new LeaseRequest(LeaseRequest.Kind.LAUNCH, device.node(), device.name(), null, uses);
  }

  /** Uploads and kernel go into the queue together; then the directory learns of both. */
  private Fence submit(Grid grid, List<Argument> arguments, LeaseRequest request, Arrivals arrivals) {
    List<NodeArgument> placed = placed(request, arguments);
    InFlightLaunch launch;
    device.submission().lock();
    try {
      NodeFence uploads = arrivals.enqueue();
      NodeFence done = start(grid, placed, uploads);
      launch = new InFlightLaunch(device, name(), request, arrivals, uploads, done);
      launch.publish();
      device.launches().add(launch);
    } finally {
      device.submission().unlock();
    }
    launch.enter();
    return launch;
  }

  private NodeFence start(Grid grid, List<NodeArgument> arguments, NodeFence uploads) {
    try {
      return device.deviceNode().launch(nodeKernel, grid, arguments);
    } catch (RuntimeException e) {
      if (uploads != null) {
        Fences.settle(uploads);
      }
      throw e;
    }
  }

  private List<NodeArgument> placed(LeaseRequest request, List<Argument> arguments) {
    request.lockRanges();
    try {
      return arguments.stream().map(this::placed).toList();
    } finally {
      request.unlockRanges();
    }
  }

  private NodeArgument placed(Argument argument) {
    return switch (argument) {
      case Argument.Value(Number value) -> new NodeArgument.Value(value);
      case Argument.Memory(var slice, var access) -> {
        PlacedWindow window = device.owner().own(slice).windows().containing(device, slice.offsetBytes(), slice.endBytes());
        yield new NodeArgument.Memory(window.window(), window.offsetOf(slice.offsetBytes()), slice.sizeBytes(), access);
      }
      case Argument.Segment segment -> throw new IllegalStateException("Segments were resolved: argument=" + segment);
    };
  }

  @Override
  public String toString() {
    return "Kernel[" + name() + " on " + device.name() + "]";
  }
}

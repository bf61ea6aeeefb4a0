package io.samepage.coherence;

import io.samepage.BrokenPromiseException;
import io.samepage.Device;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeKernel;
import java.util.ArrayList;
import java.util.List;

/** A kernel of a device, and how it is launched. */
final class CoherentKernel implements Kernel {
  /** A launch that is in its device's queue, and what its check has found, null if nothing. */
  private record Submitted(InFlightLaunch launch, BrokenPromiseException broken) {}

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

  /** How much local memory the arguments of a launch may ask for, in all. */
  long localBytesLimit() {
    return nodeKernel.localBytesLimit();
  }

  @Override
  public Fence launch(Grid grid, Object... arguments) {
    CoherentMemory memory = device.owner();
    memory.checkOpen();
    List<LaunchArgument> checked = checks.checked(arguments);
    device.whileOpen(() -> {
      device.deviceNode().checkGrid(nodeKernel, grid);
      return null;
    });
    device.launches().retireDone();
    device.launches().awaitRoom();
    LeaseRequest request = request(memory, checked);
    memory.watching().checkReaches(device, request);
    Acquisition.hold(request, device, memory.leases(), memory.leaseTimeout());
    Submitted submitted;
    try {
      Arrivals arrivals = new Preparation(request, memory.coherentDevices()).bringToDevice(device);
      submitted = device.whileOpen(() -> submit(grid, checked, request, arrivals));
    } catch (RuntimeException | Error e) {
      memory.leases().giveUp(request);
      throw e;
    }
    if (submitted.broken() != null) {
      throw submitted.broken();
    }
    memory.updates().after(request, submitted.launch());
    return submitted.launch();
  }

  private LeaseRequest request(CoherentMemory memory, List<LaunchArgument> arguments) {
    List<LeaseRequest.Use> uses = new ArrayList<>(arguments.size());
    for (LaunchArgument argument : arguments) {
      if (argument instanceof LaunchArgument.Memory given) {
        uses.add(LeaseRequest.Use.of(memory.own(given.slice()), given.slice(), given.access()));
      }
    }
    return new LeaseRequest(LeaseRequest.Kind.LAUNCH, device.node(), device.name(), null, uses);
  }

  private Submitted submit(Grid grid, List<LaunchArgument> arguments, LeaseRequest request, Arrivals arrivals) {
    List<NodeArgument> placed = placed(request, arguments);
    if (device.owner().settings().checksLaunches()) {
      return submitChecked(grid, arguments, placed, request, arrivals);
    }
    return new Submitted(Submission.of(device, name(), request, arrivals, (queue, after) ->
        queue.launch(nodeKernel, grid, placed, after)), null);
  }

  /** A check waits for everything, so it may have the device's own queue. */
  private Submitted submitChecked(Grid grid, List<LaunchArgument> arguments, List<NodeArgument> placed, LeaseRequest request,
      Arrivals arrivals) {
    DeviceNode node = device.deviceNode();
    LaunchCheck check = new LaunchCheck(this, node, given -> node.launch(nodeKernel, grid, given), arguments, placed);
    InFlightLaunch launch = Submission.inOwnQueue(device, name(), request, arrivals, uploads -> check.run());
    return new Submitted(launch, check.broken());
  }

  private List<NodeArgument> placed(LeaseRequest request, List<LaunchArgument> arguments) {
    request.lockRanges();
    try {
      NodeArgument[] placed = new NodeArgument[arguments.size()];
      for (int i = 0; i < placed.length; i++) {
        placed[i] = placed(arguments.get(i));
      }
      return List.of(placed);
    } finally {
      request.unlockRanges();
    }
  }

  private NodeArgument placed(LaunchArgument argument) {
    return switch (argument) {
      case LaunchArgument.Constant(NodeArgument constant) -> constant;
      case LaunchArgument.Memory(var slice, var access, var isPromise) -> {
        PlacedWindow window = device.owner().own(slice).windows().containing(device, slice.offsetBytes(), slice.endBytes());
        yield new NodeArgument.Memory(window.window(), window.offsetOf(slice.offsetBytes()), slice.sizeBytes(), access);
      }
    };
  }

  @Override
  public String toString() {
    return "Kernel[" + name() + " on " + device.name() + "]";
  }
}

package io.samepage.coherence.launch;

import io.samepage.BrokenPromiseException;
import io.samepage.Fence;
import io.samepage.Grid;
import io.samepage.Kernel;
import io.samepage.KernelParameter;
import io.samepage.coherence.hostside.Watching;
import io.samepage.coherence.placement.Acquisition;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.MemoryContext;
import io.samepage.coherence.state.Predecessors;
import io.samepage.coherence.transfer.Preparation;
import io.samepage.coherence.transfer.Submission;
import io.samepage.coherence.transfer.Updates;
import io.samepage.node.DeviceNode;
import io.samepage.node.NodeArgument;
import io.samepage.node.NodeKernel;
import java.util.ArrayList;
import java.util.List;

/** A kernel of a device, and how it is launched. */
public final class CoherentKernel implements Kernel {
  /** A launch that is in its device's queue, and what its check has found, null if nothing. */
  record Submitted(InFlightLaunch launch, BrokenPromiseException broken) {}

  private final CoherentDevice device;
  private final NodeKernel nodeKernel;
  private final ArgumentChecks checks;
  private final Updates updates;
  private final RecentLaunches<PlannedLaunch> recent = new RecentLaunches<>();

  /**
   * A kernel that is compiled.
   *
   * @param device for which device
   * @param nodeKernel the device's side of it
   * @param updates what is told of its launches
   */
  public CoherentKernel(CoherentDevice device, NodeKernel nodeKernel, Updates updates) {
    this.device = device;
    this.nodeKernel = nodeKernel;
    this.updates = updates;
    checks = new ArgumentChecks(device.owner(), this);
  }

  @Override
  public String name() {
    return nodeKernel.name();
  }

  @Override
  public CoherentDevice device() {
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
    PlannedLaunch known = recent.find(grid, arguments);
    if (known != null) {
      return launch(again(known));
    }
    Object[] given = arguments.clone();
    PlannedLaunch planned = plan(grid, given);
    recent.keep(grid, given, planned::again);
    return launch(planned);
  }

  /** A launch that was planned before once more, with claims of its own. */
  PlannedLaunch again(PlannedLaunch known) {
    device.owner().checkOpen();
    // What is closed is refused before there is a wait for room.
    known.request().ranges().forEach(CoherentRange::checkOpen);
    if (known.request().isWatched()) {
      // A touch has patience for each launch that isn't retired.
      device.launches().retireDone();
    } else {
      device.launches().retireDoneOfMany();
    }
    device.launches().awaitRoom();
    return known.again();
  }

  private void makeRoom() {
    device.launches().retireDone();
    device.launches().awaitRoom();
  }

  /** Starts a launch that was planned. */
  Fence launch(PlannedLaunch launch) {
    MemoryContext memory = device.owner();
    Acquisition.hold(launch.request(), device, memory.leases(), memory.leaseTimeout());
    Submitted submitted;
    try {
      Arrivals arrivals = new Preparation(launch.request(), memory.coherentDevices()).bringToDevice(device);
      submitted = device.whileOpen(() -> submit(launch, arrivals));
    } catch (RuntimeException | Error e) {
      memory.leases().giveUp(launch.request());
      throw e;
    }
    if (submitted.broken() != null) {
      throw submitted.broken();
    }
    updates.after(launch.request(), submitted.launch());
    return submitted.launch();
  }

  /** Checks a launch. Nothing is claimed, and nothing moves. */
  PlannedLaunch plan(Grid grid, Object... arguments) {
    device.owner().checkOpen();
    return plan(grid, check(arguments));
  }

  /** As {@link #plan(Grid, Object...)}, for arguments that were checked. */
  PlannedLaunch plan(Grid grid, List<LaunchArgument> checked) {
    MemoryContext memory = device.owner();
    device.whileOpen(() -> {
      device.deviceNode().checkGrid(nodeKernel, grid);
      return null;
    });
    makeRoom();
    LeaseRequest request = request(memory, checked);
    Watching.checkReaches(device, request);
    return new PlannedLaunch(this, grid, new ArgumentPlaces(device, checked), request);
  }

  /** What arguments are taken for. */
  List<LaunchArgument> check(Object... arguments) {
    return checks.checked(arguments);
  }

  private LeaseRequest request(MemoryContext memory, List<LaunchArgument> arguments) {
    List<LeaseRequest.Use> uses = new ArrayList<>(arguments.size());
    for (LaunchArgument argument : arguments) {
      if (argument instanceof LaunchArgument.Memory given) {
        uses.add(LeaseRequest.Use.of(memory.own(given.slice()), given.slice(), given.access()));
      }
    }
    return new LeaseRequest(LeaseRequest.Kind.LAUNCH, device.node(), device.name(), null, uses);
  }

  private Submitted submit(PlannedLaunch launch, Arrivals arrivals) {
    if (device.owner().settings().checksLaunches()) {
      return submitChecked(launch, arrivals);
    }
    InFlightLaunch inFlight = enqueue(launch, arrivals);
    inFlight.enter();
    return new Submitted(inFlight, null);
  }

  /** Enqueues a prepared launch, which the caller then {@linkplain InFlightLaunch#enter enters}. */
  InFlightLaunch enqueue(PlannedLaunch launch, Arrivals arrivals) {
    LeaseRequest request = launch.request();
    List<NodeArgument> placed;
    Predecessors predecessors;
    request.lockRanges();
    try {
      placed = launch.placed();
      predecessors = Predecessors.of(request);
    } finally {
      request.unlockRanges();
    }
    return Submission.enqueue(device, name(), request, arrivals, predecessors, (queue, after) ->
        queue.launch(nodeKernel, launch.grid(), placed, after));
  }

  /** A check waits for everything, so it may have the device's own queue. */
  Submitted submitChecked(PlannedLaunch launch, Arrivals arrivals) {
    DeviceNode node = device.deviceNode();
    List<NodeArgument> placed = placed(launch);
    LaunchCheck check = new LaunchCheck(this, node, given -> node.launch(nodeKernel, launch.grid(), given), launch.arguments(), placed);
    InFlightLaunch inFlight = Submission.inOwnQueue(device, name(), launch.request(), arrivals, uploads -> check.run());
    return new Submitted(inFlight, check.broken());
  }

  private static List<NodeArgument> placed(PlannedLaunch launch) {
    launch.request().lockRanges();
    try {
      return launch.placed();
    } finally {
      launch.request().unlockRanges();
    }
  }

  @Override
  public String toString() {
    return "Kernel[" + name() + " on " + device.name() + "]";
  }
}

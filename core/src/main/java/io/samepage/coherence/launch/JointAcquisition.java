package io.samepage.coherence.launch;

import io.samepage.LeaseTimeoutException;
import io.samepage.coherence.placement.Acquisition;
import io.samepage.coherence.placement.DeviceMemory;
import io.samepage.coherence.placement.WindowNeeds;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import io.samepage.coherence.sync.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Holds the parts of a split launch on their devices: claims and windows of all of them together, or of none. While it waits it holds
 * nothing, so two that want the same in another order can't wait for each other.
 */
final class JointAcquisition {
  private final List<PlannedLaunch> parts;
  private final List<LeaseRequest> requests;
  private final Leases leases;

  private JointAcquisition(List<PlannedLaunch> parts, Leases leases) {
    this.parts = parts.stream().sorted(Comparator.comparingInt(part -> part.device().number())).toList();
    requests = parts.stream().map(PlannedLaunch::request).toList();
    this.leases = leases;
  }

  /**
   * Holds parts, each on a device of its own, none of which conflicts with another.
   *
   * @throws io.samepage.OutOfDeviceMemoryException if there is no room for one of them; then nothing is held
   */
  static void hold(List<PlannedLaunch> parts, Leases leases, Duration timeout) {
    JointAcquisition joint = new JointAcquisition(parts, leases);
    LeaseRequest.join(joint.requests);
    Deadline deadline = Deadline.after(timeout);
    while (!leases.tryHold(joint.requests, joint::acceptPlaced) && !joint.holdAndPlace()) {
      joint.awaitTurn(deadline, timeout);
    }
    joint.requests.forEach(request -> request.claims().forEach(CoherentRange::neededAgain));
  }

  private boolean acceptPlaced() {
    if (!parts.stream().allMatch(part -> WindowNeeds.isPlaced(part.request(), part.device()))) {
      return false;
    }
    parts.forEach(part -> part.device().used(part.request()));
    return true;
  }

  private boolean holdAndPlace() {
    parts.forEach(part -> part.device().placement().lock());
    try {
      return leases.tryHold(requests, () -> true) && place();
    } finally {
      parts.forEach(part -> part.device().placement().unlock());
    }
  }

  private boolean place() {
    boolean placed = false;
    try {
      placed = parts.stream().allMatch(part -> new DeviceMemory(part.device()).place(part.request()));
      return placed;
    } finally {
      if (!placed) {
        leases.giveUp(requests);
      }
    }
  }

  /** Waits until nothing is in the way of each by itself. */
  private void awaitTurn(Deadline deadline, Duration timeout) {
    for (LeaseRequest request : requests) {
      leases.hold(request, Duration.ofNanos(deadline.leftNanos()), () -> false);
    }
    if (deadline.isOver()) {
      List<String> keepers = new ArrayList<>();
      parts.forEach(part -> keepers.addAll(new DeviceMemory(part.device()).keepers(part.request())));
      throw new LeaseTimeoutException("Others use the device memory that has to be arranged anew: asked=" + requests + ", timeoutMillis="
          + timeout.toMillis(), keepers);
    }
    Acquisition.backOff(requests.getFirst());
  }
}

package io.samepage.coherence.transfer;

import io.samepage.DeviceException;
import io.samepage.WaitInterruptedException;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import io.samepage.coherence.sync.Deadline;
import io.samepage.node.CopyRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The launches in flight that a held lease of the host comes behind, and the copies that are put behind them, so that it waits once for
 * both. A copy is a launch without a kernel that reads what it copies: it keeps this where it is, and if nobody waits for it any more, it
 * is retired as launches are. Until then nobody but the device may have what it copies, so that nothing else goes to or comes from where it
 * writes.
 */
public final class BehindLaunches {
  private final Leases leases;
  private final LeaseRequest request;
  private final List<InFlightLaunch> launches;
  private final Deadline deadline;
  private final Duration timeout;
  private final List<InFlightLaunch> copies = new ArrayList<>(1);

  /**
   * Of a lease that is held.
   *
   * @param leases the memory's leases
   * @param request the lease's claims
   * @param launches what it comes behind
   * @param deadline until when it waits
   * @param timeout how long that was, for messages
   */
  public BehindLaunches(Leases leases, LeaseRequest request, List<InFlightLaunch> launches, Deadline deadline, Duration timeout) {
    this.leases = leases;
    this.request = request;
    this.launches = launches;
    this.deadline = deadline;
    this.timeout = timeout;
  }

  /** Whether there are no launches. */
  boolean isNone() {
    return launches.isEmpty();
  }

  /** Whether there are launches of a device. */
  boolean follows(CoherentDevice device) {
    for (int i = 0; i < launches.size(); i++) {
      if (launches.get(i).device() == device) {
        return true;
      }
    }
    return false;
  }

  /**
   * Enqueues copies behind the launches of a device.
   *
   * @param uses the pages that are read there
   */
  void enqueue(CoherentDevice device, List<LeaseRequest.Use> uses, List<CopyRun> runs) {
    LeaseRequest reading = new LeaseRequest(LeaseRequest.Kind.COPY, device.node(), device.name(), null, uses);
    leases.holdAlong(reading);
    try {
      List<InFlightLaunch> before = launches.stream().filter(launch -> launch.device() == device).toList();
      copies.add(Submission.downloads(device, reading, before, runs));
    } catch (RuntimeException | Error e) {
      leases.release(reading);
      copies.forEach(copy -> copy.device().launches().giveUp(copy));
      throw e;
    }
  }

  /**
   * Waits for launches and copies.
   *
   * @return whether what was copied is good; false if a launch has failed
   * @throws DeviceException if a copy has failed by itself
   */
  boolean await() {
    copies.forEach(this::await);
    launches.forEach(this::await);
    // No stream: the host waits for what runs here, and code that has not run for a while is slow.
    for (InFlightLaunch launch : launches) {
      if (launch.failure() != null) {
        return false;
      }
    }
    for (InFlightLaunch copy : copies) {
      if (copy.failure() != null) {
        throw copy.failure();
      }
    }
    return true;
  }

  /** A copy whose launches are over is waited for to the end, as others are. */
  private void await(InFlightLaunch each) {
    try {
      if (each.retireWithin(deadline.leftNanos())) {
        return;
      }
    } catch (WaitInterruptedException e) {
      if (!areOver()) {
        giveUp();
        throw e;
      }
    }
    List<String> left = launches.stream().filter(launch -> !launch.isDone()).map(InFlightLaunch::describe).toList();
    if (!left.isEmpty()) {
      giveUp();
      throw Leases.tooLate(request, timeout, left);
    }
    each.retire();
  }

  private boolean areOver() {
    return launches.stream().allMatch(InFlightLaunch::isDone);
  }

  private void giveUp() {
    copies.forEach(copy -> copy.device().launches().giveUp(copy));
  }
}

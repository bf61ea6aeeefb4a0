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
 * The launches in flight that a held lease of the host comes behind, and the copies that are put behind them, and behind nothing else, so
 * that they run as soon as the launches have ended. A copy is a launch without a kernel that reads what it copies: it keeps this where it
 * is, and if nobody waits for it any more, it is retired as launches are. Until then nobody but the device may have what it copies, so that
 * nothing else goes to or comes from where it writes.
 */
public final class BehindLaunches {
  /** Copied sooner than a launch is retired: measured on PoCL, where 1 MiB gains by retiring meanwhile, and a diagonal loses. */
  private static final long BRIEF_BYTES = 64 << 10;

  private final Leases leases;
  private final LeaseRequest request;
  private final List<InFlightLaunch> launches;
  private final Deadline deadline;
  private final Duration timeout;
  private final List<InFlightLaunch> copies = new ArrayList<>(1);
  /** Whether a copy wasn't enqueued, as it would have had to wait for other launches, too. */
  private boolean lacksCopies;
  /** Whether copies are so short that who is woken behind a kernel takes the processor from them. */
  private boolean areBrief = true;

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
   * Enqueues copies behind the launches of a device, unless they would come behind others there as well.
   *
   * @param uses the pages that are read there
   */
  void enqueue(CoherentDevice device, List<LeaseRequest.Use> uses, List<CopyRun> runs) {
    LeaseRequest reading = new LeaseRequest(LeaseRequest.Kind.COPY, device.node(), device.name(), null, uses);
    leases.holdAlong(reading);
    try {
      List<InFlightLaunch> before = launches.stream().filter(launch -> launch.device() == device).toList();
      InFlightLaunch copy = Submission.downloads(device, reading, before, runs);
      if (copy == null) {
        lacksCopies = true;
        leases.release(reading);
      } else {
        copies.add(copy);
        areBrief &= isBrief(runs);
      }
    } catch (RuntimeException | Error e) {
      leases.release(reading);
      copies.forEach(copy -> copy.device().launches().giveUp(copy));
      throw e;
    }
  }

  /** No stream: code that has not run for a while is slow. */
  private static boolean isBrief(List<CopyRun> runs) {
    long sizeBytes = 0;
    for (int i = 0; i < runs.size() && sizeBytes < BRIEF_BYTES; i++) {
      sizeBytes += runs.get(i).sizeBytes();
    }
    return sizeBytes < BRIEF_BYTES;
  }

  /**
   * Waits for launches and copies. A launch that has ended well is left to whoever retires it next if there is nothing to enter behind it:
   * mostly that is while the next kernel runs.
   *
   * @param entersPages whether the directory is told of what was copied, which needs the launches retired
   * @return whether what was copied is all, and good; false if a launch has failed, or something wasn't enqueued
   * @throws DeviceException if a copy has failed by itself
   */
  boolean await(boolean entersPages) {
    if (areBrief) {
      copies.forEach(copy -> copy.awaitWithoutRetiring(deadline.leftNanos()));
      if (!entersPages && haveEndedWell()) {
        return true;
      }
    }
    // The launches are retired while the copies run. Those come behind nothing else, so what is left of them takes a moment.
    launches.forEach(this::await);
    copies.forEach(InFlightLaunch::retire);
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
    return !lacksCopies;
  }

  /** No stream, likewise. */
  private boolean haveEndedWell() {
    if (lacksCopies || launches.size() != 1 || copies.size() != 1) {
      return false;
    }
    return launches.getFirst().hasEndedWell() && copies.getFirst().hasCopiedWell();
  }

  /** Until the deadline, unless all are over: copies are waited for to the end then, as others are. */
  private void await(InFlightLaunch launch) {
    try {
      if (launch.retireWithin(deadline.leftNanos())) {
        return;
      }
    } catch (WaitInterruptedException e) {
      if (!areOver()) {
        giveUp();
        throw e;
      }
    }
    List<String> left = launches.stream().filter(each -> !each.isDone()).map(InFlightLaunch::describe).toList();
    if (!left.isEmpty()) {
      giveUp();
      throw Leases.tooLate(request, timeout, left);
    }
    launch.retire();
  }

  private boolean areOver() {
    return launches.stream().allMatch(InFlightLaunch::isDone);
  }

  private void giveUp() {
    copies.forEach(copy -> copy.device().launches().giveUp(copy));
  }
}

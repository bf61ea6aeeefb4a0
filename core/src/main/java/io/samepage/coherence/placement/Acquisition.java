package io.samepage.coherence.placement;

import io.samepage.LeaseTimeoutException;
import io.samepage.WaitInterruptedException;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Leases;
import io.samepage.coherence.sync.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Holds requests for a device: claims and windows together. */
public final class Acquisition {
  /** How long to leave the way to others who are on theirs. */
  private static final long BACK_OFF_MICROS = 100;

  private Acquisition() {}

  /**
   * Holds a request on a device and sees to its windows.
   *
   * @param request the request
   * @param device its device
   * @param leases where its claims are taken
   * @param timeout how long to wait
   * @throws io.samepage.OutOfDeviceMemoryException if there is no room for all of them; then nothing is held
   */
  public static void hold(LeaseRequest request, CoherentDevice device, Leases leases, Duration timeout) {
    holdPlaced(request, device, leases, timeout);
    request.claims().forEach(CoherentRange::neededAgain);
  }

  private static void holdPlaced(LeaseRequest request, CoherentDevice device, Leases leases, Duration timeout) {
    Deadline deadline = Deadline.after(timeout.isZero() ? leases.patience() : timeout);
    while (!leases.hold(request, timeout, () -> acceptPlaced(request, device))) {
      // Launches that have ended keep no window where there is room to be made.
      device.launches().retireDone();
      if (holdAndPlace(request, device, leases)) {
        return;
      }
      List<String> keepers = new DeviceMemory(device).keepers(request);
      if (deadline.isOver() || (timeout.isZero() && !keepers.isEmpty())) {
        throw new LeaseTimeoutException("Others use the device memory that has to be arranged anew: asked=" + request + ", timeoutMillis="
            + timeout.toMillis(), keepers);
      }
      backOff(request);
    }
  }

  private static boolean acceptPlaced(LeaseRequest request, CoherentDevice device) {
    if (!WindowNeeds.isPlaced(request, device)) {
      return false;
    }
    device.used(request);
    return true;
  }

  /** Windows are made by one thread at a time for each device, who waits for no lease meanwhile. */
  private static boolean holdAndPlace(LeaseRequest request, CoherentDevice device, Leases leases) {
    device.placement().lock();
    try {
      if (!leases.tryHold(request)) {
        return false;
      }
      boolean placed = false;
      try {
        placed = new DeviceMemory(device).place(request);
        return placed;
      } finally {
        if (!placed) {
          leases.giveUp(request);
        }
      }
    } finally {
      device.placement().unlock();
    }
  }

  /**
   * Waits a little for others who are on their way.
   *
   * @param request for messages
   * @throws WaitInterruptedException if the thread is interrupted meanwhile
   */
  public static void backOff(LeaseRequest request) {
    try {
      TimeUnit.MICROSECONDS.sleep(BACK_OFF_MICROS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WaitInterruptedException("Interrupted while waiting for device memory: asked=" + request);
    }
  }
}

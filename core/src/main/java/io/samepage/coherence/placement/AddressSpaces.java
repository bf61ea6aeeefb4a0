package io.samepage.coherence.placement;

import io.samepage.DeviceException;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.Reservation;
import io.samepage.node.Window;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address space of ranges on one device: reserved when the device first needs a range, given up where a request needs more pieces than
 * the budget has, and no more pages. Called with the device's placement lock and no range's, for requests that are held.
 */
final class AddressSpaces {
  private static final Logger LOG = LoggerFactory.getLogger(AddressSpaces.class);

  private final CoherentDevice device;

  AddressSpaces(CoherentDevice device) {
    this.device = device;
  }

  /** Reserves address space for the ranges of a request that have neither that nor windows yet. */
  void reserve(LeaseRequest request) {
    request.ranges().forEach(this::reserve);
  }

  private void reserve(CoherentRange range) {
    long pieceBytes = Reservation.pieceBytes(range, device);
    if (pieceBytes == 0 || isUsed(range)) {
      return;
    }
    long unitBytes = device.deviceNode().sparseUnitBytes();
    Window window;
    try {
      window = device.deviceNode().reserve(Math.ceilDiv(range.pages() * range.pageSizeBytes(), unitBytes) * unitBytes);
    } catch (DeviceException e) {
      LOG.debug("Address space can't be reserved, so windows are allocated: range={}, device={}", range, device, e);
      return;
    }
    range.lock().lock();
    try {
      range.windows().reserved(device, new Reservation(window, pieceBytes));
    } finally {
      range.lock().unlock();
    }
  }

  private boolean isUsed(CoherentRange range) {
    range.lock().lock();
    try {
      return !range.windows().isEmpty(device) || range.windows().isReserved(device);
    } finally {
      range.lock().unlock();
    }
  }

  /**
   * Gives up the address space of a request's ranges if its pieces are more than the budget and its pages are not. What somebody uses
   * across pieces stays as it is: else nobody could use it along with him, as pieces that are given up have to be merged first.
   *
   * @return false if somebody is on his way to such pieces, so that the request should let go and come again
   */
  boolean giveUpWhereTooMuch(LeaseRequest request) {
    long budgetBytes = device.books().budgetBytes();
    if (WindowNeeds.workingSetBytes(request, device) <= budgetBytes
        || WindowNeeds.workingSetBytesInPages(request, device) > budgetBytes) {
      return true;
    }
    boolean isSettled = true;
    for (CoherentRange range : request.ranges()) {
      isSettled &= giveUp(range, request);
    }
    return isSettled;
  }

  private boolean giveUp(CoherentRange range, LeaseRequest request) {
    range.lock().lock();
    try {
      if (range.windows().reservation(device) == null) {
        return true;
      }
      // Launches in their queues end by themselves.
      List<Claim<LeaseRequest>> users = range.claims().held(claim -> claim.owner() != request && claim.node() == device.node()
          && claim.owner().launch() == null && WindowNeeds.spansPieces(range, claim, device));
      if (users.isEmpty()) {
        range.windows().giveUpReservation(device);
      }
      return users.stream().noneMatch(Claim::isPreparing);
    } finally {
      range.lock().unlock();
    }
  }
}

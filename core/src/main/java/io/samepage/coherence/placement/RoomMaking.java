package io.samepage.coherence.placement;

import io.samepage.coherence.placement.Eviction.Attempt;
import io.samepage.coherence.placement.Eviction.Obstacle;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;

/**
 * Room for one request, made step by step: others are evicted in the order of {@link EvictionOrder}, and where launches alone keep the
 * rest, those are waited for. Used by one thread, which has the placement lock.
 */
final class RoomMaking {
  private final CoherentDevice device;
  private final LeaseRequest request;
  private final EvictionOrder order;
  /** The first launch that was met since the last one was waited for, or null. */
  private InFlightLaunch oldest;
  private boolean contended;

  RoomMaking(CoherentDevice device, LeaseRequest request) {
    this.device = device;
    this.request = request;
    order = new EvictionOrder(device);
  }

  /** Evicts one window, or waits for a launch. */
  Room step() {
    for (PlacedWindow window = order.next(); window != null; window = order.next()) {
      if (evictIfFree(window)) {
        return Room.MADE;
      }
    }
    if (oldest != null) {
      oldest.retire();
      oldest = null;
      contended = false;
      order.restart();
      return Room.MADE;
    }
    return contended ? Room.CONTENDED : Room.NONE;
  }

  private boolean evictIfFree(PlacedWindow window) {
    // Parts of a split launch need nothing of another device's window before all have their own.
    Attempt attempt = Eviction.tryClaim(window, request::isJoinedBy);
    if (attempt.claimed() == null) {
      oldest = oldest == null ? attempt.launch() : oldest;
      contended |= isOnTheWay(attempt);
      return false;
    }
    try {
      Eviction.evict(window);
      device.countEvicted(window.sizeBytes());
      return true;
    } finally {
      Eviction.unclaim(window, attempt.claimed());
    }
  }

  /** Whether somebody else is on his way to a window, or gives it back: it can be had soon. */
  private boolean isOnTheWay(Attempt attempt) {
    return attempt.obstacle() == Obstacle.CLOSED || attempt.obstacle() == Obstacle.PREPARING && attempt.holder() != request;
  }
}

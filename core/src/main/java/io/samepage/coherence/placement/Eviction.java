package io.samepage.coherence.placement;

import io.samepage.Access;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.InFlightLaunch;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.coherence.state.PlacedWindow;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeFence;
import java.util.List;
import java.util.function.Predicate;

/**
 * Takes a window from a range: what the device alone holds goes home first. An ordinary transition, under a claim of its own. Called
 * with the device's placement lock and no range's.
 */
final class Eviction {
  /** Why a window can't be had now. */
  enum Obstacle {
    /** A lease promises that its copy stays. */
    LEASED,
    /** A lease or launch is on its way to it. */
    PREPARING,
    /** A kernel uses it, and will be done in time. */
    LAUNCHED,
    /** Its range was closed meanwhile. */
    CLOSED
  }

  /** What came of trying to claim a window: an obstacle, and who it is; or the claim. */
  record Attempt(Obstacle obstacle, LeaseRequest holder, LeaseRequest claimed) {
    InFlightLaunch launch() {
      return holder == null ? null : holder.launch();
    }
  }

  private Eviction() {}

  /** Claims a window, so that nobody else starts on its pages; {@code except} tells who may have claims on it. */
  static Attempt tryClaim(PlacedWindow window, Predicate<LeaseRequest> except) {
    CoherentRange range = window.range();
    CoherentDevice device = window.device();
    Span span = new Span(window.firstByte(), Math.min(window.endByte(), range.sizeBytes()), Access.READ);
    LeaseRequest request = new LeaseRequest(LeaseRequest.Kind.EVICTION, device.node(), device.name(), null,
        List.of(new LeaseRequest.Use(range, span)));
    range.lock().lock();
    try {
      if (!range.isOpen()) {
        return new Attempt(Obstacle.CLOSED, null, null);
      }
      Claim<LeaseRequest> first = null;
      for (Claim<LeaseRequest> other : range.claims().held(claim ->
          !except.test(claim.owner()) && claim.sharesPage(request.claim(range)))) {
        // Who is ready on another node needs nothing of this one any more, be it to read or to write.
        if (other.node() == device.node() || other.isPreparing()) {
          // A host lease that comes behind a launch is on its way for as long as that runs: who can wait for the launch does.
          if (first == null || other.owner().launch() != null && obstacle(first) == Obstacle.PREPARING) {
            first = other;
          }
        }
      }
      if (first != null) {
        return new Attempt(obstacle(first), first.owner(), null);
      }
      range.claims().hold(request.claim(range));
      return new Attempt(null, null, request);
    } finally {
      range.lock().unlock();
    }
  }

  /** Who keeps a window from being evicted for a request, or itself; launches are left out, as they end by themselves. Null if nobody. */
  static LeaseRequest holder(PlacedWindow window, LeaseRequest request) {
    Attempt attempt = tryClaim(window, request::isJoinedBy);
    if (attempt.claimed() != null) {
      unclaim(window, attempt.claimed());
    }
    if (attempt.obstacle() != Obstacle.LAUNCHED) {
      return attempt.holder();
    }
    // When the launch has ended the window is no more to be had than before.
    boolean isItself = request.ranges().contains(window.range()) && request.claim(window.range()).spans().stream()
        .anyMatch(span -> window.overlaps(span.firstByte(), span.endByte()));
    return isItself ? request : null;
  }

  /** The open leases that use a window. */
  static List<LeaseRequest> leases(PlacedWindow window) {
    CoherentRange range = window.range();
    range.lock().lock();
    try {
      return range.claims().held(claim -> claim.node() == window.device().node() && obstacle(claim) == Obstacle.LEASED
          && claim.spans().stream().anyMatch(span -> window.overlaps(span.firstByte(), span.endByte())))
          .stream().map(Claim::owner).toList();
    } finally {
      range.lock().unlock();
    }
  }

  private static Obstacle obstacle(Claim<LeaseRequest> claim) {
    if (claim.owner().launch() != null) {
      return Obstacle.LAUNCHED;
    }
    return claim.isPreparing() ? Obstacle.PREPARING : Obstacle.LEASED;
  }

  static void unclaim(PlacedWindow window, LeaseRequest claimed) {
    CoherentRange range = window.range();
    range.lock().lock();
    try {
      range.claims().drop(claimed.claim(range));
      range.changed();
    } finally {
      range.lock().unlock();
    }
  }

  /** Brings home what only a claimed window holds, and gives the window back. */
  static void evict(PlacedWindow window) {
    bringHome(window);
    CoherentRange range = window.range();
    long page = range.pageSizeBytes();
    range.lock().lock();
    try {
      if (!window.isShared()) {
        range.directory().evicted(window.device().node(), window.firstByte() / page, window.endByte() / page);
      }
      range.windows().remove(window);
    } finally {
      range.lock().unlock();
    }
    window.device().discard(window);
  }

  /**
   * What a lease of another node has promised to overwrite is that node's already: what the device holds of it need not go home, nor
   * may it, as it would go over what is being written. Launches have entered themselves what they overwrite; one that has failed has
   * lost it.
   */
  private static void entrustOverwritten(CoherentRange range, CoherentDevice device) {
    for (Claim<LeaseRequest> claim : range.claims().held(claim -> claim.node() != device.node() && isTrusted(range, claim))) {
      if (obstacle(claim) == Obstacle.LEASED) {
        range.directory().wrote(claim.node(), claim.overwrittenPages());
      }
    }
  }

  /** Pages that the host touches become another device's when they are withdrawn in its favour, and no earlier. */
  private static boolean isTrusted(CoherentRange range, Claim<LeaseRequest> claim) {
    return !range.hostSide().isWatched() || range.isAtHome(claim.node());
  }

  private static void evacuate(PlacedWindow window) {
    CoherentRange range = window.range();
    range.lock().lock();
    try {
      entrustOverwritten(range, window.device());
    } finally {
      range.lock().unlock();
    }
    range.hostSide().evacuate(window);
  }

  private static void bringHome(PlacedWindow window) {
    window.device().noticeLoss();
    CoherentRange range = window.range();
    CoherentDevice device = window.device();
    if (range.hostSide().isWatched()) {
      evacuate(window);
      return;
    }
    if (window.isShared()) {
      return;
    }
    long page = range.pageSizeBytes();
    PageRuns alone;
    List<CopyRun> copies;
    range.lock().lock();
    try {
      entrustOverwritten(range, device);
      alone = range.directory().onlyOn(device.node(), window.firstByte() / page, window.endByte() / page);
      copies = range.windows().copies(range, device, alone);
    } finally {
      range.lock().unlock();
    }
    if (copies.isEmpty()) {
      return;
    }
    NodeFence fence = device.submit(node -> node.download(copies));
    fence.awaitUninterruptibly();
    range.lock().lock();
    try {
      range.directory().fetched(Layout.HOST_NODE, alone);
    } finally {
      range.lock().unlock();
    }
  }
}

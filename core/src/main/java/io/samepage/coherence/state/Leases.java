package io.samepage.coherence.state;

import io.samepage.Fence;
import io.samepage.LeaseConflictException;
import io.samepage.LeaseTimeoutException;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.sync.Deadline;
import io.samepage.coherence.sync.FenceFutures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** Takes claims for leases and launches: on all their ranges at once, or not at all. First come, first served. */
public final class Leases {
  /** What is in the way of a request: a claim on a range, and how often the range had changed when it was seen. */
  private record Blocker(CoherentRange range, Claim<LeaseRequest> claim, boolean isConflict, long seenChanges) {}

  /** A thread that has some may overtake, as those before it may wait for it. */
  private final OpenLeases open = new OpenLeases();
  /** Closes leases when fences have passed. */
  private final FenceFutures closings = new FenceFutures("samepage-leases", () -> { });
  private final Duration patience;

  Leases(Duration patience) {
    this.patience = patience;
  }

  /** {@return how long to wait where nothing else was said} */
  public Duration patience() {
    return patience;
  }

  /**
   * A future that is completed by a thread which closes leases and does nothing else.
   *
   * @param fence the fence
   * @return the future
   */
  public CompletableFuture<Void> whenPassed(Fence fence) {
    return closings.of(fence, fence::isDone);
  }

  /** The memory is closed. */
  public void close() {
    closings.close();
  }

  /** {@return how many claims of leases and launches are held} */
  public long open() {
    return open.count();
  }

  /**
   * Holds a request's claims, waiting for what is in the way.
   *
   * @param request the request
   * @param timeout how long to wait
   * @param accept asked under the locks once nothing is in the way; where it says no, nothing is held
   * @return what {@code accept} said
   * @throws LeaseTimeoutException if it isn't out of the way in time
   * @throws LeaseConflictException if the thread would wait for itself
   */
  public boolean hold(LeaseRequest request, Duration timeout, BooleanSupplier accept) {
    return hold(request, timeout, Deadline.after(timeout), accept);
  }

  private boolean hold(LeaseRequest request, Duration timeout, Deadline deadline, BooleanSupplier accept) {
    boolean mayQueue = !timeout.isZero() && !open.hasAny(Thread.currentThread());
    // What is only being prepared is no conflict: those who don't want to wait for conflicts wait for it.
    Deadline preparing = timeout.isZero() ? Deadline.after(patience) : deadline;
    boolean queued = false;
    try {
      while (true) {
        boolean accepted = false;
        Blocker blocker;
        request.lockRanges();
        try {
          request.ranges().forEach(CoherentRange::checkOpen);
          blocker = firstBlocker(request, mayQueue);
          if (blocker == null) {
            accepted = accept.getAsBoolean();
            if (accepted) {
              enter(request);
            }
          } else if (mayQueue && !queued) {
            request.claims().forEach((range, claim) -> range.claims().startWaiting(claim));
            queued = true;
          }
        } finally {
          request.unlockRanges();
        }
        if (blocker == null) {
          return accepted;
        }
        await(request, blocker, blocker.isConflict ? deadline : preparing, timeout);
      }
    } finally {
      if (queued) {
        leaveQueue(request);
      }
    }
  }

  /**
   * As {@link #hold} for a host lease, which waits for no launch that a copy to the host can come behind. It keeps others off its pages
   * meanwhile, so it does that only where they would wait for these launches themselves.
   *
   * @param request the request
   * @param timeout how long it may wait, for messages; zero not at all
   * @param deadline until when that is
   * @param devices all devices
   * @return the launches that it comes behind
   */
  public List<InFlightLaunch> holdBehindLaunches(LeaseRequest request, Duration timeout, Deadline deadline, List<CoherentDevice> devices) {
    List<InFlightLaunch> launches = new ArrayList<>(0);
    // One copy that was given up may be under way: who asks again and again would fill the queue with them.
    if (!timeout.isZero() && !request.isWatched() && !haveGivenUp(devices)) {
      request.followLaunches(true);
      if (hold(request, timeout, deadline, () -> request.comesBehind(launches))) {
        return launches;
      }
      request.followLaunches(false);
    }
    hold(request, timeout, deadline, () -> true);
    return List.of();
  }

  private static boolean haveGivenUp(List<CoherentDevice> devices) {
    for (int i = 0; i < devices.size(); i++) {
      if (devices.get(i).launches().hasGivenUp()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Holds a request whose claims conflict with nobody's but those of a lease that has just been held, for which it is made.
   *
   * @param request the request
   */
  public void holdAlong(LeaseRequest request) {
    request.lockRanges();
    try {
      request.ranges().forEach(CoherentRange::checkOpen);
      enter(request);
    } finally {
      request.unlockRanges();
    }
  }

  /**
   * Holds a request's claims if nothing is in the way, whoever else waits.
   *
   * @param request the request
   * @return whether it is held now
   */
  public boolean tryHold(LeaseRequest request) {
    request.lockRanges();
    try {
      request.ranges().forEach(CoherentRange::checkOpen);
      if (firstBlocker(request, false) != null) {
        return false;
      }
      enter(request);
      return true;
    } finally {
      request.unlockRanges();
    }
  }

  /**
   * Holds the claims of several requests, none of which conflicts with another, if nothing else is in the way of any.
   *
   * @param requests the requests
   * @param accept as for {@link #hold}
   * @return whether all are held now
   */
  public boolean tryHold(Collection<LeaseRequest> requests, BooleanSupplier accept) {
    List<CoherentRange> ranges = requests.stream().flatMap(request -> request.ranges().stream()).distinct()
        .sorted(Comparator.comparingLong(CoherentRange::number)).toList();
    ranges.forEach(range -> range.lock().lock());
    try {
      ranges.forEach(CoherentRange::checkOpen);
      if (requests.stream().anyMatch(request -> firstBlocker(request, false) != null) || !accept.getAsBoolean()) {
        return false;
      }
      requests.forEach(this::enter);
      return true;
    } finally {
      ranges.forEach(range -> range.lock().unlock());
    }
  }

  /**
   * As {@link #release}, where what was prepared for the request came to nothing.
   *
   * @param request a request that is held
   */
  public void giveUp(LeaseRequest request) {
    // Said first: what is lost from then on is marked by who loses it, what was lost before by who takes it back.
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> claim.giveUp());
    } finally {
      request.unlockRanges();
    }
    try {
      request.claims().forEach((range, claim) -> range.hostSide().takeBack(claim));
    } finally {
      release(request);
      request.claims().forEach((range, claim) -> claim.renew());
    }
  }

  /**
   * The same for several, each of them whatever becomes of the others.
   *
   * @param requests requests that are held
   */
  public void giveUp(Collection<LeaseRequest> requests) {
    giveUp(requests.iterator());
  }

  private void giveUp(Iterator<LeaseRequest> left) {
    if (left.hasNext()) {
      try {
        giveUp(left.next());
      } finally {
        giveUp(left);
      }
    }
  }

  /**
   * Drops a request's claims and wakes who waits for them.
   *
   * @param request a request that is held
   */
  public void release(LeaseRequest request) {
    request.lockRanges();
    try {
      drop(request);
    } finally {
      request.unlockRanges();
    }
  }

  /**
   * As {@link #release}, where the host has written what the request says.
   *
   * @param request a request that is held
   */
  public void endOnHost(LeaseRequest request) {
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) ->
          claim.writtenPages().forEach((first, end) -> range.directory().wrote(Layout.HOST_NODE, first, end)));
      drop(request);
    } finally {
      request.unlockRanges();
    }
  }

  /**
   * As {@link #release}, by a caller who has the locks of the ranges.
   *
   * @param request a request that is held
   */
  public void drop(LeaseRequest request) {
    request.claims().forEach((range, claim) -> {
      range.claims().drop(claim);
      range.changed();
    });
    open.closed(request);
  }

  /**
   * A lease will be closed by nobody's thread: who opened it may wait for it.
   *
   * @param request the request of a lease
   */
  public void leaveThread(LeaseRequest request) {
    request.lockRanges();
    try {
      open.leaveThread(request);
    } finally {
      request.unlockRanges();
    }
  }

  private void enter(LeaseRequest request) {
    request.claims().forEach((range, claim) -> range.claims().hold(claim));
    open.opened(request);
  }

  /**
   * A lease's pages are there: others may use them now.
   *
   * @param request a request that is held
   * @param wasResident whether it found everything there, so that its thread may read the same again without asking
   * @param window where a device has its slice
   */
  public void prepared(LeaseRequest request, boolean wasResident, PlacedWindow window) {
    ResidentRead supernumerary = null;
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> {
        claim.prepared();
        range.changed();
      });
      if (wasResident && request.isSingleRead()) {
        ResidentRead offered = request.ranges().getFirst().claims().offer(request, window);
        supernumerary = offered == null ? null : open.offered(offered);
      }
    } finally {
      request.unlockRanges();
    }
    if (supernumerary != null) {
      withdraw(supernumerary);
    }
  }

  private static void withdraw(ResidentRead read) {
    read.range().lock().lock();
    try {
      read.range().claims().revoke(other -> other == read);
    } finally {
      read.range().lock().unlock();
    }
  }

  /** A read may not be repeated any more; answers how many leases are open on it. Called under the lock of its range. */
  int revoke(ResidentRead read) {
    return open.revoke(read);
  }

  private void leaveQueue(LeaseRequest request) {
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> {
        range.claims().stopWaiting(claim);
        range.changed();
      });
    } finally {
      request.unlockRanges();
    }
  }

  private static Blocker firstBlocker(LeaseRequest request, boolean waitsItsTurn) {
    Blocker first = null;
    for (int i = 0; i < request.claims().size(); i++) {
      CoherentRange range = request.ranges().get(i);
      Claim<LeaseRequest> claim = request.claims().claim(i);
      for (Claim<LeaseRequest> other : range.claims().blockers(claim)) {
        // What ends by itself is none, as what is only being prepared isn't.
        // What comes behind a kernel takes as long as that.
        boolean isConflict = !other.owner().isAside() && (other.owner().isBehindLaunches() || range.claims().isConflict(claim, other));
        if (first == null || (isConflict && !first.isConflict)) {
          first = new Blocker(range, other, isConflict, range.changes());
        }
      }
      Claim<LeaseRequest> earlier = waitsItsTurn ? range.claims().earlierWaiter(claim) : null;
      if (first == null && earlier != null) {
        first = new Blocker(range, earlier, true, range.changes());
      }
    }
    return first;
  }

  private void await(LeaseRequest request, Blocker blocker, Deadline deadline, Duration timeout) {
    LeaseRequest other = blocker.claim.owner();
    if (other.thread() == Thread.currentThread() && other != request) {
      throw new LeaseConflictException("This thread would wait for itself, as it holds a lease that conflicts: asked=" + request,
          List.of(other.describe()));
    }
    InFlightLaunch launch = other.launch();
    boolean changed = launch != null ? launch.retireWithin(deadline.leftNanos())
        : blocker.range.awaitChange(blocker.seenChanges, deadline.leftNanos(), request);
    List<String> holders = changed ? List.of() : holders(request);
    // Who has gone in the last moment is in nobody's way: the request looks again.
    if (!holders.isEmpty()) {
      throw tooLate(request, timeout, holders);
    }
  }

  /**
   * What a request that has waited for too long is told.
   *
   * @param request the request
   * @param timeout how long it could wait
   * @param holders for whom, in words
   * @return the exception
   */
  public static LeaseTimeoutException tooLate(LeaseRequest request, Duration timeout, List<String> holders) {
    return new LeaseTimeoutException("Conflicting leases were not closed in time: asked=" + request + ", timeoutMillis="
        + timeout.toMillis(), holders);
  }

  /** Who is in the way of a request; where nobody is, who waits before it. */
  private static List<String> holders(LeaseRequest request) {
    List<String> holders = new ArrayList<>();
    request.lockRanges();
    try {
      request.claims().forEach((range, claim) -> range.claims().blockers(claim).forEach(other -> holders.add(other.owner().describe())));
      Blocker first = holders.isEmpty() ? firstBlocker(request, true) : null;
      if (first != null) {
        holders.add("waiting " + first.claim.owner().describe());
      }
    } finally {
      request.unlockRanges();
    }
    return holders;
  }
}

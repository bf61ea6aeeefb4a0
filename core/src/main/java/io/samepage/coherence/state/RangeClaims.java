package io.samepage.coherence.state;

import io.samepage.Slice;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.LeaseTable;
import io.samepage.coherence.lease.Span;
import java.util.List;
import java.util.function.Predicate;

/**
 * The claims on one range, and the reads that threads may repeat without making one ({@link ResidentRead}). Who asks for claims finds the
 * open ones of those among them: before he is answered, the reads that may concern him are revoked. Guarded by the range's lock, but for
 * {@link #enter} and {@link #meetNewLaunches}.
 */
public final class RangeClaims {
  private final CoherentRange range;
  private final LeaseTable<LeaseRequest> table = new LeaseTable<>();
  private volatile ResidentReads reads = ResidentReads.NONE;
  /** How many launches there had been when somebody was told that there are some. */
  private volatile long metLaunches;

  RangeClaims(CoherentRange range) {
    this.range = range;
  }

  /** A read that the calling thread may repeat, counted; null if there is none. Called without the lock. */
  ResidentRead enter(int node, Slice slice) {
    ResidentRead read = reads.find(Thread.currentThread(), node, slice.offsetBytes(), slice.endBytes());
    return read != null && read.tryEnter() ? read : null;
  }

  /**
   * Offers a held and prepared request for reading a single slice to its thread, to be repeated as long as nobody who conflicts with it
   * comes. Answers what was offered; null if somebody waits, if it is offered already, or if a page was lost meanwhile.
   */
  ResidentRead offer(LeaseRequest request, PlacedWindow window) {
    Claim<LeaseRequest> claim = request.claim(range);
    Span span = claim.spans().getFirst();
    boolean isOffered = reads.find(request.thread(), claim.node(), span.firstByte(), span.endByte()) != null;
    boolean isBesideKernel = claim.isRelaxed() && !table.blockers(claim).isEmpty();
    if (isOffered || isBesideKernel || table.earlierWaiter(claim) != null || !range.directory().holdsAll(claim.node(), claim.pages())) {
      return null;
    }
    ResidentRead read = new ResidentRead(range, request, window);
    reads = reads.with(read);
    assert areResident() : "pages that are read are not there: " + read.describe();
    return read;
  }

  /**
   * Ends that reads are repeated; those that are open become claims.
   *
   * @param condition which reads
   */
  public void revoke(Predicate<ResidentRead> condition) {
    if (reads.isEmpty()) {
      return;
    }
    assert areResident() : "pages that are read have gone";
    List<ResidentRead> revoked = reads.all().stream().filter(condition).toList();
    if (revoked.isEmpty()) {
      return;
    }
    for (ResidentRead read : revoked) {
      int open = range.coherentMemory().leases().revoke(read);
      read.requests(open).forEach(request -> table.hold(request.claim(range)));
    }
    reads = reads.without(revoked);
  }

  private boolean areResident() {
    return reads.all().stream().allMatch(read -> range.directory().holdsAll(read.node(), read.claim().pages()));
  }

  /** The request that stands for a lease on a revoked read, which ends. Called without the lock. */
  LeaseRequest takeOver(ResidentRead revoked) {
    range.lock().lock();
    try {
      return revoked.takeRequest();
    } finally {
      range.lock().unlock();
    }
  }

  /** See {@link LeaseTable#blockers}. */
  List<Claim<LeaseRequest>> blockers(Claim<LeaseRequest> claim) {
    if (!reads.isEmpty()) {
      revoke(read -> table.isConflict(claim, read.claim()));
    }
    List<Claim<LeaseRequest>> blockers = table.blockers(claim);
    if (claim.isRelaxed()) {
      blockers.removeIf(this::isLaunchAtHome);
    }
    if (claim.owner().followsLaunches()) {
      blockers.removeIf(this::canBeFollowed);
    }
    return blockers;
  }

  /** The launches that a claim which {@linkplain LeaseRequest#followsLaunches follows launches} has to come behind. */
  List<Claim<LeaseRequest>> followed(Claim<LeaseRequest> claim) {
    List<Claim<LeaseRequest>> blockers = table.blockers(claim);
    // Mostly there is none, and then a lease should cost little.
    if (!blockers.isEmpty()) {
      blockers.removeIf(other -> !canBeFollowed(other) || claim.isRelaxed() && isLaunchAtHome(other));
    }
    return blockers;
  }

  /** Whether it is a launch, in its queue, that a copy to the host can come behind, or behind which there is nothing to copy. */
  private boolean canBeFollowed(Claim<LeaseRequest> other) {
    InFlightLaunch launch = other.owner().launch();
    return launch != null && (range.isAtHome(other.node()) || launch.device().canDownloadBehindLaunches());
  }

  /** Whether it is a launch, in its queue, on a device that uses the host's pages. */
  private boolean isLaunchAtHome(Claim<LeaseRequest> other) {
    return other.owner().launch() != null && range.coherentMemory().coherentDevices().get(other.node() - 1).isRelaxed();
  }

  /** See {@link LeaseTable#isConflict}. */
  boolean isConflict(Claim<LeaseRequest> claim, Claim<LeaseRequest> other) {
    return table.isConflict(claim, other);
  }

  /** See {@link LeaseTable#earlierWaiter}. */
  Claim<LeaseRequest> earlierWaiter(Claim<LeaseRequest> claim) {
    return table.earlierWaiter(claim);
  }

  /** See {@link LeaseTable#startWaiting}. */
  void startWaiting(Claim<LeaseRequest> claim) {
    table.startWaiting(claim);
  }

  /** See {@link LeaseTable#stopWaiting}. */
  void stopWaiting(Claim<LeaseRequest> claim) {
    table.stopWaiting(claim);
  }

  /**
   * See {@link LeaseTable#hold}; behind {@link #blockers} or {@link #held}.
   *
   * @param claim the claim
   */
  public void hold(Claim<LeaseRequest> claim) {
    assert reads.all().stream().noneMatch(read -> table.isConflict(claim, read.claim())) : "held beside a read: " + claim.owner();
    table.hold(claim);
  }

  /** See {@link LeaseTable#launched}. */
  void launched(Claim<LeaseRequest> claim, boolean hasArrivals) {
    table.launched(claim, hasArrivals);
  }

  /**
   * See {@link LeaseTable#hasLaunches}; but only if some were launched since somebody was told so. Called without the lock, so two may be
   * told of the same.
   */
  boolean meetNewLaunches(boolean writes) {
    long launches = table.launches();
    if (launches == metLaunches || !table.hasLaunches(writes)) {
      return false;
    }
    metLaunches = launches;
    return true;
  }

  /** See {@link LeaseTable#predecessors}. */
  List<Claim<LeaseRequest>> predecessors(Claim<LeaseRequest> claim) {
    return table.predecessors(claim);
  }

  /**
   * See {@link LeaseTable#drop}.
   *
   * @param claim the claim
   */
  public void drop(Claim<LeaseRequest> claim) {
    table.drop(claim);
  }

  /**
   * See {@link LeaseTable#held}. All reads are revoked: who asks this way must know everybody.
   *
   * @param condition which claims
   * @return those
   */
  public List<Claim<LeaseRequest>> held(Predicate<Claim<LeaseRequest>> condition) {
    revoke(read -> true);
    return table.held(condition);
  }
}

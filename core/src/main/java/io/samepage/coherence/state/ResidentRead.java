package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Predicate;

/**
 * A read that one thread has done and may repeat without a lock: of one slice, on a node that has all of its pages. It is offered once a
 * lease has found everything there, and stands until it is revoked. While it stands no claim that conflicts with it is held or waits, and
 * the pages stay valid: who is about to change that revokes it first, under the lock of the range.
 *
 * <p>All there is between readers and who revokes is one count of the open leases, which each changes by one atomic instruction. Revoking
 * takes the count away, and answers it; as many claims take its place, and leases that end from then on give back those.
 */
public final class ResidentRead extends Grant {
  /** So far below 0 that leases which end, and attempts that come too late, don't lead out of it. */
  private static final int REVOKED = Integer.MIN_VALUE / 2;
  /** The count has cache lines of its own, as threads that read at a time change one each. */
  private static final int LINE_INTS = 32;

  private final CoherentRange range;
  private final Thread thread;
  private final Claim<LeaseRequest> claim;
  private final Span span;
  /** Whether the host may have touched what is read; null where nobody touches pages that this node reads. */
  private final Predicate<List<Span>> touched;
  /** The windows that are read, more than one where they are parts of a sparse one; none on the host. */
  private final PlacedWindow[] windows;
  private final AtomicIntegerArray open = new AtomicIntegerArray(2 * LINE_INTS + 1);
  /** What took the place of open leases when the read was revoked. Guarded by the range's lock. */
  private final List<LeaseRequest> requests = new ArrayList<>(0);

  /** Repeats what a held request for a single slice has done. */
  ResidentRead(CoherentRange range, LeaseRequest done, PlacedWindow window) {
    this(range, done, window, window != null && range.hostSide().isWatched() ? range.hostSide()::mayBeTouched : null);
  }

  ResidentRead(CoherentRange range, LeaseRequest done, PlacedWindow window, Predicate<List<Span>> touched) {
    super(Access.READ, List.of(sliceOf(range, done)), window);
    this.range = range;
    thread = done.thread();
    claim = done.claim(range);
    span = claim.spans().getFirst();
    this.touched = touched;
    windows = window == null ? new PlacedWindow[0] : windowsUnder(window);
  }

  private PlacedWindow[] windowsUnder(PlacedWindow window) {
    List<PlacedWindow> under = new ArrayList<>(1);
    range.windows().forEachUnder(window.device(), span.firstByte(), span.endByte(), under::add);
    return under.toArray(PlacedWindow[]::new);
  }

  private static Slice sliceOf(CoherentRange range, LeaseRequest done) {
    Span span = done.claim(range).spans().getFirst();
    return new Slice(range, span.firstByte(), span.endByte() - span.firstByte());
  }

  static int hash(Thread reader, int node, long firstByte, long endByte) {
    long mixed = ((reader.threadId() * 31 + node) * 31 + firstByte) * 31 + endByte;
    return (int) (mixed * 0x9E3779B97F4A7C15L >>> Integer.SIZE);
  }

  @Override
  public int hashCode() {
    return hash(thread, node(), span.firstByte(), span.endByte());
  }

  // Two are the same only if they are one.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  boolean is(Thread reader, int node, long firstByte, long endByte) {
    return thread == reader && span.firstByte() == firstByte && span.endByte() == endByte && node() == node;
  }

  CoherentRange range() {
    return range;
  }

  Thread thread() {
    return thread;
  }

  /** {@return on which node} */
  public int node() {
    return claim.node();
  }

  /** The claim of the request that it repeats: what it excludes. */
  Claim<LeaseRequest> claim() {
    return claim;
  }

  /** Counts a lease that is opened; false if it must go the way of all others. Called by the thread that may repeat it. */
  boolean tryEnter() {
    // The look comes first: as long as the read stands afterwards, nobody has taken note of what was touched before.
    if (touched != null && touched.test(claim.spans())) {
      return false;
    }
    if (open.getAndIncrement(LINE_INTS) < 0) {
      return false;
    }
    for (PlacedWindow window : windows) {
      window.read();
    }
    return true;
  }

  @Override
  public void end() {
    if (open.getAndDecrement(LINE_INTS) < 0) {
      range.coherentMemory().leases().release(range.claims().takeOver(this));
    }
  }

  /**
   * Ends that one of the leases on it is a repeated read. Nobody repeats it any more.
   *
   * @return the request that takes its place
   */
  public LeaseRequest takeOut() {
    range.lock().lock();
    try {
      range.claims().revoke(read -> read == this);
      open.getAndDecrement(LINE_INTS);
      return takeRequest();
    } finally {
      range.lock().unlock();
    }
  }

  /** How many leases are open, none once it was revoked. */
  int open() {
    return Math.max(0, open.get(LINE_INTS));
  }

  /** Nobody enters from now on. Answers how many leases are open; called once. */
  int revoke() {
    return open.getAndSet(LINE_INTS, REVOKED);
  }

  /** Makes requests for the leases that were open when it was revoked. Called once, under the range's lock. */
  List<LeaseRequest> requests(int count) {
    LeaseRequest done = claim.owner();
    for (int i = 0; i < count; i++) {
      LeaseRequest request = new LeaseRequest(done.kind(), done.node(), done.nodeName(), thread, thread,
          List.of(new LeaseRequest.Use(range, span)));
      request.claim(range).prepared();
      requests.add(request);
    }
    return requests;
  }

  /** What a lease that ends gives back. Called under the range's lock. */
  LeaseRequest takeRequest() {
    return requests.removeLast();
  }

  @Override
  public String describe() {
    return claim.owner().describe();
  }
}

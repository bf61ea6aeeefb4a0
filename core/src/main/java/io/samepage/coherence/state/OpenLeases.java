package io.samepage.coherence.state;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many leases are open, and in which threads: those with a request of their own, and those of reads that are repeated
 * ({@link ResidentRead}), of which it keeps all that are offered. Safe for use by several threads.
 */
final class OpenLeases {
  /** How many reads are kept for being repeated; each takes some hundred bytes. */
  static final int OFFERED_MAX = 4_096;

  private record OfThread(int requested, List<ResidentRead> reads) {
    static final OfThread NOTHING = new OfThread(0, List.of());
    static final OfThread ONE = new OfThread(1, List.of());

    OfThread with(ResidentRead read) {
      List<ResidentRead> more = new ArrayList<>(reads);
      more.add(read);
      return new OfThread(requested, List.copyOf(more));
    }

    OfThread without(ResidentRead read, int open) {
      return new OfThread(requested + open, reads.stream().filter(other -> other != read).toList());
    }

    OfThread plus(int more) {
      return new OfThread(requested + more, reads);
    }

    boolean isOpen() {
      return requested > 0 || reads.stream().anyMatch(read -> read.open() > 0);
    }

    OfThread orNull() {
      return requested == 0 && reads.isEmpty() ? null : this;
    }
  }

  private final Map<Thread, OfThread> byThread = new ConcurrentHashMap<>();
  private final LongAdder requested = new LongAdder();
  /** In the order they were offered. Guarded by itself, and taken behind everything else. */
  private final Set<ResidentRead> offered = new LinkedHashSet<>();

  /** Counts a request, but for what a lease has put into a queue; of a lease, where it was opened by a thread. */
  void opened(LeaseRequest request) {
    if (request.kind() == LeaseRequest.Kind.COPY) {
      return;
    }
    requested.increment();
    if (request.opener() != null) {
      byThread.merge(request.opener(), OfThread.ONE, (count, one) -> count.plus(1));
    }
  }

  void closed(LeaseRequest request) {
    if (request.kind() == LeaseRequest.Kind.COPY) {
      return;
    }
    requested.decrement();
    if (request.opener() != null) {
      byThread.computeIfPresent(request.opener(), (thread, count) -> count.plus(-1).orNull());
    }
  }

  /** A request is no longer its opener's. */
  void leaveThread(LeaseRequest request) {
    Thread opener = request.opener();
    request.leaveThread();
    if (opener != null) {
      byThread.computeIfPresent(opener, (thread, count) -> count.plus(-1).orNull());
    }
  }

  /** How many there are. */
  long count() {
    synchronized (offered) {
      return requested.sum() + offered.stream().mapToLong(ResidentRead::open).sum();
    }
  }

  /** Whether a thread has opened one that is still open. */
  boolean hasAny(Thread thread) {
    if (!byThread.containsKey(thread)) {
      return false;
    }
    boolean[] isOpen = {false};
    // While this looks, none of the thread's reads is revoked.
    byThread.computeIfPresent(thread, (same, count) -> {
      isOpen[0] = count.isOpen();
      return count;
    });
    return isOpen[0];
  }

  /** Keeps a read. Answers the one that was offered first if there are too many, to be revoked by a caller who has no lock of a range. */
  ResidentRead offered(ResidentRead read) {
    byThread.compute(read.thread(), (thread, count) -> (count == null ? OfThread.NOTHING : count).with(read));
    synchronized (offered) {
      offered.add(read);
      return offered.size() > OFFERED_MAX ? offered.iterator().next() : null;
    }
  }

  /** Revokes a read, and answers how many leases are open on it: from now on they count as if they had requests. */
  int revoke(ResidentRead read) {
    int[] open = {0};
    byThread.computeIfPresent(read.thread(), (thread, count) -> {
      open[0] = read.revoke();
      return count.without(read, open[0]).orNull();
    });
    synchronized (offered) {
      requested.add(open[0]);
      offered.remove(read);
    }
    return open[0];
  }
}

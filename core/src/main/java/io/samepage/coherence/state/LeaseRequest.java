package io.samepage.coherence.state;

import io.samepage.Access;
import io.samepage.Slice;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import java.util.Collection;
import java.util.List;

/** Who claims: a lease, a launch, an eviction or an update, with its claims on all the ranges it touches, in the order of their locks. */
public final class LeaseRequest {
  /** What claims are made for. */
  public enum Kind {
    /** A lease of the host. */
    HOST_LEASE,
    /** A lease of a device, or an adoption. */
    DEVICE_LEASE,
    /** A kernel, or what goes into a device's queue as a kernel does. */
    LAUNCH,
    /** What a host lease has put into a device's queue: a launch that nobody asked for. */
    COPY,
    /** A window goes. */
    EVICTION,
    /** Pages are brought to who is said to access them. */
    UPDATE,
    /** Contents are given up. */
    DISCARD,
    /** An arena is closed. */
    CLOSING
  }

  /**
   * One slice, and what is done with it.
   *
   * @param range of which range
   * @param span which bytes, and what is done with them
   */
  public record Use(CoherentRange range, Span span) {
    /**
     * What is done with a slice.
     *
     * @param range its range
     * @param slice the slice
     * @param access what is done with it
     * @return the use
     */
    public static Use of(CoherentRange range, Slice slice, Access access) {
      return new Use(range, new Span(slice.offsetBytes(), slice.endBytes(), access));
    }
  }

  private final Kind kind;
  private final int node;
  private final String nodeName;
  /** The thread that could wait for itself; null if others may close the lease, or for a launch or eviction. */
  private volatile Thread thread;
  /** The thread that opens a lease, whoever may close it; null for a launch or eviction. */
  private volatile Thread opener;
  private final boolean writes;
  private final ClaimsByRange claims;
  /** Requests that are held along with this one by the same thread, which conflict with none of each other. */
  private Collection<LeaseRequest> joined = List.of();
  /** Set by its own thread before it is held. */
  private boolean followsLaunches;
  private boolean isBehindLaunches;
  /** Set under the locks of the ranges once the kernel is in its queue. */
  private volatile InFlightLaunch launch;

  /**
   * A request that nobody holds yet; of the calling thread's if it is for a lease.
   *
   * @param kind what for
   * @param node on which node
   * @param nodeName what messages call the node
   * @param thread the thread that could wait for itself; null if others may close the lease, or for a launch or eviction
   * @param uses what it claims
   */
  public LeaseRequest(Kind kind, int node, String nodeName, Thread thread, List<Use> uses) {
    this(kind, node, nodeName, thread, kind == Kind.HOST_LEASE || kind == Kind.DEVICE_LEASE ? Thread.currentThread() : null, uses);
  }

  LeaseRequest(Kind kind, int node, String nodeName, Thread thread, Thread opener, List<Use> uses) {
    this.kind = kind;
    this.node = node;
    this.nodeName = nodeName;
    this.thread = thread;
    this.opener = opener;
    writes = write(uses);
    claims = ClaimsByRange.of(uses, this::claim);
  }

  private LeaseRequest(LeaseRequest like, Thread thread, Thread opener) {
    this.thread = thread;
    this.opener = opener;
    kind = like.kind;
    node = like.node;
    nodeName = like.nodeName;
    claims = like.claims.again(this);
    writes = like.writes;
  }

  /** {@return a request of a launch for the same as this one, which nobody holds yet} This one may be held, or was. */
  public LeaseRequest again() {
    checkKind(Kind.LAUNCH);
    return new LeaseRequest(this, null, null);
  }

  /** A request of a host lease of the calling thread's for the same as this one, which nobody holds yet. */
  LeaseRequest again(Thread owner) {
    checkKind(Kind.HOST_LEASE);
    return new LeaseRequest(this, owner, Thread.currentThread());
  }

  private void checkKind(Kind expected) {
    if (kind != expected) {
      throw new IllegalStateException("It is repeated as what it was: request=" + this + ", asked=" + expected);
    }
  }

  private Claim<LeaseRequest> claim(CoherentRange range, List<Span> spans) {
    return new Claim<>(this, node, spans, range.sizeBytes(), range.pageSizeBytes(), claimKind(range, spans));
  }

  /** What a user's device lease writes is withdrawn from the host when it is closed: until then, nobody may bring its pages anew. */
  private Claim.Kind claimKind(CoherentRange range, List<Span> spans) {
    return switch (kind) {
      case LAUNCH -> Claim.Kind.LAUNCH;
      case COPY -> Claim.Kind.COPY;
      case UPDATE -> node == Layout.HOST_NODE ? Claim.Kind.PLAIN : Claim.Kind.LAUNCH;
      case DEVICE_LEASE -> range.hostSide().isWatched() && spans.stream().anyMatch(span -> span.access().writes())
          ? Claim.Kind.WHOLE_PAGES : Claim.Kind.PLAIN;
      case HOST_LEASE -> range.coherentMemory().settings().isHostRelaxed() && !writes ? Claim.Kind.RELAXED : Claim.Kind.PLAIN;
      default -> Claim.Kind.PLAIN;
    };
  }

  private static boolean write(List<Use> uses) {
    for (int i = 0; i < uses.size(); i++) {
      if (uses.get(i).span().access().writes()) {
        return true;
      }
    }
    return false;
  }

  /** {@return what it is for} */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether nobody asked for it, and it ends soon: who doesn't want to wait for others' leases waits for it all the same. A copy that is
   * behind kernels takes as long as these.
   */
  boolean isAside() {
    InFlightLaunch copy = launch;
    return kind == Kind.EVICTION || kind == Kind.UPDATE || kind == Kind.COPY && copy != null && !copy.isBehindKernels();
  }

  /** {@return on which node} */
  public int node() {
    return node;
  }

  String nodeName() {
    return nodeName;
  }

  /**
   * The thread that could wait for itself.
   *
   * @return the thread; null if others may close the lease, or for a launch or eviction
   */
  public Thread thread() {
    return thread;
  }

  Thread opener() {
    return opener;
  }

  /** It is left to nobody's thread to close it. Called once at most, by whoever keeps the count of the opener's leases. */
  void leaveThread() {
    thread = null;
    opener = null;
  }

  /** {@return its ranges, in the order of their locks} */
  public List<CoherentRange> ranges() {
    return claims.ranges();
  }

  /** {@return its claims} */
  public ClaimsByRange claims() {
    return claims;
  }

  /**
   * Its claim on a range.
   *
   * @param range the range
   * @return the claim, null if there is none
   */
  public Claim<LeaseRequest> claim(CoherentRange range) {
    return claims.get(range);
  }

  /**
   * Makes requests that are held by one thread along with each other. Called before any of them is held.
   *
   * @param requests the requests
   */
  public static void join(Collection<LeaseRequest> requests) {
    requests.forEach(request -> request.joined = requests);
  }

  /**
   * Whether another request is held by the same thread along with this one.
   *
   * @param other another request
   * @return whether it is
   */
  public boolean isJoinedBy(LeaseRequest other) {
    return other != this && joined.contains(other);
  }

  /** {@return whether the host touches one of its ranges without leases} */
  public boolean isWatched() {
    for (int i = 0; i < claims.size(); i++) {
      if (ranges().get(i).hostSide().isWatched()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether it will probably have to wait for launches that nobody has met yet: of some on its ranges that were not retired, though maybe
   * not on the same pages. They are met then. Called without locks.
   *
   * @return whether there are any
   */
  public boolean meetsNewLaunches() {
    boolean meets = false;
    for (int i = 0; i < claims.size(); i++) {
      CoherentRange range = ranges().get(i);
      if (!(claims.claim(i).isRelaxed() && areAllRelaxed(range))) {
        meets |= range.claims().meetNewLaunches(writes);
      }
    }
    return meets;
  }

  /** Devices with memory of their own are waited for by all. */
  private static boolean areAllRelaxed(CoherentRange range) {
    List<CoherentDevice> devices = range.coherentMemory().coherentDevices();
    for (int i = 0; i < devices.size(); i++) {
      if (!devices.get(i).isRelaxed()) {
        return false;
      }
    }
    return true;
  }

  /** Launches that write to devices' own memory are no obstacle to it: what it needs of that is brought behind them. */
  void followLaunches(boolean isFollowing) {
    followsLaunches = isFollowing;
  }

  boolean followsLaunches() {
    return followsLaunches;
  }

  /**
   * Finds the launches that it comes behind if it is held now. Called under the locks of its ranges.
   *
   * @param launches where they go
   * @return whether it may be held: whoever is kept off its pages would wait for them anyhow
   */
  boolean comesBehind(List<InFlightLaunch> launches) {
    boolean isWithin = true;
    for (int i = 0; i < claims.size(); i++) {
      List<Claim<LeaseRequest>> followed = ranges().get(i).claims().followed(claims.claim(i));
      isWithin &= claims.claim(i).isWithinPagesOf(followed);
      followed.forEach(other -> launches.add(other.owner().launch()));
    }
    isBehindLaunches = isWithin && !launches.isEmpty();
    return isWithin || launches.isEmpty();
  }

  /** Whether it has come behind launches. */
  boolean isBehindLaunches() {
    return isBehindLaunches;
  }

  /** {@return whether it writes anything} */
  public boolean writes() {
    return writes;
  }

  /** {@return whether its node holds all pages whose bytes it needs} Called under the locks of its ranges. */
  public boolean holdsWhatItNeeds() {
    for (int i = 0; i < claims.size(); i++) {
      if (!ranges().get(i).directory().holdsAll(node, claims.claim(i).neededPages())) {
        return false;
      }
    }
    return true;
  }

  /** Whether it reads a single slice, in a thread that it belongs to. */
  boolean isSingleRead() {
    if (thread == null || claims.size() != 1) {
      return false;
    }
    List<Span> spans = claims.claim(0).spans();
    return spans.size() == 1 && !spans.getFirst().access().writes();
  }

  /**
   * The launch that it is for.
   *
   * @return the launch; null for others, and before its kernel is in a queue
   */
  public InFlightLaunch launch() {
    return launch;
  }

  void launched(InFlightLaunch inFlight) {
    launch = inFlight;
  }

  /** Takes the locks of all its ranges, in their order. */
  public void lockRanges() {
    for (int i = 0; i < claims.size(); i++) {
      ranges().get(i).lock().lock();
    }
  }

  /** Lets go of the locks of all its ranges. */
  public void unlockRanges() {
    for (int i = 0; i < claims.size(); i++) {
      ranges().get(i).lock().unlock();
    }
  }

  /**
   * What messages call it: {@code READ lease on range-1[0, 4096) by host, thread main}.
   *
   * @return the text
   */
  public String describe() {
    StringBuilder text = new StringBuilder(kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')).append(" on ");
    int shown = 0;
    for (var entry : claims.entrySet()) {
      for (Span span : entry.getValue().spans()) {
        if (shown == 3) {
          return text.append(", …").append(suffix()).toString();
        }
        text.append(shown++ == 0 ? "" : ", ").append(entry.getKey().name()).append('[').append(span.firstByte()).append(", ")
            .append(span.endByte()).append(") ").append(span.access());
      }
    }
    return text.append(suffix()).toString();
  }

  private String suffix() {
    Thread its = thread;
    String who = its == null ? "" : ", thread " + its.getName();
    return " by " + nodeName + who + (kind == Kind.DEVICE_LEASE && its == null ? ", to be closed when a fence has passed" : "");
  }

  @Override
  public String toString() {
    return describe();
  }
}

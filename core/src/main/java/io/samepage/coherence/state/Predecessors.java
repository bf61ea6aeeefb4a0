package io.samepage.coherence.state;

import io.samepage.coherence.lease.Claim;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeFence;
import io.samepage.node.NodeQueue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a launch has to come behind, of what is in flight on its device: launches that it conflicts with; and, of launches beside which it
 * may run, the uploads of pages that both use. The order is kept by the device, so nobody waits.
 */
public final class Predecessors {
  /** Nothing to come behind. */
  public static final Predecessors NONE = new Predecessors();

  /** The newest in each queue: those before it in its queue are complete when it is. */
  private List<InFlightLaunch> launches = List.of();
  /** Launches that copies are made for, or beside, which this one needs too. */
  private List<InFlightLaunch> sharers = List.of();

  private Predecessors() {}

  /**
   * The predecessors of a launch whose claims are held. Called under the locks of its ranges.
   *
   * @param request its request
   * @return what it comes behind
   */
  public static Predecessors of(LeaseRequest request) {
    Predecessors found = new Predecessors();
    for (int i = 0; i < request.claims().size(); i++) {
      found.addOf(request.ranges().get(i), request.claims().claim(i));
    }
    return found;
  }

  /**
   * The predecessors of a copy.
   *
   * @param launches the launches that it comes behind
   * @return they, with all that they come behind
   */
  public static Predecessors of(List<InFlightLaunch> launches) {
    Predecessors found = new Predecessors();
    launches.forEach(launch -> found.add(launch, true));
    return found;
  }

  private void addOf(CoherentRange range, Claim<LeaseRequest> claim) {
    List<Claim<LeaseRequest>> others = range.claims().predecessors(claim);
    for (int i = 0; i < others.size(); i++) {
      add(others.get(i).owner().launch(), range.claims().isConflict(claim, others.get(i)));
    }
  }

  /**
   * As {@link #of} for a lease, which waits for all that it conflicts with: what is left are copies.
   *
   * @param request the request of a lease
   * @return the copies
   */
  public static Predecessors ofCopies(LeaseRequest request) {
    Predecessors found = new Predecessors();
    request.claims().forEach((range, claim) ->
        range.claims().predecessors(claim).forEach(other -> found.addSharer(other.owner().launch())));
    return found;
  }

  private void add(InFlightLaunch launch, boolean isConflict) {
    if (isConflict) {
      addToFollow(launch);
    }
    // What was sent beside a conflicting launch's slices is in the device's own queue, so nothing in the launch's queue comes behind it.
    if (!isConflict || launch.hasEdges()) {
      addSharer(launch);
    }
  }

  private void addToFollow(InFlightLaunch launch) {
    for (int i = 0; i < launches.size(); i++) {
      if (launches.get(i).queue() == launch.queue()) {
        launches.set(i, launch.isBehind(launches.get(i)) ? launch : launches.get(i));
        return;
      }
    }
    launches = with(launches, launch);
  }

  /** Mostly there is none, and then there is no list. */
  private static List<InFlightLaunch> with(List<InFlightLaunch> some, InFlightLaunch one) {
    List<InFlightLaunch> more = some.isEmpty() ? new ArrayList<>(1) : some;
    more.add(one);
    return more;
  }

  private void addSharer(InFlightLaunch launch) {
    if (launch.hasCopies() && !sharers.contains(launch)) {
      sharers = with(sharers, launch);
    }
  }

  /** The queue of the last launch to follow; 0 if there is none, or it is in the device's own queue. */
  int lastQueue() {
    InFlightLaunch last = null;
    for (int i = 0; i < launches.size(); i++) {
      last = last == null || launches.get(i).isBehind(last) ? launches.get(i) : last;
    }
    return last == null ? 0 : last.queue();
  }

  /** The last launch to follow that is in a compute queue; null if all are in the device's own queue. */
  InFlightLaunch lastComputing() {
    InFlightLaunch last = null;
    for (InFlightLaunch launch : launches) {
      last = launch.queue() > 0 && (last == null || launch.isBehind(last)) ? launch : last;
    }
    return last;
  }

  /**
   * What a command in a queue must be told to come behind, besides its own uploads if there are any.
   *
   * @param queue which queue
   * @param uploads behind its own uploads, or null
   * @return what it must come behind
   */
  public NodeQueue.After after(int queue, NodeFence uploads) {
    return after(queue, uploads, List.of());
  }

  /**
   * As {@link #after(int, NodeFence)}, for a command that takes its uploads along.
   *
   * @param queue which queue
   * @param uploads what it takes along
   * @return what it must come behind
   */
  public NodeQueue.After afterWithUploads(int queue, List<CopyRun> uploads) {
    return after(queue, null, uploads);
  }

  private NodeQueue.After after(int queue, NodeFence uploaded, List<CopyRun> uploads) {
    if (uploaded == null && sharers.isEmpty() && areIn(queue)) {
      return uploads.isEmpty() ? NodeQueue.After.NOTHING : new NodeQueue.After(uploads, List.of(), List.of());
    }
    Set<NodeFence> needed = new LinkedHashSet<>();
    Set<NodeFence> ended = new LinkedHashSet<>();
    for (InFlightLaunch launch : launches) {
      if (launch.queue() != queue) {
        launch.addDone(ended);
      }
    }
    sharers.forEach(launch -> launch.addCopies(needed));
    if (uploaded != null) {
      needed.add(uploaded);
    }
    return new NodeQueue.After(uploads, List.copyOf(needed), List.copyOf(ended));
  }

  /** Whether all to follow are in one queue. */
  private boolean areIn(int queue) {
    for (int i = 0; i < launches.size(); i++) {
      if (launches.get(i).queue() != queue) {
        return false;
      }
    }
    return true;
  }

  /** Whether the launches to follow have ended. */
  boolean areDone() {
    for (int i = 0; i < launches.size(); i++) {
      if (!launches.get(i).isDone()) {
        return false;
      }
    }
    return true;
  }

  /** Waits for all. */
  public void await() {
    launches.forEach(InFlightLaunch::retire);
    awaitCopies();
  }

  /** Waits for the copies; where one has failed, for its launch as well, so that the directory knows. */
  public void awaitCopies() {
    sharers.stream().filter(InFlightLaunch::haveCopiesFailed).forEach(InFlightLaunch::retire);
  }

  /** Those that must be retired before a launch that is complete is, so that it hears of their failures. */
  List<InFlightLaunch> toRetire() {
    if (sharers.isEmpty()) {
      return launches;
    }
    List<InFlightLaunch> before = new ArrayList<>(launches);
    sharers.stream().filter(InFlightLaunch::haveCopiesFailed).forEach(before::add);
    return before;
  }
}

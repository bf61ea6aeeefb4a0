package io.samepage.coherence.transfer;

import io.samepage.Access;
import io.samepage.DeviceException;
import io.samepage.PoisonedPageException;
import io.samepage.coherence.directory.FetchPlan;
import io.samepage.coherence.directory.Layout;
import io.samepage.coherence.directory.PageDirectory;
import io.samepage.coherence.directory.PageRuns;
import io.samepage.coherence.lease.Claim;
import io.samepage.coherence.lease.Span;
import io.samepage.coherence.state.Arrivals;
import io.samepage.coherence.state.CoherentDevice;
import io.samepage.coherence.state.CoherentRange;
import io.samepage.coherence.state.LeaseRequest;
import io.samepage.node.CopyRun;
import io.samepage.node.NodeFence;
import io.samepage.node.PeerRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Brings what a held request needs to its node. Plans under the locks of the ranges, copies without them, enters in the directory what
 * has arrived. From plan to entry the request's claims keep everybody else off its pages.
 */
public final class Preparation {
  /** What goes to the host: copies, and how to enter them; or, where the host touches the range, pages that the fault handler fetches. */
  private static final class Downloads {
    final Set<CoherentDevice> sources = new LinkedHashSet<>();
    final Map<CoherentDevice, List<CopyRun>> copies = new LinkedHashMap<>();
    final List<Runnable> entries = new ArrayList<>();
    final Map<CoherentRange, List<PageRuns>> fetches = new LinkedHashMap<>();
  }

  /** What goes to a device from other ones: copies between devices, or what goes by way of the host. */
  private record Fetches(Map<CoherentDevice, List<PeerRun>> peers, Downloads staged) {
    Fetches() {
      this(new LinkedHashMap<>(), new Downloads());
    }
  }

  /** What of a range is missing, and whether the host gets single bytes of it rather than pages. */
  private record Missing(CoherentRange range, FetchPlan plan, boolean isSparse) {
    PageRuns from(CoherentDevice source) {
      return plan.from(source.node());
    }
  }

  private final LeaseRequest request;
  private final List<CoherentDevice> devices;
  /** By ranges of which something is missing. A list and loops, as a kernel is kept waiting, by code that has not run for a while. */
  private List<Missing> missing = List.of();

  /**
   * The preparation of a request, which is used once.
   *
   * @param request a request that is held
   * @param devices all devices of its memory
   */
  public Preparation(LeaseRequest request, List<CoherentDevice> devices) {
    this.request = request;
    this.devices = devices;
  }

  /**
   * Brings everything to the host.
   *
   * @throws PoisonedPageException if a page is needed whose only valid copy was lost
   * @throws DeviceException if a device fails to copy
   */
  public void bringToHost() {
    Downloads downloads = plannedDownloads();
    if (downloads != null) {
      download(downloads);
    }
    entrust();
  }

  /** All or nothing. */
  private void entrust() {
    List<CoherentRange> entrusted = new ArrayList<>(1);
    try {
      request.claims().forEach((range, claim) -> {
        range.hostSide().entrust(claim);
        entrusted.add(range);
      });
    } catch (DeviceException e) {
      entrusted.forEach(range -> range.hostSide().takeBack(request.claim(range)));
      throw e;
    }
  }

  /**
   * As {@link #bringToHost()}, behind launches: what their devices have is copied behind them.
   *
   * @param behind the launches
   * @throws io.samepage.LeaseTimeoutException if the launches take too long; the request may be released
   * @throws io.samepage.WaitInterruptedException if the thread is interrupted before they are over; likewise
   */
  public void bringToHost(BehindLaunches behind) {
    if (behind.isNone()) {
      bringToHost();
      return;
    }
    Downloads downloads = plannedDownloads();
    if (downloads != null) {
      copyWithin(behind, downloads);
    }
    if (behind.await(downloads == null || !downloads.entries.isEmpty())) {
      underLocks(() -> {
        request.ranges().forEach(CoherentRange::checkOpen);
        if (downloads != null) {
          downloads.entries.forEach(Runnable::run);
        }
      });
    } else {
      // What was lost with them is known now, and where everything else is; and nothing is to be waited for.
      missing = List.of();
      bringToHost();
    }
  }

  /** Copies what the devices of launches don't have, and enqueues the rest behind these. */
  private void copyWithin(BehindLaunches behind, Downloads downloads) {
    Map<CoherentDevice, List<CopyRun>> others = new LinkedHashMap<>(downloads.copies);
    others.keySet().removeIf(behind::follows);
    copy(others);
    downloads.copies.forEach((source, copies) -> {
      if (behind.follows(source)) {
        behind.enqueue(source, usesOn(source), copies);
      }
    });
  }

  /** Null if nothing is missing, as mostly: then a lease should cost little. */
  private Downloads plannedDownloads() {
    reconcile();
    request.lockRanges();
    try {
      plan();
      return missing.isEmpty() ? null : downloads();
    } finally {
      request.unlockRanges();
    }
  }

  private Downloads downloads() {
    Downloads downloads = new Downloads();
    devices.forEach(source -> forEachSourced(source, its -> addDownloads(its, source, downloads)));
    return downloads;
  }

  /** The pages that are read on a device, for the host. */
  private List<LeaseRequest.Use> usesOn(CoherentDevice source) {
    List<LeaseRequest.Use> uses = new ArrayList<>(1);
    forEachSourced(source, its -> {
      CoherentRange range = its.range;
      long page = range.pageSizeBytes();
      its.from(source).forEach((first, end) ->
          uses.add(new LeaseRequest.Use(range, new Span(first * page, Math.min(end * page, range.sizeBytes()), Access.READ))));
    });
    return uses;
  }

  /** {@return whether nothing was missing} */
  public boolean foundAll() {
    return missing.isEmpty();
  }

  /** Enters in the directory what the host has done. */
  public void reconcile() {
    for (int i = 0; i < devices.size(); i++) {
      devices.get(i).noticeLoss();
    }
    for (int i = 0; i < request.claims().size(); i++) {
      request.ranges().get(i).hostSide().reconcile(request.claims().claim(i));
    }
  }

  /**
   * Brings to a device what other devices have, and answers what is still to come from the host. Copies between devices are complete on
   * return, as the source's windows are kept by the preparation alone.
   *
   * @param target the request's device
   * @return what is still to come from the host
   * @throws PoisonedPageException if a page is needed whose only valid copy was lost
   * @throws DeviceException if a device fails to copy
   */
  public Arrivals bringToDevice(CoherentDevice target) {
    reconcile();
    return bringReconciled(target);
  }

  /**
   * As {@link #bringToDevice}, for a caller who has {@linkplain #reconcile reconciled} before.
   *
   * @param target the request's device
   * @return what is still to come from the host
   */
  public Arrivals bringReconciled(CoherentDevice target) {
    Arrivals arrivals = new Arrivals(target);
    Fetches fetches = null;
    request.lockRanges();
    try {
      plan();
      if (comesFromHost()) {
        // Mostly so, and then the kernel should not be kept waiting.
        arrive(arrivals, List.of());
      } else {
        fetches = fetches(target);
      }
    } finally {
      request.unlockRanges();
    }
    if (fetches != null) {
      bring(fetches, arrivals);
    }
    for (int i = 0; i < request.claims().size(); i++) {
      if (request.ranges().get(i).isSharedWith(target)) {
        request.ranges().get(i).hostSide().entrust(request.claims().claim(i));
      }
    }
    return arrivals;
  }

  /** Whether no other device has anything that is missing. */
  private boolean comesFromHost() {
    for (int i = 0; i < missing.size(); i++) {
      for (int j = 0; j < devices.size(); j++) {
        if (!missing.get(i).from(devices.get(j)).isEmpty()) {
          return false;
        }
      }
    }
    return true;
  }

  private void bring(Fetches fetches, Arrivals arrivals) {
    CoherentDevice target = arrivals.target();
    fetches.peers.forEach((source, runs) -> target.submit(node -> node.copyFrom(source.deviceNode(), runs)).awaitUninterruptibly());
    download(fetches.staged);
    underLocks(() -> {
      enter(fetches.peers.keySet(), target.node());
      arrive(arrivals, fetches.staged.sources);
    });
  }

  /** What the host has now, of devices as well. */
  private void arrive(Arrivals arrivals, Collection<CoherentDevice> staged) {
    for (int i = 0; i < missing.size(); i++) {
      Missing its = missing.get(i);
      if (!its.range.isSharedWith(arrivals.target())) {
        arrivals.zero(its.range, its.plan.zero());
        arrivals.upload(its.range, its.plan.from(Layout.HOST_NODE));
        staged.forEach(source -> arrivals.upload(its.range, its.from(source)));
      }
    }
  }

  private Fetches fetches(CoherentDevice target) {
    Fetches fetches = new Fetches();
    for (CoherentDevice source : devices) {
      forEachSourced(source, its -> {
        CoherentRange range = its.range;
        if (!range.isSharedWith(target) && target.deviceNode().canCopyFrom(source.deviceNode())) {
          fetches.peers.computeIfAbsent(source, key -> new ArrayList<>())
              .addAll(range.windows().copies(range, source, target, its.from(source)));
        } else {
          addDownloads(its, source, fetches.staged);
        }
      });
    }
    return fetches;
  }

  private void underLocks(Runnable action) {
    request.lockRanges();
    try {
      action.run();
    } finally {
      request.unlockRanges();
    }
  }

  private void plan() {
    for (int i = 0; i < request.claims().size(); i++) {
      CoherentRange range = request.ranges().get(i);
      PageRuns needed = request.claims().claim(i).neededPages();
      // Mostly everything is there, and then a launch should cost little.
      if (!range.directory().holdsAll(request.node(), needed)) {
        plan(range, request.claims().claim(i), needed);
      }
    }
  }

  private void plan(CoherentRange range, Claim<LeaseRequest> claim, PageRuns needed) {
    FetchPlan plan = range.directory().newPlan();
    for (int i = 0; i < needed.count(); i++) {
      long poisoned = range.directory().plan(plan, request.node(), needed.firstPage(i), needed.endPage(i));
      if (poisoned >= 0) {
        throw new PoisonedPageException(range, poisoned * range.pageSizeBytes());
      }
    }
    boolean isSparse = request.kind() == LeaseRequest.Kind.HOST_LEASE && !range.hostSide().isWatched()
        && SparseRead.is(claim, range.pageSizeBytes());
    for (int source = 0; source <= devices.size() && !isSparse; source++) {
      // Mostly there is one run, and nothing to join.
      if (plan.from(source).count() > 1) {
        bridge(plan, range, claim, source);
      }
    }
    missing = missing.isEmpty() ? new ArrayList<>(request.claims().size()) : missing;
    missing.add(new Missing(range, plan, isSparse));
  }

  /**
   * Joins runs across small gaps that nobody else uses. The pages in them count as missing until they have arrived: a copy that fails
   * may leave anything there.
   */
  private void bridge(FetchPlan plan, CoherentRange range, Claim<LeaseRequest> claim, int source) {
    PageDirectory directory = range.directory();
    PageRuns filled = new PageRuns();
    plan.bridge(source, (first, end) -> {
      boolean fills = copiesDirectly(range, source) && directory.holdsAll(source, first, end) && mayCopyAlong(range, claim, first, end);
      if (fills) {
        filled.add(first, end);
      }
      return fills;
    });
    filled.forEach((first, end) -> directory.evicted(directory.home(request.node()), first, end));
  }

  /** What goes by way of the host would go over the host's own copy. */
  private boolean copiesDirectly(CoherentRange range, int source) {
    return source == Layout.HOST_NODE || range.isAtHome(request.node())
        || devices.get(request.node() - 1).deviceNode().canCopyFrom(devices.get(source - 1).deviceNode());
  }

  private boolean mayCopyAlong(CoherentRange range, Claim<LeaseRequest> claim, long firstPage, long endPage) {
    return claim.coversWhole(firstPage, endPage) && range.directory().holdsAll(request.node(), firstPage, endPage)
        && range.directory().untouched(firstPage, endPage).isEmpty()
        && range.claims().held(other -> other != claim && other.touches(firstPage, endPage)).isEmpty();
  }

  private void addDownloads(Missing its, CoherentDevice source, Downloads downloads) {
    CoherentRange range = its.range;
    PageRuns runs = its.from(source);
    downloads.sources.add(source);
    if (range.hostSide().isWatched()) {
      downloads.fetches.computeIfAbsent(range, key -> new ArrayList<>()).add(runs);
    } else if (its.isSparse) {
      downloads.copies.computeIfAbsent(source, key -> new ArrayList<>())
          .addAll(SparseRead.copies(range, source, request.claim(range), runs));
    } else {
      downloads.copies.computeIfAbsent(source, key -> new ArrayList<>()).addAll(range.windows().copies(range, source, runs));
      downloads.entries.add(() -> runs.forEach((first, end) -> range.directory().fetched(Layout.HOST_NODE, first, end)));
    }
  }

  private void forEachSourced(CoherentDevice source, Consumer<Missing> action) {
    for (int i = 0; i < missing.size(); i++) {
      if (!missing.get(i).from(source).isEmpty()) {
        action.accept(missing.get(i));
      }
    }
  }

  /** Brings it to the host, and enters it. */
  private void download(Downloads downloads) {
    copy(downloads.copies);
    underLocks(() -> downloads.entries.forEach(Runnable::run));
    downloads.fetches.forEach((range, runs) -> range.hostSide().bringHome(runs));
  }

  /** Copies to the host and waits for all, also where one fails: nothing may be under way when the claims are dropped. */
  private static void copy(Map<CoherentDevice, List<CopyRun>> downloads) {
    DeviceException failure = null;
    List<NodeFence> fences = new ArrayList<>();
    for (var entry : downloads.entrySet()) {
      try {
        fences.add(entry.getKey().submit(node -> node.download(entry.getValue())));
      } catch (DeviceException e) {
        failure = e;
      }
    }
    for (NodeFence fence : fences) {
      try {
        fence.awaitUninterruptibly();
      } catch (DeviceException e) {
        failure = e;
      }
    }
    if (failure != null) {
      downloads.keySet().forEach(CoherentDevice::noticeLoss);
      throw failure;
    }
  }

  private void enter(Iterable<CoherentDevice> sources, int node) {
    for (CoherentDevice source : sources) {
      forEachSourced(source, its -> its.range.directory().fetched(node, its.from(source)));
    }
  }
}

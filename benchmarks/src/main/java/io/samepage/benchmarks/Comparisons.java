package io.samepage.benchmarks;

import io.samepage.HostAccess;
import io.samepage.benchmarks.base.Scatter;
import io.samepage.benchmarks.launch.LaunchAfterPause;
import io.samepage.benchmarks.launch.LaunchSubmit;
import io.samepage.benchmarks.launch.RelaunchChanged;
import io.samepage.benchmarks.launch.RelaunchUntouched;
import io.samepage.benchmarks.network.NetworkOutsideKernels;
import io.samepage.benchmarks.pipeline.Peer;
import io.samepage.benchmarks.pipeline.PeerTrial;
import io.samepage.benchmarks.pipeline.PipelineOutsideKernels;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.starpu.StarPuLeases;
import io.samepage.benchmarks.transfer.BulkToDevice;
import io.samepage.benchmarks.transfer.BulkToHost;
import io.samepage.benchmarks.transfer.ScatteredToDevice;
import io.samepage.benchmarks.transfer.ScatteredToHost;
import io.samepage.benchmarks.turn.TimedState;
import io.samepage.benchmarks.work.FaultLatency;
import io.samepage.benchmarks.work.FirstWrite;
import io.samepage.benchmarks.work.LeaseThreads;
import io.samepage.benchmarks.work.ManyRanges;
import io.samepage.benchmarks.work.ManyThreads;
import io.samepage.benchmarks.work.ResidentLeases;
import io.samepage.benchmarks.work.Sweep;
import io.samepage.benchmarks.work.TransparentLoop;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** All comparisons, in the order of the table. */
final class Comparisons {
  private static final Goal BULK = new Goal.Rate(0.95);
  private static final Goal SCATTERED = new Goal.Rate(0.70);
  private static final Goal LAUNCH = new Goal.Excess(3_000);
  private static final Goal FAULT = new Goal.Time(12_000);
  private static final Goal PAGE_FAULT = new Goal.Rate(1 / 1.5);
  private static final Set<Class<?>> TOUCHING = Set.of(TransparentLoop.class, FirstWrite.class, RelaunchUntouched.class, FaultLatency.class,
      Sweep.class);
  /** Where both sides have a GiB on the host and on the device, it is four times there. */
  private static final long PLENTY_BYTES = 8L << 30;
  private static final int SMALL_RANGE_MIB = 256;
  private static final int QUICK_RANGE_MIB = 16;
  /** There is much Java in launches, and few of them run while something else takes long. */
  static final String LAUNCHES_WARM_MILLIS = "3000";
  /** {@link Scatter#PAGES}, and others. */
  private static final int QUICK_SCATTER_MIB = 128;
  private static final int LARGER_PIPELINE = 1024;

  /** Whom the pipeline is measured beside without a goal. */
  private static final Set<Peer> PEERS = EnumSet.of(Peer.LWJGL_COPYING, Peer.JOCL, Peer.JOCL_COPYING, Peer.APARAPI_EXPLICIT,
      Peer.APARAPI_IMPLICIT, Peer.STARPU);

  private final List<Comparison> list = new ArrayList<>();
  private final boolean isQuick;

  private Comparisons(boolean isQuick) {
    this.isQuick = isQuick;
  }

  static List<Comparison> all() {
    Comparisons all = new Comparisons(false);
    int rangeMib = Machine.memoryBytes() < PLENTY_BYTES ? SMALL_RANGE_MIB : 1024;
    List.of(2, 16, 256).forEach(all::addBulk);
    for (Scatter scatter : Scatter.values()) {
      all.addScattered(scatter, rangeMib);
    }
    all.addLeases();
    all.addLaunches(rangeMib);
    all.addPauses();
    all.addChanges(rangeMib);
    all.addPipelines(512);
    all.addLoops();
    all.addFirstWrite(rangeMib);
    all.addRelaunches(rangeMib);
    List.of(0, 100, 1000).forEach(all::addEmbeddedFaults);
    all.addOpenClFaults();
    all.addSweep(256);
    all.addNetworks(64, 30);
    all.addStarPuLeases();
    all.addCounts(List.of(1, 100, 10_000, 100_000));
    all.addThreads();
    return all.list;
  }

  /** The pipeline under leases where kernels and copies take longer, beside what each launch and lease costs. */
  static List<Comparison> largerPipelines() {
    Comparisons larger = new Comparisons(false);
    larger.addPipelines(LARGER_PIPELINE);
    return larger.list.stream().filter(comparison -> comparison.isInTurn() && !isTouching(comparison))
        .map(comparison -> comparison.measuredBy("./bench --sizes " + comparison.benchmark())).toList();
  }

  /** Each benchmark once, small. */
  static List<Comparison> quick() {
    Comparisons quick = new Comparisons(true);
    quick.addBulk(2);
    quick.addScattered(Scatter.RANDOM, QUICK_SCATTER_MIB);
    quick.addLeases();
    quick.addLaunches(QUICK_RANGE_MIB);
    quick.addPauses();
    quick.addChanges(QUICK_RANGE_MIB);
    quick.addPipelines(64);
    quick.addLoops();
    quick.addFirstWrite(QUICK_SCATTER_MIB);
    quick.addRelaunches(QUICK_RANGE_MIB);
    quick.addEmbeddedFaults(0);
    quick.addOpenClFaults();
    quick.addSweep(16);
    quick.addNetworks(8, 3);
    quick.addStarPuLeases();
    quick.addCounts(List.of(100));
    quick.addThreads();
    return quick.list;
  }

  /** Whether the host touches memory without leases, so that it can't be measured where the host's access is explicit. */
  static boolean isTouching(Comparison comparison) {
    Map<String, String> parameters = comparison.ours().parameters();
    return TOUCHING.contains(comparison.ours().benchmark()) || parameters.containsValue(LaunchSubmit.Data.SEGMENT.name())
        || parameters.containsValue(HostAccess.Mode.TRANSPARENT.name())
        || peer(comparison.ours()).map(Peer::isTouching).orElse(false);
  }

  private static Optional<Peer> peer(Side side) {
    if (side.benchmark() == StarPuLeases.class) {
      return Optional.of(Peer.STARPU);
    }
    return Optional.ofNullable(side.parameters().get("peer")).map(Peer::valueOf);
  }

  /** The same, but that peers which can't be measured here are named with the reason, and ours stands alone. Each is tried once. */
  static List<Comparison> present(List<Comparison> comparisons) {
    PeerTrial trial = new PeerTrial();
    return present(comparisons, side -> peer(side).flatMap(trial::missing));
  }

  static List<Comparison> present(List<Comparison> comparisons, Function<Side, Optional<String>> missing) {
    return comparisons.stream()
        .map(comparison -> comparison.baseline().flatMap(missing).map(reason -> alone(comparison, reason)).orElse(comparison)).toList();
  }

  private static Comparison alone(Comparison comparison, String reason) {
    String title = comparison.title() + ": not measured, " + reason.replace('|', '/');
    return new Comparison(title, comparison.ours(), Optional.empty(), new Goal.None());
  }

  private void addBulk(int sizeMib) {
    Map<String, String> size = inTurns(Map.of("sizeMib", "" + sizeMib));
    addInTurn("bulk to the device, " + sizeMib + " MiB", BulkToDevice.class, size, BULK);
    addInTurn("bulk to the host, " + sizeMib + " MiB", BulkToHost.class, size, BULK);
  }

  private void addScattered(Scatter scatter, int rangeMib) {
    String pages = "%,d %s of %d MiB".formatted(Scatter.PAGES, scatter == Scatter.RANDOM ? "random pages" : "pages, every 4th,", rangeMib);
    Map<String, String> toDevice = inTurns(Map.of("scatter", scatter.name(), "rangeMib", "" + rangeMib));
    addInTurn(pages + " to the device", ScatteredToDevice.class, toDevice, SCATTERED);
    for (ScatteredToHost.Lease lease : ScatteredToHost.Lease.values()) {
      Map<String, String> toHost = inTurns(Map.of("scatter", scatter.name(), "rangeMib", "" + rangeMib, "lease", lease.name()));
      String leased = lease == ScatteredToHost.Lease.RANGE ? "range" : "pages";
      addInTurn(pages + " to the host, leasing the " + leased, ScatteredToHost.class, toHost, SCATTERED);
    }
  }

  private void addLeases() {
    addLease("device lease, nothing to move", "device", new Goal.Cost(100, 0));
    addLease("device lease, given to who may keep it", "deviceGivenAway", new Goal.None());
    addLease("host lease, confined, nothing to move", "hostConfined", new Goal.Cost(100, 0));
    addLease("host lease, confined, with its segment", "hostConfinedUsed", new Goal.None());
    addLease("host lease, shared, nothing to move", "hostShared", new Goal.None());
    for (LeaseThreads.Node node : LeaseThreads.Node.values()) {
      addInTurn(node.name().toLowerCase(Locale.ROOT) + " leases of two threads beside those of one", LeaseThreads.class,
          inTurns(Map.of("node", node.name())), new Goal.Rate(1.6));
    }
  }

  private void addLaunches(int rangeMib) {
    addLaunch("reading a range of 64 KiB", LaunchSubmit.Data.RANGE, 64, false, LAUNCH);
    addLaunch("writing a range of 64 KiB", LaunchSubmit.Data.RANGE, 64, true, LAUNCH);
    addLaunch("writing the second half of 128 KiB", LaunchSubmit.Data.PART, 64, true, LAUNCH);
    addLaunch("writing a segment of " + rangeMib + " MiB", LaunchSubmit.Data.SEGMENT, rangeMib << 10, true, new Goal.None());
  }

  private void addPauses() {
    for (int millis : new int[] {0, 20}) {
      addInTurn("launch on an idle device, " + (millis == 0 ? "one behind another" : "each after " + millis + " ms of sleep"),
          LaunchAfterPause.class, launched(Map.of("pauseMillis", "" + millis)), new Goal.None());
    }
  }

  private void addLaunch(String does, LaunchSubmit.Data data, int sizeKib, boolean writes, Goal goal) {
    addInTurn("launch behind a busy kernel, " + does, LaunchSubmit.class,
        behindBusy(Map.of("data", data.name(), "sizeKib", "" + sizeKib, "writes", "" + writes)), goal);
  }

  private void addChanges(int rangeMib) {
    for (HostAccess.Mode host : HostAccess.Mode.values()) {
      Map<String, String> parameters = launched(Map.of("host", host.name(), "rangeMib", "" + rangeMib));
      addInTurn("launch on " + rangeMib + " MiB of which 4 KiB changed, " + host(host), RelaunchChanged.class, parameters,
          new Goal.Rate(2));
    }
  }

  private void addPipelines(int size) {
    addPipeline(size, Peer.SAMEPAGE_LEASES, Peer.LWJGL, "under leases");
    addPipeline(size, Peer.SAMEPAGE_STORES, Peer.LWJGL, "by plain stores");
    addPipeline(size, Peer.SAMEPAGE_COHERENT_LEASES, Peer.LWJGL_COHERENT, "in the host's pages, under leases");
    addPipeline(size, Peer.SAMEPAGE_COHERENT_STORES, Peer.LWJGL_COHERENT, "in the host's pages, by plain stores");
    addPipeline(size, Peer.SAMEPAGE_SVM_LEASES, Peer.LWJGL_SVM, "in shared virtual memory, under leases");
    PEERS.forEach(peer -> addPeer(size, peer));
  }

  private void addPipeline(int size, Peer ours, Peer other, String title) {
    addPipeline(size, title, ours, pipeline(size, other).inTurn(other.name()), new Goal.Rate(1 / 1.1));
  }

  private void addPeer(int size, Peer peer) {
    addPipeline(size, "beside " + peer.text(), Peer.SAMEPAGE_LEASES, pipeline(size, peer), new Goal.None());
  }

  private void addPipeline(int size, String title, Peer ours, Side other, Goal goal) {
    list.add(new Comparison("pipeline of " + size + " × " + size + " outside kernels, " + title, pipeline(size, ours), Optional.of(other),
        goal));
  }

  /** Beside some there is no goal: differences are large, so that less warming up will do. */
  private Side pipeline(int size, Peer peer) {
    Map<String, String> parameters = new HashMap<>(Map.of("size", "" + size, "peer", peer.name()));
    if (isQuick) {
      parameters.put("settlingRuns", "1");
    } else if (PEERS.contains(peer)) {
      parameters.put("warmMillis", "2000");
    }
    return new Side(PipelineOutsideKernels.class, "outsideKernels", inTurns(parameters), peer.text());
  }

  private static String host(HostAccess.Mode mode) {
    return mode == HostAccess.Mode.EXPLICIT ? "under leases" : "by plain stores";
  }

  private void addLoops() {
    for (TransparentLoop.Loop loop : TransparentLoop.Loop.values()) {
      String what = loop == TransparentLoop.Loop.SUM ? "summing longs" : "adding to floats";
      addInTurn("loop over resident pages, " + what + ", 16 MiB", TransparentLoop.class,
          inTurns(Map.of("loop", loop.name())), new Goal.Rate(0.98));
    }
  }

  private void addFirstWrite(int rangeMib) {
    add("first write to a clean page of " + rangeMib + " MiB, beside one to a written page", FirstWrite.class, "again",
        Map.of("rangeMib", "" + rangeMib), new Goal.Time(2_000));
  }

  private void addRelaunches(int rangeMib) {
    addRelaunch("reading all of", RelaunchUntouched.Use.IN, rangeMib, new Goal.Excess(20_000));
    addRelaunch("writing all of", RelaunchUntouched.Use.IN_OUT, rangeMib, new Goal.Excess(20_000));
    addRelaunch("writing a part each of", RelaunchUntouched.Use.IN_OUT_PARTS, rangeMib, new Goal.None());
  }

  private void addRelaunch(String does, RelaunchUntouched.Use use, int rangeMib, Goal goal) {
    addInTurn("launch behind a busy kernel, " + does + " " + rangeMib + " MiB that the host left alone", RelaunchUntouched.class,
        behindBusy(Map.of("use", use.name(), "rangeMib", "" + rangeMib)), goal);
  }

  /** A smoke run is without warming up, as its launches take longer than the kernel that keeps the device busy. */
  private Map<String, String> behindBusy(Map<String, String> parameters) {
    return with(parameters, "warmMillis", isQuick ? "0" : LAUNCHES_WARM_MILLIS);
  }

  private Map<String, String> launched(Map<String, String> parameters) {
    return inTurns(with(parameters, "warmMillis", LAUNCHES_WARM_MILLIS));
  }

  /** Of what warms up with little and much data in turns, a smoke run does both once. */
  private Map<String, String> inTurns(Map<String, String> parameters) {
    return isQuick ? with(parameters, "warmMillis", "1") : parameters;
  }

  private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
    Map<String, String> all = new HashMap<>(parameters);
    all.put(name, value);
    return all;
  }

  private void addEmbeddedFaults(int paceMicros) {
    for (FaultLatency.Written written : FaultLatency.Written.values()) {
      String title = "fault on " + written(written) + " of the embedded device, "
          + (paceMicros == 0 ? "back to back" : "one in " + paceMicros + " µs");
      Side ours = new Side(FaultLatency.class, "samepage", faults("EMBEDDED", written, paceMicros));
      boolean hasGoal = paceMicros == 0 && written == FaultLatency.Written.PAGE;
      list.add(new Comparison(title, ours, Optional.empty(), hasGoal ? FAULT : new Goal.None()));
    }
  }

  private void addOpenClFaults() {
    for (FaultLatency.Written written : FaultLatency.Written.values()) {
      Goal goal = written == FaultLatency.Written.PAGE ? PAGE_FAULT : new Goal.None();
      add("fault on " + written(written) + " of OpenCL, back to back", FaultLatency.class, "lwjgl", faults("OPENCL", written, 0),
          goal);
    }
  }

  private static String written(FaultLatency.Written written) {
    return written == FaultLatency.Written.PAGE ? "a single page" : "a page of 64 KiB";
  }

  private static Map<String, String> faults(String source, FaultLatency.Written written, int paceMicros) {
    return Map.of("source", source, "written", written.name(), "paceMicros", "" + paceMicros);
  }

  private void addSweep(int sizeMib) {
    addInTurn("sweep over " + sizeMib + " MiB just written by a kernel", Sweep.class,
        inTurns(Map.of("sizeMib", "" + sizeMib)), new Goal.Rate(0.7));
  }

  private void addNetworks(int images, int layers) {
    for (HostAccess.Mode host : HostAccess.Mode.values()) {
      Map<String, String> parameters = inTurns(Map.of("host", host.name(), "images", "" + images, "layers", "" + layers));
      Side ours = new Side(NetworkOutsideKernels.class, "outsideKernels", parameters, "Samepage " + host(host));
      Side baseline = new Side(NetworkOutsideKernels.class, "outsideKernels", parameters, Peer.LWJGL.text())
          .inTurn(NetworkOutsideKernels.BY_HAND);
      list.add(new Comparison("network of " + layers + " layers outside kernels, " + host(host), ours, Optional.of(baseline),
          new Goal.None()));
    }
  }

  private void addStarPuLeases() {
    Side ours = new Side(ResidentLeases.class, "device", Map.of());
    list.add(new Comparison("device lease, nothing to move, beside StarPU's acquire and release", ours,
        Optional.of(new Side(StarPuLeases.class, "starPu", Map.of())), new Goal.None()));
  }

  private void addCounts(List<Integer> counts) {
    for (int ranges : counts) {
      addAlone(String.format(Locale.ROOT, "a page to the embedded device, one of %,d ranges", ranges), ManyRanges.class, "samepage",
          Map.of("ranges", "" + ranges));
    }
  }

  private void addThreads() {
    for (String threads : List.of("one", "two", "four", "eight")) {
      addAlone("a page to the embedded device, by " + threads + (threads.equals("one") ? " thread" : " threads"), ManyThreads.class,
          threads, Map.of());
    }
  }

  private void addAlone(String title, Class<?> benchmark, String method, Map<String, String> parameters) {
    list.add(new Comparison(title, new Side(benchmark, method, parameters), Optional.empty(), new Goal.None()));
  }

  private void add(String title, Class<?> benchmark, String baseline, Map<String, String> parameters, Goal goal) {
    Side ours = new Side(benchmark, "samepage", parameters);
    list.add(new Comparison(title, ours, Optional.of(new Side(benchmark, baseline, parameters)), goal));
  }

  private void addInTurn(String title, Class<? extends TimedState> benchmark, Map<String, String> parameters, Goal goal) {
    Side ours = new Side(benchmark, TimedState.METHOD, parameters);
    list.add(new Comparison(title, ours, Optional.of(ours.inTurn(TimedState.BASELINE)), goal));
  }

  private void addLease(String title, String method, Goal goal) {
    list.add(new Comparison(title, new Side(ResidentLeases.class, method, Map.of()), Optional.empty(), goal));
  }
}

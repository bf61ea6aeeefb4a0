package io.samepage.benchmarks;

import io.samepage.HostAccess;
import io.samepage.MemoryKind;
import io.samepage.benchmarks.cuda.CudaComparisons;
import io.samepage.benchmarks.cuda.ManagedRules;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.work.BenchmarkMemory;
import io.samepage.benchmarks.work.BulkToDevice;
import io.samepage.benchmarks.work.BulkToHost;
import io.samepage.benchmarks.work.FaultLatency;
import io.samepage.benchmarks.work.FirstWrite;
import io.samepage.benchmarks.work.LaunchSubmit;
import io.samepage.benchmarks.work.PipelineOutsideKernels;
import io.samepage.benchmarks.work.PipelineZeroCopy;
import io.samepage.benchmarks.work.RelaunchChanged;
import io.samepage.benchmarks.work.RelaunchUntouched;
import io.samepage.benchmarks.work.ResidentLeases;
import io.samepage.benchmarks.work.Scatter;
import io.samepage.benchmarks.work.ScatteredToDevice;
import io.samepage.benchmarks.work.ScatteredToHost;
import io.samepage.benchmarks.work.Sweep;
import io.samepage.benchmarks.work.TransparentLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All comparisons, in the order of the table. */
final class Comparisons {
  private static final Goal BULK = new Goal.Rate(0.95);
  private static final Goal SCATTERED = new Goal.Rate(0.70);
  private static final Goal LAUNCH = new Goal.Excess(3_000);
  private static final Goal FAULT = new Goal.Time(12_000);
  private static final Set<Class<?>> TOUCHING = Set.of(TransparentLoop.class, FirstWrite.class, RelaunchUntouched.class, FaultLatency.class,
      Sweep.class);
  private static final long PLENTY_BYTES = 6L << 30;
  private static final int SMALL_RANGE_MIB = 256;

  private final List<Comparison> list = new ArrayList<>();

  private Comparisons() {}

  /** What is measured on the device of the property, which is one of this back end: its rows are beside that back end's raw driver. */
  static List<Comparison> of(String backend, boolean isQuick) {
    return switch (backend) {
      case BenchmarkMemory.DEFAULT_DEVICE -> isQuick ? quick() : all();
      case CudaComparisons.BACKEND -> CudaComparisons.of(ManagedRules.ofDevice(), isQuick);
      default -> throw new IllegalArgumentException(
          "There is no raw driver to compare with: backend=" + backend + ". Choose a device of opencl or cuda.");
    };
  }

  static List<Comparison> all() {
    Comparisons all = new Comparisons();
    int rangeMib = Machine.memoryBytes() < PLENTY_BYTES ? SMALL_RANGE_MIB : 1024;
    List.of(2, 16, 256).forEach(all::addBulk);
    for (Scatter scatter : Scatter.values()) {
      all.addScattered(scatter, rangeMib);
    }
    all.addLeases();
    all.addLaunches(rangeMib);
    all.addChanges(rangeMib);
    all.addPipelines(512);
    all.addZeroCopyPipelines(512);
    all.addLoops();
    all.addFirstWrite(rangeMib);
    all.addRelaunches(rangeMib);
    List.of(0, 100, 1000).forEach(all::addEmbeddedFaults);
    all.addOpenClFaults();
    all.addSweep(256);
    return all.list;
  }

  /** Each benchmark once, small. */
  static List<Comparison> quick() {
    Comparisons quick = new Comparisons();
    quick.addBulk(2);
    quick.addScattered(Scatter.RANDOM, SMALL_RANGE_MIB);
    quick.addLeases();
    quick.addLaunches(SMALL_RANGE_MIB);
    quick.addChanges(SMALL_RANGE_MIB);
    quick.addPipelines(64);
    quick.addZeroCopyPipelines(64);
    quick.addLoops();
    quick.addFirstWrite(SMALL_RANGE_MIB);
    quick.addRelaunches(SMALL_RANGE_MIB);
    quick.addEmbeddedFaults(0);
    quick.addOpenClFaults();
    quick.addSweep(16);
    return quick.list;
  }

  /** Whether the host touches memory without leases, so that it can't be measured where the host's access is explicit. */
  static boolean isTouching(Comparison comparison) {
    Map<String, String> parameters = comparison.ours().parameters();
    return TOUCHING.contains(comparison.ours().benchmark()) || parameters.containsValue(LaunchSubmit.Data.SEGMENT.name())
        || parameters.containsValue(HostAccess.Mode.TRANSPARENT.name());
  }

  private void addBulk(int sizeMib) {
    Map<String, String> size = Map.of("sizeMib", "" + sizeMib);
    add("bulk to the device, " + sizeMib + " MiB", BulkToDevice.class, size, BULK);
    add("bulk to the host, " + sizeMib + " MiB", BulkToHost.class, size, BULK);
  }

  private void addScattered(Scatter scatter, int rangeMib) {
    String pages = "%,d %s of %d MiB".formatted(Scatter.PAGES, scatter == Scatter.RANDOM ? "random pages" : "pages, every 4th,", rangeMib);
    Map<String, String> toDevice = Map.of("scatter", scatter.name(), "rangeMib", "" + rangeMib);
    add(pages + " to the device", ScatteredToDevice.class, toDevice, SCATTERED);
    for (ScatteredToHost.Lease lease : ScatteredToHost.Lease.values()) {
      Map<String, String> toHost = Map.of("scatter", scatter.name(), "rangeMib", "" + rangeMib, "lease", lease.name());
      String leased = lease == ScatteredToHost.Lease.RANGE ? "range" : "pages";
      add(pages + " to the host, leasing the " + leased, ScatteredToHost.class, toHost, SCATTERED);
    }
  }

  private void addLeases() {
    addLease("device lease, nothing to move", "device", new Goal.Cost(100, 0));
    addLease("device lease, given to who may keep it", "deviceGivenAway", new Goal.None());
    addLease("host lease, confined, nothing to move", "hostConfined", new Goal.Cost(100, 0));
    addLease("host lease, confined, with its segment", "hostConfinedUsed", new Goal.None());
    addLease("host lease, shared, nothing to move", "hostShared", new Goal.None());
    addReaders("device leases of two threads beside those of one", "deviceByTwo", "device");
    addReaders("host leases of two threads beside those of one", "hostConfinedByTwo", "hostConfined");
  }

  private void addLaunches(int rangeMib) {
    addLaunch("reading a range of 64 KiB", LaunchSubmit.Data.RANGE, 64, false, LAUNCH);
    addLaunch("writing a range of 64 KiB", LaunchSubmit.Data.RANGE, 64, true, LAUNCH);
    addLaunch("writing the second half of 128 KiB", LaunchSubmit.Data.PART, 64, true, LAUNCH);
    addLaunch("writing a segment of " + rangeMib + " MiB", LaunchSubmit.Data.SEGMENT, rangeMib << 10, true, new Goal.None());
  }

  private void addLaunch(String does, LaunchSubmit.Data data, int sizeKib, boolean writes, Goal goal) {
    add("launch behind a busy kernel, " + does, LaunchSubmit.class,
        Map.of("data", data.name(), "sizeKib", "" + sizeKib, "writes", "" + writes), goal);
  }

  private void addChanges(int rangeMib) {
    for (HostAccess.Mode host : HostAccess.Mode.values()) {
      add("launch on " + rangeMib + " MiB of which 4 KiB changed, " + host(host), RelaunchChanged.class,
          Map.of("host", host.name(), "rangeMib", "" + rangeMib), new Goal.Rate(2));
    }
  }

  private void addPipelines(int size) {
    for (HostAccess.Mode host : HostAccess.Mode.values()) {
      add("pipeline of " + size + " × " + size + " outside kernels, " + host(host), PipelineOutsideKernels.class,
          Map.of("host", host.name(), "size", "" + size), new Goal.Rate(1 / 1.1));
    }
  }

  private void addZeroCopyPipelines(int size) {
    addZeroCopyPipeline(size, MemoryKind.COHERENT, HostAccess.Mode.EXPLICIT);
    addZeroCopyPipeline(size, MemoryKind.COHERENT, HostAccess.Mode.TRANSPARENT);
    addZeroCopyPipeline(size, MemoryKind.SVM, HostAccess.Mode.EXPLICIT);
  }

  private void addZeroCopyPipeline(int size, MemoryKind kind, HostAccess.Mode host) {
    String where = kind == MemoryKind.SVM ? "in shared virtual memory" : "in the host's pages";
    add("pipeline of " + size + " × " + size + " outside kernels, " + where + ", " + host(host), PipelineZeroCopy.class,
        Map.of("host", host.name(), "kind", kind.name(), "size", "" + size), new Goal.Rate(1 / 1.1));
  }

  private static String host(HostAccess.Mode mode) {
    return mode == HostAccess.Mode.EXPLICIT ? "under leases" : "by plain stores";
  }

  private void addLoops() {
    for (TransparentLoop.Loop loop : TransparentLoop.Loop.values()) {
      String what = loop == TransparentLoop.Loop.SUM ? "summing longs" : "adding to floats";
      add("loop over resident pages, " + what + ", 16 MiB", TransparentLoop.class, "plain", Map.of("loop", loop.name()),
          new Goal.Rate(0.98));
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
    add("launch behind a busy kernel, " + does + " " + rangeMib + " MiB that the host left alone", RelaunchUntouched.class,
        Map.of("use", use.name(), "rangeMib", "" + rangeMib), goal);
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
      add("fault on " + written(written) + " of OpenCL, back to back", FaultLatency.class, faults("OPENCL", written, 0), new Goal.None());
    }
  }

  private static String written(FaultLatency.Written written) {
    return written == FaultLatency.Written.PAGE ? "a single page" : "a page of 64 KiB";
  }

  private static Map<String, String> faults(String source, FaultLatency.Written written, int paceMicros) {
    return Map.of("source", source, "written", written.name(), "paceMicros", "" + paceMicros);
  }

  private void addSweep(int sizeMib) {
    add("sweep over " + sizeMib + " MiB just written by a kernel", Sweep.class, Map.of("sizeMib", "" + sizeMib), new Goal.Rate(0.7));
  }

  private void add(String title, Class<?> benchmark, Map<String, String> parameters, Goal goal) {
    add(title, benchmark, "lwjgl", parameters, goal);
  }

  private void add(String title, Class<?> benchmark, String baseline, Map<String, String> parameters, Goal goal) {
    Side ours = new Side(benchmark, "samepage", parameters);
    list.add(new Comparison(title, ours, Optional.of(new Side(benchmark, baseline, parameters)), goal));
  }

  private void addReaders(String title, String two, String one) {
    Side baseline = new Side(ResidentLeases.class, one, Map.of());
    list.add(new Comparison(title, new Side(ResidentLeases.class, two, Map.of()), Optional.of(baseline), new Goal.Rate(1.6)));
  }

  private void addLease(String title, String method, Goal goal) {
    list.add(new Comparison(title, new Side(ResidentLeases.class, method, Map.of()), Optional.empty(), goal));
  }
}

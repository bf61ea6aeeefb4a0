package io.samepage.benchmarks.cuda;

import io.samepage.HostAccess;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.transfer.BulkToDevice;
import io.samepage.benchmarks.transfer.BulkToHost;
import io.samepage.benchmarks.turn.TimedState;
import io.samepage.benchmarks.work.FaultLatency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is compared on CUDA, in the order of the table. What the rules of managed memory refuse is a row that says why. */
public final class CudaComparisons {
  /** The back end whose devices these are for. */
  public static final String BACKEND = RawCuda.BACKEND;

  private static final Goal BULK = new Goal.Rate(0.90);
  private static final Goal BY_HAND = new Goal.Rate(1 / 1.1);
  private static final Goal MANAGED = new Goal.Rate(2);
  private static final Goal HINTED = new Goal.Rate(1);
  private static final String OURS = "samepage";
  private static final String JCUDA = "jcuda";
  private static final long PLENTY_BYTES = 6L << 30;

  private final ManagedRules rules;
  private final int warmMillis;
  private final int settlingRuns;
  private final List<Comparison> list = new ArrayList<>();

  private CudaComparisons(ManagedRules rules, int warmMillis, int settlingRuns) {
    this.rules = rules;
    this.warmMillis = warmMillis;
    this.settlingRuns = settlingRuns;
  }

  /**
   * Some or all of them.
   *
   * @param rules what may be measured in managed memory
   * @param isQuick each benchmark once, small
   * @return the rows
   */
  public static List<Comparison> of(ManagedRules rules, boolean isQuick) {
    return isQuick ? quick(rules) : all(rules);
  }

  /**
   * All of them.
   *
   * @param rules what may be measured in managed memory
   * @return the rows
   */
  public static List<Comparison> all(ManagedRules rules) {
    CudaComparisons all = new CudaComparisons(rules, 5_000, 8);
    List.of(2, 16, 256).forEach(all::addBulk);
    all.addScattered(Machine.memoryBytes() < PLENTY_BYTES ? 256 : 1024);
    all.addPipelines(512);
    all.addFaults(FaultLatency.Written.PAGE, "a single page");
    all.addFaults(FaultLatency.Written.UNIT, "a page of 64 KiB");
    return all.list;
  }

  /**
   * Each benchmark once, small.
   *
   * @param rules what may be measured in managed memory
   * @return the rows
   */
  public static List<Comparison> quick(ManagedRules rules) {
    CudaComparisons quick = new CudaComparisons(rules, 1, 1);
    quick.addBulk(2);
    quick.addScattered(64);
    quick.addPipelines(64);
    quick.addFaults(FaultLatency.Written.UNIT, "a page of 64 KiB");
    return quick.list;
  }

  private void addBulk(int sizeMib) {
    Map<String, String> size = Map.of("sizeMib", "" + sizeMib, "warmMillis", "" + warmMillis);
    add("bulk to the device, " + sizeMib + " MiB, beside a pinned copy", new Side(BulkToDevice.class, TimedState.METHOD, size),
        new Side(CudaBulk.class, "toDevice", size), BULK);
    add("bulk to the host, " + sizeMib + " MiB, beside a pinned copy", new Side(BulkToHost.class, TimedState.METHOD, size),
        new Side(CudaBulk.class, "toHost", size), BULK);
  }

  private void addScattered(int rangeMib) {
    String title = "a kernel on %d MiB of which %,d pages changed".formatted(rangeMib, DirtyPages.COUNT);
    Map<String, String> parameters = Map.of("rangeMib", "" + rangeMib, "warmMillis", "" + warmMillis);
    addAll(CudaScattered.class, title, parameters, " beside pinned copies of each page", CudaScattered.managedBytes(rangeMib));
  }

  private void addPipelines(int size) {
    Map<String, String> parameters = Map.of("size", "" + size, "warmMillis", "" + warmMillis, "settlingRuns", "" + settlingRuns);
    String title = "pipeline of " + size + " × " + size + " outside kernels";
    addAll(CudaPipeline.class, title, parameters, " beside JCuda with the fewest copies", CudaPipeline.managedBytes(size));
  }

  /** By hand both ways the host can go; managed memory is touched by plain stores, so it is beside ours by plain stores. */
  private void addAll(Class<?> benchmark, String title, Map<String, String> parameters, String byHand, long managedBytes) {
    Side jcuda = new Side(benchmark, JCUDA, parameters);
    add(title + ", under leases," + byHand, ours(benchmark, parameters, HostAccess.Mode.EXPLICIT), jcuda, BY_HAND);
    Side touching = ours(benchmark, parameters, HostAccess.Mode.TRANSPARENT);
    add(title + ", by plain stores," + byHand, touching, jcuda, BY_HAND);
    addManaged(title + ", by plain stores,", touching, benchmark, parameters, List.of(MANAGED, HINTED), managedBytes);
  }

  private static Side ours(Class<?> benchmark, Map<String, String> parameters, HostAccess.Mode host) {
    Map<String, String> all = new HashMap<>(parameters);
    all.put("host", host.name());
    return new Side(benchmark, OURS, all);
  }

  private void addFaults(FaultLatency.Written written, String page) {
    String title = "fault on " + page + " that the device wrote, back to back,";
    // The source is the device of the property.
    Side ours = new Side(FaultLatency.class, OURS,
        Map.of("source", FaultLatency.Source.OPENCL.name(), "written", written.name(), "paceMicros", "0"));
    add(title + " beside a blocking copy of a page", ours, new Side(CudaFaults.class, JCUDA, Map.of()), new Goal.None());
    addManaged(title, ours, CudaFaults.class, Map.of(), List.of(new Goal.None(), new Goal.None()), ManagedPages.TOTAL_BYTES);
  }

  /** Without hints and with them. */
  private void addManaged(String title, Side ours, Class<?> benchmark, Map<String, String> parameters, List<Goal> goals, long sizeBytes) {
    addManaged(title + " beside managed memory without hints", ours, new Side(benchmark, "managed", parameters), goals.getFirst(),
        rules.refusal(sizeBytes, false));
    addManaged(title + " beside managed memory with prefetches and advice", ours, new Side(benchmark, "managedHinted", parameters),
        goals.getLast(), rules.refusal(sizeBytes, true));
  }

  private void addManaged(String title, Side ours, Side managed, Goal goal, Optional<String> refusal) {
    if (refusal.isEmpty()) {
      add(title, ours, managed, goal);
    } else {
      list.add(new Comparison(title + ": not measured, " + refusal.get(), ours, Optional.empty(), new Goal.None(), command(ours)));
    }
  }

  private void add(String title, Side ours, Side baseline, Goal goal) {
    list.add(new Comparison(title, ours, Optional.of(baseline), goal, command(ours)));
  }

  private static String command(Side ours) {
    return "./bench --device cuda " + ours.benchmark().getSimpleName();
  }
}

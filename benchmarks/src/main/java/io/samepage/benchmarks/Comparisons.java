package io.samepage.benchmarks;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Machine;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.work.BulkToDevice;
import io.samepage.benchmarks.work.BulkToHost;
import io.samepage.benchmarks.work.ResidentLeases;
import io.samepage.benchmarks.work.Scatter;
import io.samepage.benchmarks.work.ScatteredToDevice;
import io.samepage.benchmarks.work.ScatteredToHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All comparisons, in the order of the table. */
final class Comparisons {
  private static final Goal BULK = new Goal.Rate(0.95);
  private static final Goal SCATTERED = new Goal.Rate(0.70);
  private static final long PLENTY_BYTES = 6L << 30;
  private static final int SMALL_RANGE_MIB = 256;

  private final List<Comparison> list = new ArrayList<>();

  private Comparisons() {}

  static List<Comparison> all() {
    Comparisons all = new Comparisons();
    List.of(2, 16, 256).forEach(all::addBulk);
    for (Scatter scatter : Scatter.values()) {
      all.addScattered(scatter, Machine.memoryBytes() < PLENTY_BYTES ? SMALL_RANGE_MIB : 1024);
    }
    all.addLeases();
    return all.list;
  }

  /** Each benchmark once, small. */
  static List<Comparison> quick() {
    Comparisons quick = new Comparisons();
    quick.addBulk(2);
    quick.addScattered(Scatter.RANDOM, SMALL_RANGE_MIB);
    quick.addLeases();
    return quick.list;
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
    addLease("host lease, confined, nothing to move", "hostConfined", new Goal.None());
    addLease("host lease, shared, nothing to move", "hostShared", new Goal.None());
  }

  private void add(String title, Class<?> benchmark, Map<String, String> parameters, Goal goal) {
    Side ours = new Side(benchmark, "samepage", parameters);
    list.add(new Comparison(title, ours, Optional.of(new Side(benchmark, "lwjgl", parameters)), goal));
  }

  private void addLease(String title, String method, Goal goal) {
    list.add(new Comparison(title, new Side(ResidentLeases.class, method, Map.of()), Optional.empty(), goal));
  }
}

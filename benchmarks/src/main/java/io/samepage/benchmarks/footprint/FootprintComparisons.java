package io.samepage.benchmarks.footprint;

import io.samepage.HostAccess;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of the table about what is counted. None has another side: what others need is known, or is what is asked of them. */
public final class FootprintComparisons {
  private static final Goal METADATA = new Goal.Amount(1, "bytes a page");
  private static final Goal TRAFFIC = new Goal.Amount(1.05, "× page × writes");
  private static final List<Integer> WRITES = List.of(1, 128, 16_384);

  private final List<Comparison> list = new ArrayList<>();

  private FootprintComparisons() {}

  /**
   * All of them.
   *
   * @param rangeMib the size of ranges
   * @return the comparisons in the order of the table
   */
  public static List<Comparison> all(int rangeMib) {
    return of(rangeMib, WRITES);
  }

  /**
   * Each benchmark, small.
   *
   * @param rangeMib the size of ranges
   * @return the comparisons
   */
  public static List<Comparison> quick(int rangeMib) {
    return of(rangeMib, WRITES.subList(0, 1));
  }

  private static List<Comparison> of(int rangeMib, List<Integer> writes) {
    FootprintComparisons comparisons = new FootprintComparisons();
    for (HostAccess.Mode host : HostAccess.Mode.values()) {
      comparisons.addMetadata(rangeMib, host);
      writes.forEach(count -> comparisons.addTraffic(rangeMib, count, host));
    }
    return comparisons.list;
  }

  private void addMetadata(int rangeMib, HostAccess.Mode host) {
    add("metadata of " + rangeMib + " MiB of mixed pages, " + host(host), MetadataBytes.class,
        Map.of("rangeMib", "" + rangeMib, "host", host.name()), METADATA);
  }

  private void addTraffic(int rangeMib, int writes, HostAccess.Mode host) {
    add("bytes moved after %,d scattered writes in %d MiB, %s".formatted(writes, rangeMib, host(host)), ScatteredTraffic.class,
        Map.of("rangeMib", "" + rangeMib, "writes", "" + writes, "host", host.name()), TRAFFIC);
  }

  private static String host(HostAccess.Mode mode) {
    return mode == HostAccess.Mode.EXPLICIT ? "under leases" : "by plain stores";
  }

  private void add(String title, Class<?> benchmark, Map<String, String> parameters, Goal goal) {
    list.add(new Comparison(title, new Side(benchmark, "samepage", parameters), Optional.empty(), goal));
  }
}

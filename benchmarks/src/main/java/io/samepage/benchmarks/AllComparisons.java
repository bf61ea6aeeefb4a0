package io.samepage.benchmarks;

import io.samepage.benchmarks.footprint.FootprintComparisons;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Machine;
import java.util.List;
import java.util.stream.Stream;

/** What is timed and what is counted, in the order of the table. */
final class AllComparisons {
  private static final long PLENTY_BYTES = 6L << 30;
  private static final int SMALL_RANGE_MIB = 256;
  private static final int RANGE_MIB = 1024;

  private AllComparisons() {}

  static List<Comparison> all() {
    int rangeMib = Machine.memoryBytes() < PLENTY_BYTES ? SMALL_RANGE_MIB : RANGE_MIB;
    return both(Comparisons.all(), FootprintComparisons.all(rangeMib));
  }

  /** Each benchmark once, small. */
  static List<Comparison> quick() {
    return both(Comparisons.quick(), FootprintComparisons.quick(SMALL_RANGE_MIB));
  }

  /** The titles of all rows that results may have on this machine. */
  static List<String> titles() {
    return both(all(), SizeComparisons.all()).stream().map(Comparison::title).toList();
  }

  private static List<Comparison> both(List<Comparison> first, List<Comparison> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

package io.samepage.benchmarks;

import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.cuda.CudaComparisons;
import io.samepage.benchmarks.cuda.ManagedRules;
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
  private static final int QUICK_RANGE_MIB = 16;

  private AllComparisons() {}

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
    int rangeMib = Machine.memoryBytes() < PLENTY_BYTES ? SMALL_RANGE_MIB : RANGE_MIB;
    return both(Comparisons.all(), FootprintComparisons.all(rangeMib));
  }

  /** Each benchmark once, small. */
  static List<Comparison> quick() {
    return both(Comparisons.quick(), FootprintComparisons.quick(QUICK_RANGE_MIB));
  }

  /** The titles of all rows that results may have on this machine, on the device of the property. */
  static List<String> titles(String backend) {
    return both(of(backend, false), both(SizeComparisons.all(), Comparisons.largerPipelines())).stream().map(Comparison::title).toList();
  }

  private static List<Comparison> both(List<Comparison> first, List<Comparison> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}

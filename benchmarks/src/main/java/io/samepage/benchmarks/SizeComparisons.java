package io.samepage.benchmarks;

import io.samepage.HostAccess;
import io.samepage.benchmarks.launch.RelaunchChanged;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.turn.TimedState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a changed page and a launch cost on ranges of all sizes, against copying them: measured on request, as the large ones take long. */
final class SizeComparisons {
  /** In MiB. */
  private static final List<Integer> SIZES = List.of(1, 8, 64, 512, 4096, 8192);
  /** What else needs memory. */
  private static final long OTHER_BYTES = 2L << 30;

  private SizeComparisons() {}

  static List<Comparison> all() {
    return SIZES.stream().map(SizeComparisons::comparison).toList();
  }

  /** Those that fit into memory: host and device each have the range, and on the CPU they share the machine's; the device in one buffer. */
  static List<Comparison> fitting(long memoryBytes, long largestBufferBytes) {
    return SIZES.stream().filter(sizeMib -> 2 * bytes(sizeMib) + OTHER_BYTES <= memoryBytes && bytes(sizeMib) <= largestBufferBytes)
        .map(SizeComparisons::comparison).toList();
  }

  private static long bytes(int sizeMib) {
    return (long) sizeMib << 20;
  }

  private static Comparison comparison(int sizeMib) {
    Map<String, String> parameters = Map.of("rangeMib", "" + sizeMib, "host", HostAccess.Mode.EXPLICIT.name(), "warmMillis",
        Comparisons.LAUNCHES_WARM_MILLIS);
    Side ours = new Side(RelaunchChanged.class, TimedState.METHOD, parameters);
    return new Comparison("a changed page and a launch on a range of " + sizeMib + " MiB",
        ours, Optional.of(ours.with(TimedState.IS_BASELINE, "true")), new Goal.None(), "./bench --sizes");
  }
}

package io.samepage.benchmarks;

import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Goal;
import io.samepage.benchmarks.result.Noise;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures every comparison once in each round, so that what disturbs the machine for a while disturbs few rounds of each. Behind the
 * first round, in each those that are compared or have a goal about time come before the others, in an order drawn by lot: where time
 * runs out, those that had a second round tell of the noise of all. The quickest wouldn't, which are the quietest. One that fails is left
 * out from then on, and the others are measured. What is beside ours without a goal comes behind what measures ours. For one thread.
 */
final class Rounds {
  /** The same lots each time: the same rows have more rounds. */
  private static final long SEED = 8;

  private final Plan plan;
  private final Meter meter;
  private final LongSupplier nanoTime;
  private final Consumer<String> progress;
  private final Map<Comparison, List<Round>> measured = new LinkedHashMap<>();
  private final Map<Comparison, Long> lastNanos = new LinkedHashMap<>();
  private final Map<Comparison, String> failures = new LinkedHashMap<>();
  private long startNanos;

  Rounds(Plan plan, Meter meter, LongSupplier nanoTime, Consumer<String> progress) {
    this.plan = plan;
    this.meter = meter;
    this.nanoTime = nanoTime;
    this.progress = progress;
  }

  void measure(List<Comparison> comparisons) throws IOException {
    startNanos = nanoTime.getAsLong();
    comparisons.forEach(comparison -> measured.put(comparison, new ArrayList<>()));
    measure(comparisons, 0, 1);
    List<Comparison> drawn = new ArrayList<>(comparisons);
    Collections.shuffle(drawn, new Random(SEED));
    drawn.sort(Comparator.comparing(Rounds::isForTheRecord).thenComparing(Rounds::sharesOurs));
    // A second round of all tells more of the run's noise than a third of some.
    measure(drawn, 1, plan.rounds());
  }

  /** What is beside ours without a goal is beside what was measured of ours last: in this round, not in the one before. */
  private static boolean sharesOurs(Comparison comparison) {
    return comparison.goal() instanceof Goal.None && !comparison.isInTurn();
  }

  /** What is counted, and not timed, hardly differs from round to round; nor has anybody to know it well what nothing is compared with. */
  private static boolean isForTheRecord(Comparison comparison) {
    return comparison.goal() instanceof Goal.Amount || comparison.goal() instanceof Goal.None && comparison.baseline().isEmpty();
  }

  private void measure(List<Comparison> comparisons, int from, int to) throws IOException {
    for (int round = from; round < Math.min(to, plan.rounds()); round++) {
      for (Comparison comparison : comparisons) {
        if (!failures.containsKey(comparison) && fits(comparison) && hasOurs(comparison, round)) {
          progress.accept("round %d of %d, %s: %s".formatted(round + 1, plan.rounds(), text(elapsed()), comparison.title()));
          measure(comparison, round % 2 == 0);
        }
      }
    }
  }

  /** Where there was no time to measure ours once more there is nothing of this round to be beside. */
  private boolean hasOurs(Comparison comparison, int round) {
    return round == 0 || !sharesOurs(comparison) || measured.keySet().stream()
        .filter(other -> other.ours().equals(comparison.ours()) && !sharesOurs(other) && !failures.containsKey(other))
        .allMatch(other -> measured.get(other).size() > round);
  }

  /** The first round is measured in any case, and the others while there is time for them. */
  private boolean fits(Comparison comparison) {
    Long last = lastNanos.get(comparison);
    return last == null || plan.limit().isEmpty() || elapsed().plusNanos(last).compareTo(plan.limit().get()) <= 0;
  }

  private void measure(Comparison comparison, boolean oursFirst) throws IOException {
    long start = nanoTime.getAsLong();
    try {
      measured.get(comparison).add(meter.measure(comparison, oursFirst));
      lastNanos.put(comparison, nanoTime.getAsLong() - start);
    } catch (RunnerException e) {
      failures.put(comparison, e.getMessage());
      progress.accept("failed: " + comparison.title() + ": " + e.getMessage());
    }
  }

  /** How long has been measured. */
  Duration elapsed() {
    return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
  }

  /** What was measured, without what failed; each row has what all of them tell of the run's noise. */
  List<Row> rows(String run) {
    List<Row> rows = measured.entrySet().stream().filter(entry -> !failures.containsKey(entry.getKey()))
        .map(entry -> Row.of(entry.getKey(), entry.getValue(), run)).toList();
    Optional<Noise> noise = Noise.of(rows);
    return rows.stream().map(row -> row.with(noise)).toList();
  }

  /** What failed, each with its reason. */
  List<String> failures() {
    return failures.entrySet().stream().map(entry -> entry.getKey().title() + ": " + entry.getValue()).toList();
  }

  /** How often was measured what was measured least often and most often. */
  String counts() {
    List<Integer> counts = measured.values().stream().map(List::size).filter(size -> size > 0).sorted().toList();
    if (counts.isEmpty()) {
      return "nothing was measured";
    }
    int least = counts.getFirst();
    int most = counts.getLast();
    return least == most ? least + " rounds of each" : least + " to " + most + " rounds of each";
  }

  static String text(Duration time) {
    return "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }
}

package io.samepage.benchmarks;

import io.samepage.benchmarks.base.BenchmarkMemory;
import io.samepage.benchmarks.footprint.Tallied;
import io.samepage.benchmarks.result.Buckets;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Score;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.turn.BesideCounts;
import io.samepage.benchmarks.work.FaultLatency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Measures by JMH, each side in a JVM of its own where the plan has forks; or both run by run in turn in one: others on the machine take
 * more from one side than the sides differ by, where each has minutes of its own.
 */
final class JmhMeter implements Meter {
  private static final String OPERATIONS = "countedOperations";
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final String IGNORE_LOCK = "jmh.ignoreLock";
  private static final double MEDIAN = 50;

  private final Plan plan;
  private final String device;

  JmhMeter(Plan plan, String device) {
    this.plan = plan;
    this.device = device;
    if (plan.forks() == 0) {
      // What others measure meanwhile may disturb figures that mean nothing.
      System.setProperty(IGNORE_LOCK, "true");
    }
  }

  @Override
  public Round measure(Comparison comparison, boolean oursFirst) throws RunnerException, IOException {
    if (comparison.baseline().isEmpty()) {
      return new Round(measure(comparison.ours()), Optional.empty());
    }
    Side other = comparison.baseline().get();
    if (other.beside().isPresent()) {
      return measureInTurn(comparison.ours(), other.beside().get());
    }
    if (oursFirst) {
      Score ours = measure(comparison.ours());
      return new Round(ours, Optional.of(measure(other)));
    }
    Score baseline = measure(other);
    return new Round(measure(comparison.ours()), Optional.of(baseline));
  }

  private Round measureInTurn(Side ours, String other) throws RunnerException, IOException {
    Path counts = Files.createTempFile("samepage-bench", ".counts");
    try {
      Score score = measure(ours.with(Plan.BESIDE, other).with("besideFile", counts.toString()));
      return new Round(score, Optional.of(counted(BesideCounts.read(counts))));
    } finally {
      Files.delete(counts);
    }
  }

  private Score measure(Side side) throws RunnerException, IOException {
    Path log = Files.createTempFile("samepage-bench", ".log");
    RunResult run;
    try {
      run = new Runner(options(side, log).build()).runSingle();
    } catch (RunnerException e) {
      throw new RunnerException(side + " failed: " + e.getMessage() + "; JMH's log is " + log, e);
    }
    Files.delete(log);
    return score(run);
  }

  private ChainedOptionsBuilder options(Side side, Path log) {
    ChainedOptionsBuilder options = new OptionsBuilder()
        .include("^" + Pattern.quote(side.benchmark().getName() + "." + side.method()) + "$")
        .forks(plan.forks()).warmupIterations(plan.warmups(side)).warmupTime(plan.time()).measurementIterations(plan.iterations(side))
        .measurementTime(plan.time(side)).timeUnit(TimeUnit.NANOSECONDS).addProfiler(GCProfiler.class).shouldFailOnError(true)
        .jvmArgsAppend(jvmArguments(side)).output(log.toString());
    side.parameters().forEach(options::param);
    return options;
  }

  /**
   * The heap has been touched before, as it has in a program that runs for a while: the first touch of each of its pages takes microseconds
   * on a virtual machine. Where memory is counted that would count too.
   */
  private String[] jvmArguments(Side side) {
    String deviceArgument = "-D" + BenchmarkMemory.DEVICE_PROPERTY + "=" + device;
    return plan.isCounted(side) ? new String[] {deviceArgument} : new String[] {deviceArgument, "-Xms1g", "-XX:+AlwaysPreTouch"};
  }

  private static Score score(RunResult run) {
    Map<String, Double> found = new HashMap<>();
    run.getSecondaryResults().forEach((name, result) -> found.put(name, result.getScore()));
    if (found.getOrDefault(OPERATIONS, 0.0) > 0) {
      return counted(found);
    }
    Optional<Double> amount = Tallied.amount(found);
    if (amount.isPresent()) {
      return score(run, found, amount.get(), Optional.empty());
    }
    // Where operations are sampled each is prepared, and JMH would count what that allocates too.
    return score(run, found, median(run), isSampled(run) ? Optional.empty() : Optional.ofNullable(found.get(ALLOCATION)));
  }

  private static Score score(RunResult run, Map<String, Double> found, double value, Optional<Double> allocatedBytes) {
    return new Score(value, allocatedBytes, Tallied.counts(found), histogram(run));
  }

  /** What a benchmark has counted by itself: sums by the names of their fields. */
  private static Score counted(Map<String, Double> sums) {
    double operations = sums.get(OPERATIONS);
    return new Score(sums.get("countedNanos") / operations, Optional.of(sums.get("countedBytes") / operations), Tallied.counts(sums),
        Map.of());
  }

  private static boolean isSampled(RunResult run) {
    return run.getParams().getMode() == Mode.SampleTime;
  }

  private static double median(RunResult run) {
    return run.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
  }

  /** Of the faults alone: of most others the middle one tells enough. */
  private static Map<Long, Long> histogram(RunResult run) {
    if (!isSampled(run) || !run.getParams().getBenchmark().startsWith(FaultLatency.class.getName() + ".")) {
      return Map.of();
    }
    Map<Long, Long> histogram = new TreeMap<>();
    run.getPrimaryResult().getStatistics().getRawData()
        .forEachRemaining(entry -> histogram.merge(Buckets.from(entry.getKey()), entry.getValue(), Long::sum));
    return histogram;
  }
}

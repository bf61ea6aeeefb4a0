package io.samepage.benchmarks;

import io.samepage.benchmarks.footprint.Tallied;
import io.samepage.benchmarks.result.Buckets;
import io.samepage.benchmarks.result.Comparison;
import io.samepage.benchmarks.result.Round;
import io.samepage.benchmarks.result.Score;
import io.samepage.benchmarks.result.Side;
import io.samepage.benchmarks.work.BenchmarkMemory;
import io.samepage.benchmarks.work.FaultLatency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** Measures by JMH, each side in a JVM of its own where the plan has forks. */
final class JmhMeter implements Meter {
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
    if (oursFirst) {
      Score ours = measure(comparison.ours());
      return new Round(ours, Optional.of(measure(other)));
    }
    Score baseline = measure(other);
    return new Round(measure(comparison.ours()), Optional.of(baseline));
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
    Optional<Double> operations = sum(run, "countedOperations").filter(count -> count > 0);
    if (operations.isPresent()) {
      double counted = sum(run, "countedNanos").orElseThrow() / operations.get();
      return score(run, counted > 0 ? counted : median(run), Optional.of(sum(run, "countedBytes").orElseThrow() / operations.get()));
    }
    Optional<Double> amount = Tallied.amount(run.getSecondaryResults());
    if (amount.isPresent()) {
      return score(run, amount.get(), Optional.empty());
    }
    // Where operations are sampled each is prepared, and JMH would count what that allocates too.
    return score(run, median(run), isSampled(run) ? Optional.empty() : sum(run, ALLOCATION));
  }

  private static Score score(RunResult run, double value, Optional<Double> allocatedBytes) {
    return new Score(value, allocatedBytes, Tallied.counts(run.getSecondaryResults()), histogram(run));
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

  /** What JMH has beside the time, by its name; what benchmarks count by the names of their fields. */
  private static Optional<Double> sum(RunResult run, String name) {
    return Optional.ofNullable(run.getSecondaryResults().get(name)).map(result -> result.getScore());
  }
}
